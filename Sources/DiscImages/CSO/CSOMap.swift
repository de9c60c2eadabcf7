import LibCodecs
import LinuxCalls

/// The blocks of a CSO or ZSO image, found by its index.
final class CSOMap: BlockMap {
    /// What an entry of the index says besides the place.
    enum Kind {
        /// The highest bit: not packed; else deflate.
        case version1
        /// The highest bit: LZ4; else deflate. As long as a block or longer: not packed.
        case version2
        /// The highest bit: not packed; else LZ4.
        case zso
    }

    /// Entries of the index that are kept.
    private static let page = 4096

    let byteCount: Int
    private let base: any ByteSource
    private let format: String
    private let block: Int
    private let shift: Int
    private let kind: Kind
    private let deflate: Unpacker
    private let lz4: Unpacker
    private var entries: [UInt8] = []
    private var firstEntry = 0

    init(
        _ base: any ByteSource,
        format: String,
        size: Int,
        block: Int,
        shift: Int,
        kind: Kind
    ) throws {
        byteCount = size
        self.base = base
        self.format = format
        self.block = block
        self.shift = shift
        self.kind = kind
        deflate = try Unpacker(.deflate)
        lz4 = try Unpacker(.lz4)
    }

    private func place(of index: Int) -> Int { CSOReader.headerSize + 4 * index }

    /// An entry of the index: where a block begins, and the highest bit.
    func entry(_ index: Int) throws -> (offset: Int, isMarked: Bool) {
        if index < firstEntry || (index - firstEntry) * 4 + 4 > entries.count {
            firstEntry = index
            let start = place(of: index)
            entries = try base.bytes(start..<(start + 4 * Self.page))
        }
        let at = (index - firstEntry) * 4
        guard at + 4 <= entries.count else {
            throw error(index, "lies past the end of the file")
        }
        var value = 0
        for i in 0..<4 { value |= Int(entries[at + i]) << (8 * i) }
        return ((value & 0x7FFF_FFFF) << shift, value >> 31 != 0)
    }

    private func error(_ index: Int, _ problem: String) -> ImageFormatError {
        ImageFormatError(
            base.name,
            format,
            "entry \(index) of the index",
            at: place(of: index),
            problem
        )
    }

    /// Where a block lies in the file.
    private func extent(_ index: Int) throws -> (range: Range<Int>, isMarked: Bool) {
        let this = try entry(index)
        let next = try entry(index + 1)
        guard this.offset <= next.offset else {
            throw error(index, "is \(this.offset), after the next one, \(next.offset)")
        }
        let first = place(of: (byteCount - 1) / block + 2)
        guard this.offset >= first else {
            throw error(index, "is \(this.offset), within the index")
        }
        return (this.offset..<next.offset, this.isMarked)
    }

    func block(holding offset: Int) throws -> PackedBlock {
        let index = offset / block
        let range = (index * block)..<min(byteCount, (index + 1) * block)
        do {
            let (place, isMarked) = try extent(index)
            // Of a block that is too short, what follows belongs to the next one.
            if isPlain(place, isMarked), place.count >= range.count {
                return PackedBlock(range, .plain(place.lowerBound))
            }
        } catch is ImageFormatError {
            // A wrong entry costs its block and no others; unpacking names it.
        }
        return PackedBlock(range, .packed(index))
    }

    private func isPlain(_ place: Range<Int>, _ isMarked: Bool) -> Bool {
        kind == .version2 ? place.count >= block : isMarked
    }

    /// Whether the last block can be had, wherever the index says that it ends.
    func isLastReadable() throws -> Bool {
        let packed = try block(holding: byteCount - 1)
        if case .plain(let place) = packed.content {
            return place + packed.range.count <= base.byteCount
        }
        var bytes = [UInt8](repeating: 0, count: packed.range.count)
        var span = bytes.mutableSpan
        do {
            try unpack(packed, into: &span)
        } catch is ImageFormatError {
            return false
        }
        return true
    }

    func unpack(_ packed: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        let index = packed.range.lowerBound / block
        let (place, isMarked) = try extent(index)
        guard !isPlain(place, isMarked) else {
            throw ImageFormatError(
                base.name,
                format,
                "block \(index)",
                at: place.lowerBound,
                "has \(place.count) bytes instead of \(packed.range.count)"
            )
        }
        // A packed block is shorter than a plain one, but for what fills it up.
        let most = block + block / 8 + (1 << min(shift, 16)) + 64
        let bytes = try base.bytes(place, limit: most)
        let unpacker = kind == .zso || (kind == .version2 && isMarked) ? lz4 : deflate
        let got: Int
        do {
            if buffer.count == block || unpacker.codec == .lz4 {
                got = try unpacker.block(bytes.span, into: &buffer)
            } else {
                // The last block may be filled up to a whole one.
                var whole = [UInt8](repeating: 0, count: block)
                var span = whole.mutableSpan
                got = min(try unpacker.block(bytes.span, into: &span), buffer.count)
                Bytes.copy(span.span.extracting(0..<got), to: &buffer)
            }
        } catch {
            throw ImageFormatError(
                base.name,
                format,
                "block \(index)",
                at: place.lowerBound,
                "\(error)"
            )
        }
        guard got == buffer.count else {
            throw ImageFormatError(
                base.name,
                format,
                "block \(index)",
                at: place.lowerBound,
                "unpacks to \(got) bytes instead of \(buffer.count)"
            )
        }
    }
}
