/// Answers the kernel's questions about a file system that is only read and never changes.
///
/// The functions are called from several threads at once, and must not wait for anything slow;
/// ``read(_:at:count:of:)`` may hand its request to another thread.
public protocol FileServer: AnyObject, Sendable {
    /// What `stat` tells of a file; `nil` if there is none with the number.
    func attributes(of inode: UInt64) -> FileAttributes?

    /// The number of the file with a name in a directory; `nil` if there is none.
    func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64?

    /// Where a symlink leads; `nil` if the file is none.
    func linkTarget(of inode: UInt64) -> [UInt8]?

    /// The directory above a directory, which of the root is the root; `nil` if the file is no directory.
    func parent(of directory: UInt64) -> UInt64?

    /// Tells the entries of a directory, without `.` and `..`.
    ///
    /// - Parameters:
    ///   - directory: The directory.
    ///   - first: How many entries were told before.
    ///   - take: Is given each entry; it returns false if it has no room for it.
    func list(
        _ directory: UInt64,
        from first: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64) -> Bool
    )

    /// Reads bytes of a file, and answers the request, now or later.
    ///
    /// - Parameters:
    ///   - request: Is to be answered once.
    ///   - offset: The first byte.
    ///   - count: How many at most; fewer are given only at the file's end.
    ///   - inode: The file.
    func read(_ request: ReadRequest, at offset: Int, count: Int, of inode: UInt64)

    /// How large the file system is.
    var statistics: FileSystemStatistics { get }
}

/// What `statvfs` tells of a file system.
public struct FileSystemStatistics: Hashable, Sendable {
    /// All its bytes.
    public var bytes: Int
    /// The number of its files.
    public var files: Int

    /// Creates statistics.
    public init(bytes: Int, files: Int) {
        self.bytes = bytes
        self.files = files
    }
}
