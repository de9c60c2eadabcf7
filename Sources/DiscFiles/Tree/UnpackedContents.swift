import LibCodecs

/// The bytes of a file that zisofs packed: blocks of zlib's, behind a header and a table of where they are
/// (doc/zisofs_format.txt and zisofs2_format.txt of libisofs).
public final class UnpackedContents: FileBytes {
    /// The unpacked size.
    public let count: Int
    private let packed: FileContents
    private let blockSize: Int
    /// Where the table of blocks begins, and the bytes of one of its pointers.
    private let table: (start: Int, width: Int)
    private let unpacker: Unpacker
    private var block: [UInt8] = []
    private var blockNumber: Int?

    /// The smallest and the largest block that is taken: those that zisofs (15 to 17) and zisofs2 (15 to
    /// 20) have, and some more.
    private static let blockSizes = 12...24

    /// Takes a file.
    ///
    /// - Parameters:
    ///   - packed: Its bytes as they are on the disc.
    ///   - size: The unpacked size that the directory tells.
    /// - Throws: ``BrokenContents`` if the header is none, or tells another size.
    public init(_ packed: FileContents, size: Int) throws {
        let header = try Self.bytes(of: packed, 0..<min(packed.count, 24))
        let isSecond = header.starts(with: [0xEF, 0x22, 0x55, 0xA1, 0xBC, 0x1B, 0x95, 0xA0])
        let isFirst = header.starts(with: [0x37, 0xE4, 0x53, 0x96, 0xC9, 0xDB, 0xD6, 0x07])
        guard isFirst && header.count >= 16 || isSecond && header.count >= 24 else {
            throw BrokenContents("its packed bytes do not begin as zisofs's do")
        }
        let told: UInt64
        let shift: Int
        if isFirst {
            told = Self.little(header[8..<12])
            table = (Int(header[12]) * 4, 4)
            shift = Int(header[13])
        } else {
            guard header[8] == 0, header[10] == 1 else {
                throw BrokenContents("it is packed in a way that is not known")
            }
            told = Self.little(header[16..<24])
            table = (Int(header[9]) * 4, 8)
            shift = Int(header[11])
        }
        guard Self.blockSizes.contains(shift), table.start >= (isFirst ? 16 : 24) else {
            throw BrokenContents("its packed bytes have a header that can't be right")
        }
        guard let told = Int(exactly: told), told == size else {
            throw BrokenContents("its packed bytes are of another size than the directory tells")
        }
        blockSize = 1 << shift
        // A file of a few bytes must not claim a size that nobody could write: each block has a pointer.
        let blocks = told / blockSize + (told % blockSize > 0 ? 1 : 0)
        let room = max(0, packed.count - table.start) / table.width
        guard blocks < room || blocks == 0 else {
            throw BrokenContents("its table of packed blocks is cut off")
        }
        count = told
        self.packed = packed
        unpacker = try Unpacker(.zlib)
    }

    /// Reads bytes; a read ends at the end of a packed block.
    public func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < count, target.count > 0 else { return 0 }
        let number = offset / blockSize
        if blockNumber != number {
            blockNumber = nil
            try load(number)
            blockNumber = number
        }
        let start = offset - number * blockSize
        let wanted = min(target.count, block.count - start)
        for i in 0..<wanted { target[i] = block[start + i] }
        return wanted
    }

    private func load(_ number: Int) throws {
        let size = min(blockSize, count - number * blockSize)
        let place = table.start + number * table.width
        let pointers = try Self.bytes(of: packed, place..<(place + 2 * table.width))
        let start = Self.little(pointers[..<table.width])
        let end = Self.little(pointers[table.width...])
        guard start <= end, end <= UInt64(packed.count), end - start <= UInt64(2 * blockSize + 64)
        else {
            throw BrokenContents("its packed block \(number) lies outside of it")
        }
        var unpacked = [UInt8](repeating: 0, count: size)
        if end > start {
            let bytes = try Self.bytes(of: packed, Int(start)..<Int(end))
            var span = unpacked.mutableSpan
            let got: Int
            do {
                got = try unpacker.block(bytes.span, into: &span)
            } catch {
                throw BrokenContents("its packed block \(number) can't be unpacked")
            }
            guard got == size else {
                throw BrokenContents("its packed block \(number) is too short")
            }
        }
        // A block of no bytes is one of zeros.
        block = unpacked
    }

    private static func bytes(of packed: FileContents, _ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < bytes.count {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(done...)
            let count = try packed.read(at: range.lowerBound + done, into: &part)
            guard count > 0 else { throw BrokenContents("its packed bytes end early") }
            done += count
        }
        return bytes
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
