import LinuxCalls

/// An open node: what Linux keeps in a `struct file`.
final class NodeHandle {
    /// A lock that is only advice, as `flock` and record locks are.
    struct AdvisoryLock {
        /// The process that holds a record lock; 0 where the handle itself holds the lock.
        var process: Int32
        var isExclusive: Bool
    }

    /// The connection whose end is the close of the node.
    let socket: StreamSocket
    /// The inode number of the connection's other end, by which /proc shows it; 0 is none.
    let inode: UInt32
    /// The flags as they stand.
    var flags: OpenFlags
    /// Whether the node was opened with O_EXCL.
    let isExclusive: Bool
    /// Where the next read or write begins, in bytes.
    var offset = 0
    var readAhead = ReadAhead()
    var locks: [AdvisoryLock] = []

    init(socket: StreamSocket, inode: UInt32 = 0, flags: OpenFlags) {
        self.socket = socket
        self.inode = inode
        self.flags = flags.subtracting(.ofOpeningAlone)
        isExclusive = flags.contains(.exclusive)
    }
}
