import LinuxCalls
import SystemPackage

/// Who has the node open, as Linux knows it without asking the drive.
///
/// It is kept apart from the device, so that it can be told while the drive is at work.
struct NodeHolders {
    /// The connection of who opened the node with O_EXCL.
    private var claimant: StreamSocket?
    /// The inode numbers of the open nodes' sockets, by which /proc shows them.
    private var inodes: [ObjectIdentifier: UInt32] = [:]

    /// Claims the node, before it is opened (bd_prepare_to_claim of block/bdev.c).
    ///
    /// - Throws: EBUSY where another has claimed it. Who has closed it holds it no longer, even
    ///   where its connection's own thread is late.
    mutating func claim(for socket: StreamSocket) throws(Errno) {
        if let claimant, !claimant.hasHungUp { throw .busy }
        claimant = socket
    }

    /// The node has been opened.
    mutating func add(_ socket: StreamSocket, inode: UInt32) {
        inodes[ObjectIdentifier(socket)] = inode
    }

    /// The node has been closed, or could not be opened.
    mutating func remove(_ socket: StreamSocket) {
        if claimant === socket { claimant = nil }
        inodes[ObjectIdentifier(socket)] = nil
    }

    /// Whether a socket is an open node.
    func contains(inode: UInt32) -> Bool {
        inode != 0 && inodes.values.contains(inode)
    }
}
