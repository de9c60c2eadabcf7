public import LinuxCalls

/// Answers the kernel's questions about a file system.
///
/// The functions are called from several threads at once, and must not wait for anything slow;
/// ``read(_:at:count:of:)`` may hand its request to another thread.
public protocol FileServer: AnyObject, Sendable {
    /// Seconds for which the kernel may keep what it was told of names and attributes.
    var patience: Double { get }

    /// What `stat` tells of a file; `nil` if there is none with the number.
    func attributes(of inode: UInt64) -> FileAttributes?

    /// The number of the file with a name in a directory; `nil` if there is none.
    func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64?

    /// Where a symlink leads; `nil` if the file is none.
    func linkTarget(of inode: UInt64) -> [UInt8]?

    /// The directory above a directory, which of the root is the root; `nil` if the file is no directory.
    func parent(of directory: UInt64) -> UInt64?

    /// Tells the entries of a directory, without `.` and `..`, in the order of their places.
    ///
    /// - Parameters:
    ///   - directory: The directory.
    ///   - place: The place of the entry that was told last; 0 if none was.
    ///   - take: Is given each entry and its place, which is greater than 0; it returns false if it has no
    ///     room for it.
    func list(
        _ directory: UInt64,
        after place: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64, _ place: Int) -> Bool
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

    /// Notes that the kernel is about to be told a file's number, and knows it until it forgets it.
    func remember(_ inode: UInt64)

    /// Notes that the kernel forgets a file's number, as often as it was told it.
    func forget(_ inode: UInt64, count: UInt64)

    /// Puts in order what is kept: the file system is unmounted.
    func finish()
}

extension FileServer {
    /// Does nothing: the files are there as long as the file system is.
    public func remember(_ inode: UInt64) {}

    /// Does nothing: the files are there as long as the file system is.
    public func forget(_ inode: UInt64, count: UInt64) {}

    /// Does nothing: nothing is kept.
    public func finish() {}
}

/// Answers the kernel's questions about a file system that can be written to.
///
/// Permissions are checked by the kernel. Each function throws the error that the program gets.
public protocol WritableFileServer: FileServer {
    /// Makes a file, a directory or a symlink.
    ///
    /// - Parameters:
    ///   - file: What is made.
    ///   - name: Its name.
    ///   - directory: The directory that it is made in.
    ///   - user: The user and the group of the program that asks for it.
    /// - Returns: Its number.
    /// - Throws: The error for the program.
    func make(
        _ file: NewFile,
        named name: [UInt8],
        in directory: UInt64,
        by user: (owner: UInt32, group: UInt32)
    ) throws(SystemError) -> UInt64

    /// Gives a file a further name.
    func link(_ inode: UInt64, named name: [UInt8], in directory: UInt64) throws(SystemError)

    /// Takes a name away, and the file with its last name once the kernel forgets it.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - directory: The directory that has it.
    ///   - isDirectory: Whether the name is to be that of a directory, and not that of a file.
    /// - Throws: The error for the program.
    func remove(_ name: [UInt8], from directory: UInt64, isDirectory: Bool) throws(SystemError)

    /// Gives a file or a directory another name.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - directory: The directory that has it.
    ///   - newName: Its new name.
    ///   - newDirectory: The directory that will have it.
    ///   - manner: What becomes of a file that has the new name.
    /// - Throws: The error for the program.
    func move(
        _ name: [UInt8],
        from directory: UInt64,
        to newName: [UInt8],
        in newDirectory: UInt64,
        _ manner: MoveManner
    ) throws(SystemError)

    /// Changes what `stat` tells of a file.
    func change(_ change: AttributeChange, of inode: UInt64) throws(SystemError)

    /// Writes bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - offset: Where the first one goes.
    ///   - inode: The file.
    /// - Returns: How many were written; fewer than there are if there is no room for more.
    /// - Throws: The error for the program if none were.
    func write(_ bytes: Span<UInt8>, at offset: Int, to inode: UInt64) throws(SystemError) -> Int

    /// Waits until a file or a directory, as it is now, is on the storage.
    func synchronize(_ inode: UInt64) throws(SystemError)
}

/// A file that is to be made.
public enum NewFile: Hashable, Sendable {
    /// An empty file, with its permissions.
    case file(permissions: UInt32)
    /// An empty directory, with its permissions.
    case directory(permissions: UInt32)
    /// A symlink, with where it leads.
    case link(target: [UInt8])
}

/// What becomes of a file whose name another one is given.
public enum MoveManner: Hashable, Sendable {
    /// It is replaced.
    case replace
    /// It stays, and the move fails.
    case keep
    /// It gets the other one's name.
    case exchange
}

/// What is to be changed of a file's attributes; what is `nil` stays.
public struct AttributeChange: Hashable, Sendable {
    /// The permissions: the lowest twelve bits of the mode.
    public var permissions: UInt32?
    /// The owner's number.
    public var owner: UInt32?
    /// The group's number.
    public var group: UInt32?
    /// The size in bytes; what is new reads as zeros.
    public var size: Int?
    /// When it was read last.
    public var accessed: FileAttributes.Moment?
    /// When its bytes changed last.
    public var modified: FileAttributes.Moment?

    /// Creates a change of nothing.
    public init() {}
}

/// What `statvfs` tells of a file system.
public struct FileSystemStatistics: Hashable, Sendable {
    /// All its bytes, those that are free included.
    public var bytes: Int
    /// The bytes that can still be written.
    public var freeBytes: Int
    /// The number of its files.
    public var files: Int

    /// Creates statistics.
    public init(bytes: Int, freeBytes: Int = 0, files: Int) {
        self.bytes = bytes
        self.freeBytes = freeBytes
        self.files = files
    }
}
