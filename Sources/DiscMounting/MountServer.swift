public import LibFUSE
import LinuxCalls

/// Serves the files of a disc to the kernel.
public final class MountServer: FileServer {
    private let base: BaseFiles

    /// Serves a tree.
    ///
    /// - Parameters:
    ///   - tree: The files.
    ///   - contents: Where their bytes come from.
    public init(_ tree: MountTree, _ contents: MountedContents) {
        base = BaseFiles(tree, contents)
    }

    /// A day, for nothing ever changes.
    public var patience: Double { 86_400 }

    /// What `stat` tells of a file.
    public func attributes(of inode: UInt64) -> LibFUSE.FileAttributes? {
        base.tree.attributes(of: inode)
    }

    /// The number of the file with a name in a directory.
    public func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64? {
        base.tree.inode(named: name, in: directory)
    }

    /// Where a symlink leads.
    public func linkTarget(of inode: UInt64) -> [UInt8]? { base.tree.linkTarget(of: inode) }

    /// The directory above a directory.
    public func parent(of directory: UInt64) -> UInt64? { base.tree.parent(of: directory) }

    /// Tells the entries of a directory.
    public func list(
        _ directory: UInt64,
        after place: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64, _ place: Int) -> Bool
    ) {
        base.tree.list(directory, after: place, take)
    }

    /// How large the disc's data are, and how many files there are.
    public var statistics: FileSystemStatistics {
        FileSystemStatistics(bytes: base.byteCount, files: base.tree.count)
    }

    /// Reads bytes: straight from the image's file if they lie there together, as they are.
    public func read(_ request: ReadRequest, at offset: Int, count: Int, of inode: UInt64) {
        guard let node = base.tree.node(inode) else { return request.fail(.noSuchFile("read")) }
        base.answer(request, at: offset, count: count, of: node)
    }

    /// Reads bytes of a file as a program would get them.
    ///
    /// - Returns: The bytes, fewer at the file's end.
    /// - Throws: `SystemError` if they can't be read.
    package func bytes(of inode: UInt64, at offset: Int, count: Int) throws -> [UInt8] {
        guard let node = base.tree.node(inode) else { return [] }
        return try base.bytes(of: node, at: offset, count: count)
    }
}
