/// Opens Apple's sparse images (UDSP): bands of one size that are there as far as something was
/// written, in the order in which it was.
enum SparseImage {
    private static let format = "an Apple sparse image"
    /// Bytes of the header and of each node of the index.
    private static let nodeSize = 4096
    /// Where the numbers of the bands begin in the header, and in the nodes behind it.
    private static let numbers = (header: 64, node: 56)
    /// No image has more bands: that is 8 TB in the usual ones of a MiB.
    private static let mostBands = 1 << 23

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let head = BinaryFields(file.name, format, try file.head(nodeSize), order: .big)
        guard head.slice(0, 4) == Array("sprs".utf8) else { return nil }
        let version = try head.u32(4, "the version")
        guard version == 3 else { throw head.error("the version", 4, "is \(version)") }
        let sectors = try head.u32(8, "the size of a band")
        guard sectors > 0, sectors <= 1 << 20 else {
            throw head.error("the size of a band", 8, "is \(sectors) sectors")
        }
        let all = try head.u64(28, "the number of sectors")
        let count = try all == 0 ? head.u32(16, "the number of sectors") : all
        let bands = count / sectors + (count % sectors == 0 ? 0 : 1)
        guard count > 0, count < 1 << 40, bands <= mostBands else {
            throw head.error("the number of sectors", all == 0 ? 16 : 28, "is \(count)")
        }
        let size = sectors * DMGTable.sector
        var places = [Int](repeating: 0, count: bands)
        var node = head
        var data = nodeSize
        var next = try head.u64(20, "the place of the next index")
        var first = numbers.header
        while true {
            for at in stride(from: first, to: node.count - 3, by: 4) {
                let number = try node.u32(at, "the number of a band")
                guard number <= bands else {
                    throw node.error("the number of a band", at, "is \(number) of \(bands)")
                }
                if number > 0, data < file.bytes.byteCount {
                    guard places[number - 1] == 0 else {
                        throw node.error("the number of a band", at, "is \(number) again")
                    }
                    places[number - 1] = data
                }
                data += size
            }
            guard next > 0 else { break }
            // A node lies behind those before it, so that there is no way round.
            guard next >= node.origin + nodeSize, next <= file.bytes.byteCount - nodeSize else {
                throw node.error(
                    "the place of the next index",
                    node.origin == 0 ? 20 : 12,
                    "is \(next)"
                )
            }
            node = BinaryFields(
                file.name,
                format,
                try file.bytes.bytes(next..<(next + nodeSize)),
                origin: next,
                order: .big
            )
            guard node.slice(0, 4) == Array("sprs".utf8) else {
                throw node.error("the mark of an index", 0, "is missing")
            }
            data = next + nodeSize
            next = try node.u64(12, "the place of the next index")
            first = numbers.node
        }
        let used = places.count { $0 > 0 }
        return try Unpacked.open(
            file,
            BlockBytes(file.bytes, Bands(places, size, count * DMGTable.sector)),
            format: format,
            evidence: [
                "It begins as Apple's sparse images do: \(used) of \(bands) bands are there."
            ]
        )
    }

    /// Where the bands lie.
    private final class Bands: BlockMap {
        let byteCount: Int
        private let places: [Int]
        private let size: Int

        init(_ places: [Int], _ size: Int, _ byteCount: Int) {
            self.places = places
            self.size = size
            self.byteCount = byteCount
        }

        func block(holding offset: Int) -> PackedBlock {
            let index = offset / size
            let range = (index * size)..<min(byteCount, (index + 1) * size)
            return PackedBlock(range, places[index] == 0 ? .zeros : .plain(places[index]))
        }

        func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) {}
    }
}
