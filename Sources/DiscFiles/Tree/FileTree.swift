/// The files of a disc under one set of names, read as they are asked for.
///
/// What the disc says is bounded, not believed: a listing reads no more of the disc than the disc
/// has, and what is broken is told while the rest goes on. Used by one thread at a time.
public protocol FileTree: AnyObject {
    /// Whose names they are.
    var kind: FileTreeKind { get }

    /// The directory that holds all others; its name is that of the volume, or `/`.
    var root: FileEntry { get }

    /// What is in a directory.
    ///
    /// - Parameter directory: The root, or a directory that the tree has given.
    /// - Returns: The entries by name, without `.` and `..`, and what is broken.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    func entries(of directory: FileEntry) throws -> DirectoryListing

    /// The bytes of structures that the last call examined, some of them perhaps more than once.
    var examinedBytes: Int { get }

    /// The bytes of structures that a walk over the whole tree may examine before what it meets can
    /// only be the same ones again.
    var mostExamined: Int { get }
}
