import LibCodecs

/// Deflate (RFC 1951) as DAA images have it: what a block's two bits say may have been swapped.
final class DAADeflate {
    private let kinds: [Int]
    private let unpacker: Unpacker?

    /// Takes the two bits' values that mean stored, fixed codes, and codes of its own.
    init(_ kinds: [Int]) throws {
        self.kinds = kinds
        unpacker = kinds == [0, 1, 2] ? try Unpacker(.deflate) : nil
    }

    /// Unpacks a block.
    ///
    /// - Returns: How many bytes it held.
    /// - Throws: `CodecError` where it is damaged, or holds more than there is room for.
    func unpack(_ input: [UInt8], into output: inout MutableSpan<UInt8>) throws -> Int {
        if let unpacker { return try unpacker.block(input.span, into: &output) }
        var reader = Reader(bytes: input)
        var to = 0
        while true {
            let isLast = try reader.bits(1) == 1
            switch kinds.firstIndex(of: try reader.bits(2)) {
            case 0:
                to = try Self.stored(&reader, into: &output, to)
            case 1:
                to = try Self.coded(
                    &reader,
                    Code(
                        (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
                    ),
                    Code([Int](repeating: 5, count: 30)),
                    into: &output,
                    to
                )
            case 2:
                let (lengths, distances) = try Self.codes(&reader)
                to = try Self.coded(&reader, lengths, distances, into: &output, to)
            default:
                throw Self.damaged
            }
            if isLast { return to }
        }
    }

    private static let damaged = CodecError(.damaged, .deflate)

    /// Bits, the lowest of each byte first.
    private struct Reader {
        let bytes: [UInt8]
        /// The next bit.
        var at = 0

        mutating func bits(_ count: Int) throws -> Int {
            guard count <= bytes.count * 8 - at else { throw CodecError(.endsEarly, .deflate) }
            var value = 0
            for i in 0..<count {
                value |= Int(bytes[(at + i) >> 3] >> UInt8((at + i) & 7) & 1) << i
            }
            at += count
            return value
        }
    }

    /// A Huffman code: how many symbols there are of each length, and the symbols in order.
    private struct Code {
        private var counts = [Int](repeating: 0, count: 16)
        private var symbols: [Int] = []

        init(_ lengths: [Int]) {
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            for length in 1...15 {
                for (symbol, own) in lengths.enumerated() where own == length {
                    symbols.append(symbol)
                }
            }
        }

        /// Takes the next symbol.
        func symbol(_ reader: inout Reader) throws -> Int {
            var code = 0
            var first = 0
            var index = 0
            for length in 1...15 {
                code |= try reader.bits(1)
                let count = counts[length]
                guard code >= first else { break }
                if code - first < count { return symbols[index + code - first] }
                index += count
                first = (first + count) << 1
                code <<= 1
            }
            throw DAADeflate.damaged
        }
    }

    private static func stored(
        _ reader: inout Reader,
        into output: inout MutableSpan<UInt8>,
        _ to: Int
    ) throws -> Int {
        reader.at = (reader.at + 7) / 8 * 8
        let count = try reader.bits(16)
        guard try reader.bits(16) == count ^ 0xFFFF, count <= reader.bytes.count - reader.at / 8
        else { throw damaged }
        guard count <= output.count - to else { throw CodecError(.tooLong, .deflate) }
        let from = reader.at / 8
        for i in 0..<count { output[to + i] = reader.bytes[from + i] }
        reader.at += count * 8
        return to + count
    }

    /// Reads a block's own codes.
    private static func codes(_ reader: inout Reader) throws -> (Code, Code) {
        let lengthCount = try reader.bits(5) + 257
        let distanceCount = try reader.bits(5) + 1
        let orders = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var own = [Int](repeating: 0, count: 19)
        for i in 0..<(try reader.bits(4) + 4) { own[orders[i]] = try reader.bits(3) }
        let code = Code(own)
        var all: [Int] = []
        while all.count < lengthCount + distanceCount {
            let symbol = try code.symbol(&reader)
            switch symbol {
            case 16:
                guard let last = all.last else { throw damaged }
                all += [Int](repeating: last, count: try reader.bits(2) + 3)
            case 17: all += [Int](repeating: 0, count: try reader.bits(3) + 3)
            case 18: all += [Int](repeating: 0, count: try reader.bits(7) + 11)
            default: all.append(symbol)
            }
        }
        guard all.count == lengthCount + distanceCount else { throw damaged }
        return (Code(Array(all[..<lengthCount])), Code(Array(all[lengthCount...])))
    }

    private static func coded(
        _ reader: inout Reader,
        _ lengths: Code,
        _ distances: Code,
        into output: inout MutableSpan<UInt8>,
        _ start: Int
    ) throws -> Int {
        var to = start
        while true {
            let symbol = try lengths.symbol(&reader)
            if symbol == 256 { return to }
            if symbol < 256 {
                guard to < output.count else { throw CodecError(.tooLong, .deflate) }
                output[to] = UInt8(symbol)
                to += 1
                continue
            }
            guard symbol <= 285 else { throw damaged }
            let count = try value(symbol - 257, groups: 4, first: 3, &reader)
            let distance = try value(distances.symbol(&reader), groups: 2, first: 1, &reader)
            guard distance <= to else { throw damaged }
            guard count <= output.count - to else { throw CodecError(.tooLong, .deflate) }
            for i in to..<(to + count) { output[i] = output[i - distance] }
            to += count
        }
    }

    /// What a symbol of lengths or distances and the bits behind it stand for (RFC 1951, 3.2.5).
    private static func value(
        _ symbol: Int,
        groups: Int,
        first: Int,
        _ reader: inout Reader
    ) throws -> Int {
        if groups == 4, symbol == 28 { return 258 }
        guard symbol < 30 else { throw damaged }
        let bits = max(0, symbol / groups - 1)
        let base =
            symbol < 2 * groups
            ? symbol : (groups + symbol % groups) << bits
        return first + base + (try reader.bits(bits))
    }
}
