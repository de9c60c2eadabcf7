import DiscFiles
import LibFUSE
import LinuxCalls
import Transfer

/// The files of a disc as they are on it, and the way to their bytes.
final class BaseFiles: Sendable {
    /// The bytes that are copied at once.
    private static let pieceSize = 1 << 20

    /// The files.
    let tree: MountTree
    /// The bytes of the disc.
    let byteCount: Int
    private let plain: FileRange?
    private let reader: ContentReader

    init(_ tree: MountTree, _ contents: MountedContents) {
        self.tree = tree
        plain = contents.plain
        reader = ContentReader(tree, contents)
        byteCount = max(0, contents.source.sectorCount ?? 0) * 2048
    }

    /// Answers a request for bytes: straight from the image's file if they lie there together, as they are.
    func answer(_ request: ReadRequest, at offset: Int, count: Int, of node: MountNode) {
        let size = node.attributes.size
        let wanted = offset >= 0 && offset < size ? min(count, size - offset) : 0
        guard wanted > 0 else { return request.answer([UInt8]().span) }
        if let place = place(of: offset..<(offset + wanted), in: node) {
            return request.answer(place.file, at: place.offset, count: wanted)
        }
        reader.serve(request, node, at: offset, count: wanted)
    }

    /// Reads bytes of a file, and waits for them.
    ///
    /// - Returns: The bytes, fewer at the file's end.
    /// - Throws: `EIO` if they can't be read.
    func bytes(of node: MountNode, at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        let size = node.attributes.size
        let wanted = offset >= 0 && offset < size ? min(count, size - offset) : 0
        return wanted > 0 ? try reader.bytes(of: node, at: offset, count: wanted) : []
    }

    /// Copies the first bytes of a file into an empty one, which gets holes for zeros.
    ///
    /// - Throws: The system's error, such as `ENOSPC`, or `EIO` if they can't be read.
    func copy(_ node: MountNode, count: Int, to file: File) throws(SystemError) {
        let count = min(count, node.attributes.size)
        var done = 0
        if count > 0, let place = place(of: 0..<count, in: node) {
            done = try file.copySparsely(place, to: 0)
        }
        while done < count {
            let bytes = try bytes(of: node, at: done, count: min(Self.pieceSize, count - done))
            guard !bytes.isEmpty else { throw .inputOutput("read") }
            try file.writeSparsely(bytes.span, at: done)
            done += bytes.count
        }
        try file.setSize(max(0, count))
    }

    /// Where bytes of a file lie in the image's file; `nil` if they lie apart, are packed, or are not all
    /// there.
    private func place(of bytes: Range<Int>, in node: MountNode) -> FileRange? {
        guard case .extents(let extents) = node.content, let plain else { return nil }
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
                return FileRange(plain.file, offset: place, count: bytes.count)
            }
            start = end
        }
        return nil
    }
}
