import LibCodecs
import LinuxCalls

/// Opens DAX images: blocks of 8192 bytes in zlib's frame, but for runs that are not packed.
enum DAXReader {
    /// Bytes of the header.
    static let headerSize = 32
    /// Bytes of an unpacked block.
    static let block = 8192
    /// The most runs that are not packed; the packers known make a few.
    private static let mostRuns = 65536

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let head = try file.head(headerSize)
        guard head.starts(with: Array("DAX\0".utf8)) else { return nil }
        let format = "a DAX image"
        let fields = BinaryFields(file.name, format, head)
        let size = try fields.u32(4, "the size of the data")
        let version = try fields.u32(8, "the version")
        let runs = try fields.u32(12, "the number of runs that are not packed")
        guard size > 0 else { throw fields.error("the size of the data", 4, "is 0") }
        guard version <= 1 else { throw fields.error("the version", 8, "is \(version)") }
        let isPlainKnown = version == 1
        guard !isPlainKnown || runs <= mostRuns else {
            throw fields.error("the number of runs that are not packed", 12, "is \(runs)")
        }
        let count = (size - 1) / block + 1
        let tables = headerSize + count * 6 + (isPlainKnown ? runs * 8 : 0)
        guard tables <= file.bytes.byteCount else {
            throw fields.error(
                "the size of the data",
                4,
                "is \(size): the tables of \(count) blocks would lie past the end of the file"
            )
        }
        let table = try BinaryFields(
            file.name,
            format,
            file.bytes.bytes(headerSize..<tables),
            origin: headerSize
        )
        var plain: [Range<Int>] = []
        if isPlainKnown {
            for i in 0..<runs {
                let at = count * 6 + i * 8
                let first = try table.u32(at, "a run that is not packed")
                let length = try table.u32(at + 4, "a run that is not packed")
                guard first + length <= count else {
                    throw table.error("a run that is not packed", at, "ends past the last block")
                }
                plain.append(first..<(first + length))
            }
        }
        let map = try DAXMap(file.bytes, table, size: size, plain: plain)
        return try Unpacked.open(
            file,
            BlockBytes(file.bytes, map),
            format: format,
            evidence: ["It begins with DAX: \(count) packed blocks of \(block) bytes."],
            warnings: warnings(file, end: map.end(ofFile: file.bytes.byteCount))
        )
    }
}

extension DAXReader {
    /// What is odd about the file's end.
    private static func warnings(_ file: ImageFile, end: Int) -> [String] {
        let behind = file.bytes.byteCount - end
        if behind == 0 { return [] }
        return [
            behind > 0
                ? "After the packed data lie \(behind) more bytes."
                : "\(file.name) is truncated: \(-behind) bytes are missing at its end."
        ]
    }
}

/// The blocks of a DAX image.
private final class DAXMap: BlockMap {
    let byteCount: Int
    private let base: any ByteSource
    private let table: BinaryFields
    /// Whether a block is not packed.
    private let isPlain: [Bool]
    private let count: Int
    private let unpacker: Unpacker

    init(_ base: any ByteSource, _ table: BinaryFields, size: Int, plain: [Range<Int>]) throws {
        byteCount = size
        self.base = base
        self.table = table
        count = (size - 1) / DAXReader.block + 1
        // Runs may overlap: those that begin and end at a block are counted.
        var steps = [Int](repeating: 0, count: count + 1)
        for run in plain {
            steps[run.lowerBound] += 1
            steps[run.upperBound] -= 1
        }
        var depth = 0
        isPlain = steps.dropLast().map { step in
            depth += step
            return depth > 0
        }
        unpacker = try Unpacker(.zlib)
    }

    func block(holding offset: Int) throws -> PackedBlock {
        let index = offset / DAXReader.block
        let start = index * DAXReader.block
        let range = start..<min(byteCount, start + DAXReader.block)
        guard isPlain[index], try plainCount(index, range) == nil else {
            return PackedBlock(range, .packed(index))
        }
        return PackedBlock(range, .plain(try place(of: index)))
    }

    private func place(of index: Int) throws -> Int {
        try table.u32(index * 4, "the place of block \(index)")
    }

    private func size(of index: Int) throws -> Int {
        try table.u16(count * 4 + index * 2, "the size of block \(index)")
    }

    /// How many bytes a block has that is not packed, where the next one begins too early; `nil` if it
    /// is whole.
    private func plainCount(_ index: Int, _ range: Range<Int>) throws -> Int? {
        guard index + 1 < count else { return nil }
        let room = try place(of: index + 1) - place(of: index)
        return (0..<range.count).contains(room) ? room : nil
    }

    /// Where the packed data end.
    ///
    /// - Parameter fileSize: The file's size: whether a last block that is not packed was filled up
    ///   shows there alone.
    /// - Returns: The byte behind them.
    /// - Throws: ``ImageFormatError`` where the table is cut off.
    func end(ofFile fileSize: Int) throws -> Int {
        var end = 0
        for index in 0..<count {
            let start = try place(of: index)
            guard isPlain[index] else {
                end = max(end, start + (try size(of: index)))
                continue
            }
            let least = start + min(DAXReader.block, byteCount - index * DAXReader.block)
            end = max(end, min(start + DAXReader.block, max(least, fileSize)))
        }
        return end
    }

    func unpack(_ packed: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        let index = packed.range.lowerBound / DAXReader.block
        let place = try place(of: index)
        if isPlain[index], let room = try plainCount(index, packed.range) {
            throw ImageFormatError(
                base.name,
                table.format,
                "block \(index)",
                at: place,
                "has \(room) bytes instead of \(packed.range.count)"
            )
        }
        let size = try size(of: index)
        let bytes = try base.bytes(place..<(place + size))
        var whole = [UInt8](repeating: 0, count: DAXReader.block)
        var span = whole.mutableSpan
        let got: Int
        do {
            got = try unpacker.block(bytes.span, into: &span)
        } catch {
            throw ImageFormatError(base.name, table.format, "block \(index)", at: place, "\(error)")
        }
        guard got >= buffer.count else {
            throw ImageFormatError(
                base.name,
                table.format,
                "block \(index)",
                at: place,
                "unpacks to \(got) bytes instead of \(buffer.count)"
            )
        }
        Bytes.copy(span.span.extracting(0..<buffer.count), to: &buffer)
    }
}
