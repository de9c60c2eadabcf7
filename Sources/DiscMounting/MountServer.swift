import DiscFiles
public import LibFUSE
import LinuxCalls
import Transfer

/// Serves the files of a disc to the kernel.
public final class MountServer: FileServer {
    private let tree: MountTree
    private let plain: FileRange?
    private let reader: ContentReader
    private let byteCount: Int

    /// Serves a tree.
    ///
    /// - Parameters:
    ///   - tree: The files.
    ///   - contents: Where their bytes come from.
    public init(_ tree: MountTree, _ contents: MountedContents) {
        self.tree = tree
        plain = contents.plain
        reader = ContentReader(tree, contents)
        byteCount = max(0, contents.source.sectorCount ?? 0) * 2048
    }

    /// What `stat` tells of a file.
    public func attributes(of inode: UInt64) -> LibFUSE.FileAttributes? {
        tree.attributes(of: inode)
    }

    /// The number of the file with a name in a directory.
    public func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64? {
        tree.inode(named: name, in: directory)
    }

    /// Where a symlink leads.
    public func linkTarget(of inode: UInt64) -> [UInt8]? { tree.linkTarget(of: inode) }

    /// The directory above a directory.
    public func parent(of directory: UInt64) -> UInt64? { tree.parent(of: directory) }

    /// Tells the entries of a directory.
    public func list(
        _ directory: UInt64,
        from first: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64) -> Bool
    ) {
        tree.list(directory, from: first, take)
    }

    /// How large the disc's data are, and how many files there are.
    public var statistics: FileSystemStatistics {
        FileSystemStatistics(bytes: byteCount, files: tree.count)
    }

    /// Reads bytes: straight from the image's file where they lie there together, as they are.
    public func read(_ request: ReadRequest, at offset: Int, count: Int, of inode: UInt64) {
        guard let node = tree.node(inode) else { return request.fail(.noSuchFile("read")) }
        let size = node.attributes.size
        let wanted = offset >= 0 && offset < size ? min(count, size - offset) : 0
        guard wanted > 0 else { return request.answer([UInt8]().span) }
        if case .extents(let range) = node.content, let plain,
            let place = place(of: offset..<(offset + wanted), in: range, of: plain)
        {
            return request.answer(plain.file, at: place, count: wanted)
        }
        reader.serve(request, node, at: offset, count: wanted)
    }

    /// Reads bytes of a file as a program would get them, while nothing is served.
    ///
    /// - Returns: The bytes, fewer at the file's end.
    /// - Throws: What the source throws.
    package func bytes(of inode: UInt64, at offset: Int, count: Int) throws -> [UInt8] {
        guard let node = tree.node(inode) else { return [] }
        let size = node.attributes.size
        let wanted = offset >= 0 && offset < size ? min(count, size - offset) : 0
        var bytes = [UInt8](repeating: 0, count: wanted)
        var span = bytes.mutableSpan
        try reader.read(node, at: offset, into: &span)
        return bytes
    }

    /// Where bytes of a file lie in the image's file; `nil` if they lie apart, or are not all there.
    private func place(of bytes: Range<Int>, in extents: Range<Int>, of plain: FileRange) -> Int? {
        var start = 0
        for extent in tree.extents[extents] {
            let (end, overflow) = start.addingReportingOverflow(extent.length)
            if overflow { return nil }
            if bytes.lowerBound < end {
                guard bytes.upperBound <= end, extent.interleave == nil,
                    let first = extent.offset, first >= 0,
                    first <= plain.count - (bytes.upperBound - start)
                else { return nil }
                let place = plain.offset + first + (bytes.lowerBound - start)
                // A file that was cut off meanwhile would look like the end of this one.
                guard let size = try? plain.file.status().size, place + bytes.count <= size else {
                    return nil
                }
                return place
            }
            start = end
        }
        return nil
    }
}
