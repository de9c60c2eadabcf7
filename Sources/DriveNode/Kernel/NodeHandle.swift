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
    /// The flags as they stand.
    var flags: OpenFlags
    /// Where the next read or write begins, in bytes.
    var offset = 0
    var readAhead = ReadAhead()
    var locks: [AdvisoryLock] = []
    /// The processes that have used it.
    var users: Set<Int32> = []

    init(socket: StreamSocket, flags: OpenFlags) {
        self.socket = socket
        self.flags = flags.subtracting(.ofOpeningAlone)
    }
}
