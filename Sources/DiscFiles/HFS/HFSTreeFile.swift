/// A B-tree of HFS or HFS Plus: a file of nodes, whose leaves are in the order of their keys.
///
/// Inside Macintosh: Files, 2-62; TN1150, “B-Trees”.
struct HFSTreeFile {
    /// The node's kinds that are met; TN1150, “Node Descriptor”.
    private static let leaf: UInt8 = 0xFF
    private static let index: UInt8 = 0
    /// Levels of a tree: HFS has at most 8.
    private static let greatestHeight = 16

    private let reader: any StructureBytes
    private let extents: [FileExtent]
    private let isPlus: Bool
    private let nodeSize: Int
    private let nodeCount: Int
    private let rootNode: Int

    /// Opens a tree by its header node.
    init(_ reader: any StructureBytes, _ extents: [FileExtent], isPlus: Bool) throws {
        self.reader = reader
        self.extents = extents
        self.isPlus = isPlus
        let header = try Self.bytes(reader, extents, at: 0, count: 512)
        let bytes = header.span
        nodeSize = Int(bytes.big16(32))
        rootNode = Int(bytes.big32(16))
        guard bytes.byte(8) == 1, nodeSize >= 512, nodeSize.nonzeroBitCount == 1 else {
            throw BrokenStructure("A B-tree of the HFS volume has no valid header.")
        }
        nodeCount = extents.reduce(0) { $0 + $1.length } / nodeSize
    }

    /// Goes through the leaves' records, from the last one before those that are wanted.
    ///
    /// - Parameters:
    ///   - order: Whether a key lies before what is wanted (negative), is it (0), or lies behind.
    ///   - take: Is given each record that is wanted: its node, and where its key and data begin.
    /// - Throws: ``BrokenStructure``, and what `take` throws.
    func visit(
        order: (_ node: Span<UInt8>, _ key: Int) -> Int,
        take: (_ node: [UInt8], _ key: Int, _ data: Int, _ end: Int) throws -> Void
    ) throws {
        guard rootNode > 0 else { return }
        var number = rootNode
        var node = try self.node(number)
        var height = 0
        while node.span.byte(8) == Self.index {
            height += 1
            guard height <= Self.greatestHeight else {
                throw BrokenStructure("A B-tree of the HFS volume is too high.")
            }
            var child: Int?
            for record in try records(node) {
                let isBefore = order(node.span, record.key) < 0
                if child != nil, !isBefore { break }
                child = Int(node.span.big32(record.data))
            }
            guard let child else { return }
            number = child
            node = try self.node(number)
        }
        var visited = 0
        while true {
            guard node.span.byte(8) == Self.leaf else {
                throw BrokenStructure("Node \(number) of an HFS B-tree is not a leaf.")
            }
            for record in try records(node) {
                let place = order(node.span, record.key)
                if place > 0 { return }
                if place == 0 { try take(node, record.key, record.data, record.end) }
            }
            number = Int(node.span.big32(0))
            visited += 1
            if number == 0 { return }
            guard visited <= nodeCount else {
                throw BrokenStructure("The leaves of an HFS B-tree go in a circle.")
            }
            node = try self.node(number)
        }
    }

    /// Where the records of a node are; a key begins with its length, and data at an even place.
    private func records(_ node: [UInt8]) throws -> [(key: Int, data: Int, end: Int)] {
        let bytes = node.span
        let count = Int(bytes.big16(10))
        let isIndex = bytes.byte(8) == Self.index
        var result: [(key: Int, data: Int, end: Int)] = []
        guard 14 + (count + 1) * 2 <= nodeSize else {
            throw BrokenStructure(
                "A node of an HFS B-tree has \(count) records, which is too many."
            )
        }
        for index in 0..<count {
            let start = Int(bytes.big16(nodeSize - 2 * (index + 1)))
            let end = Int(bytes.big16(nodeSize - 2 * (index + 2)))
            let keyLength = isPlus ? Int(bytes.big16(start)) + 2 : Int(bytes.byte(start)) + 1
            let data = (start + keyLength + 1) / 2 * 2
            guard start >= 14, data <= end, end <= nodeSize, !isIndex || data + 4 <= end else {
                throw BrokenStructure("A record of an HFS B-tree lies outside its node.")
            }
            result.append((start, data, end))
        }
        return result
    }

    private func node(_ number: Int) throws -> [UInt8] {
        guard number < nodeCount else {
            throw BrokenStructure("Node \(number) is named, but the HFS B-tree has \(nodeCount).")
        }
        return try Self.bytes(reader, extents, at: number * nodeSize, count: nodeSize)
    }

    private static func bytes(
        _ reader: any StructureBytes,
        _ extents: [FileExtent],
        at offset: Int,
        count: Int
    ) throws -> [UInt8] {
        var position = offset
        var result: [UInt8] = []
        for extent in extents where result.count < count {
            guard position < extent.length, let start = extent.offset else {
                position -= extent.length
                continue
            }
            let length = min(extent.length - position, count - result.count)
            result += try reader.structure(at: start + position, count: length)
            position = 0
        }
        guard result.count == count else {
            throw BrokenStructure("A B-tree of the HFS volume ends before it should.")
        }
        return result
    }
}
