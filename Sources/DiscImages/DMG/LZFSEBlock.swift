import LinuxCalls

/// A block of LZFSE with tables: its header, which says where what lies.
///
/// Literals come first, then the triples of a number of literals, a length and a distance; both are
/// read from their end on.
struct LZFSEBlock {
    /// Bytes of the header before the tables.
    static let headerSize = 32
    /// The most literals and triples of a block that encoders make.
    private static let most = (literals: 40000, triples: 10000)

    /// The byte behind the block.
    let end: Int
    private let start: Int
    private let literalsEnd: Int
    private let literalCount: Int
    private let tripleCount: Int
    private let literalBits: Int
    private let tripleBits: Int
    private let literalStates: [Int]
    private let tripleStates: [Int]
    private let tables: [[FSETable.Entry]]

    /// Reads a header.
    ///
    /// - Returns: `nil` if it is damaged.
    init?(_ input: Span<UInt8>, at start: Int) {
        guard start + Self.headerSize <= input.count else { return nil }
        var words: [UInt64] = []
        for word in 0..<3 {
            var value: UInt64 = 0
            for i in 0..<8 {
                value |= UInt64(input[start + 8 + word * 8 + i]) << UInt64(8 * i)
            }
            words.append(value)
        }
        func field(_ word: Int, _ at: UInt64, _ count: UInt64) -> Int {
            Int(words[word] >> at & (1 << count - 1))
        }
        literalCount = field(0, 0, 20)
        let literalBytes = field(0, 20, 20)
        tripleCount = field(0, 40, 20)
        literalBits = field(0, 60, 3) - 7
        literalStates = (0..<4).map { field(1, UInt64($0) * 10, 10) }
        let tripleBytes = field(1, 40, 20)
        tripleBits = field(1, 60, 3) - 7
        let headerSize = field(2, 0, 32)
        tripleStates = (0..<3).map { field(2, 32 + UInt64($0) * 10, 10) }
        guard literalCount <= Self.most.literals, tripleCount <= Self.most.triples,
            literalCount % 4 == 0, headerSize >= Self.headerSize,
            headerSize <= input.count - start,
            literalBytes + tripleBytes <= input.count - start - headerSize
        else { return nil }
        self.start = start
        literalsEnd = start + headerSize + literalBytes
        end = literalsEnd + tripleBytes
        let alphabets = LZFSEAlphabet.all
        guard
            let counts = Self.frequencies(
                input.extracting((start + Self.headerSize)..<(start + headerSize)),
                count: alphabets.reduce(0) { $0 + $1.extraBits.count }
            )
        else { return nil }
        var tables: [[FSETable.Entry]] = []
        var next = 0
        for alphabet in alphabets {
            let symbols = alphabet.extraBits.count
            guard
                let table = FSETable.entries(
                    states: alphabet.states,
                    frequencies: Array(counts[next..<(next + symbols)]),
                    extraBits: alphabet.extraBits,
                    bases: alphabet.bases
                )
            else { return nil }
            tables.append(table)
            next += symbols
        }
        self.tables = tables
    }

    /// Reads how often symbols occur: small numbers take few bits.
    private static func frequencies(_ input: Span<UInt8>, count: Int) -> [Int]? {
        guard input.count > 0 else { return [Int](repeating: 0, count: count) }
        var numbers: [Int] = []
        var bits = 0
        var held = 0
        var from = 0
        for _ in 0..<count {
            while held + 8 <= 32, from < input.count {
                bits |= Int(input[from]) << held
                held += 8
                from += 1
            }
            let (length, value): (Int, Int) =
                switch bits & 31 {
                case 0, 4, 8, 12, 16, 20, 24, 28: (2, 0)
                case 2, 6, 10, 14, 18, 22, 26, 30: (2, 1)
                case 1, 9, 17, 25: (3, 2)
                case 5, 13, 21, 29: (3, 3)
                case 3: (5, 4)
                case 11: (5, 5)
                case 19: (5, 6)
                case 27: (5, 7)
                case 7, 23: (8, 8 + bits >> 4 & 15)
                default: (14, 24 + bits >> 4 & 1023)
                }
            guard length <= held else { return nil }
            numbers.append(value)
            bits >>= length
            held -= length
        }
        return held < 8 && from == input.count ? numbers : nil
    }

    /// Unpacks the block, which fills a range of the output.
    ///
    /// - Returns: Whether it did just that.
    func unpack(
        _ input: Span<UInt8>,
        into output: inout MutableSpan<UInt8>,
        _ range: Range<Int>
    ) -> Bool {
        guard let literals = readLiterals(input) else { return false }
        guard var bits = FSEBits(input, from: start, to: end, count: tripleBits) else {
            return false
        }
        let (lengths, copies, distances) = (tables[0], tables[1], tables[2])
        let plainTable = lengths.span
        let copyTable = copies.span
        let distanceTable = distances.span
        var (first, second, third) = (tripleStates[0], tripleStates[1], tripleStates[2])
        guard first < plainTable.count, second < copyTable.count, third < distanceTable.count else {
            return false
        }
        var to = range.lowerBound
        var from = 0
        var distance = 0
        for _ in 0..<tripleCount {
            guard bits.refill(input) else { return false }
            let plain = Self.value(plainTable, &first, &bits)
            let copied = Self.value(copyTable, &second, &bits)
            let new = Self.value(distanceTable, &third, &bits)
            if new != 0 { distance = new }
            guard plain <= literals.count - from, plain + copied <= range.upperBound - to,
                distance > 0 || copied == 0, distance <= to + plain
            else { return false }
            Bytes.copy(literals.span.extracting(from..<(from + plain)), to: &output, at: to)
            from += plain
            to += plain
            Bytes.repeat(in: &output, to..<(to + copied), from: distance)
            to += copied
        }
        return to == range.upperBound
    }

    private func readLiterals(_ input: Span<UInt8>) -> [UInt8]? {
        guard literalCount > 0 else { return [] }
        guard var bits = FSEBits(input, from: start, to: literalsEnd, count: literalBits) else {
            return nil
        }
        let entries = tables[3]
        let table = entries.span
        for state in literalStates where state >= table.count { return nil }
        var (first, second) = (literalStates[0], literalStates[1])
        var (third, fourth) = (literalStates[2], literalStates[3])
        var literals = [UInt8](repeating: 0, count: literalCount)
        for i in stride(from: 0, to: literalCount, by: 4) {
            guard bits.refill(input) else { return nil }
            literals[i] = UInt8(truncatingIfNeeded: Self.value(table, &first, &bits))
            literals[i + 1] = UInt8(truncatingIfNeeded: Self.value(table, &second, &bits))
            literals[i + 2] = UInt8(truncatingIfNeeded: Self.value(table, &third, &bits))
            literals[i + 3] = UInt8(truncatingIfNeeded: Self.value(table, &fourth, &bits))
        }
        return literals
    }

    private static func value(
        _ table: Span<FSETable.Entry>,
        _ state: inout Int,
        _ bits: inout FSEBits
    ) -> Int {
        let entry = table[state]
        let valueBits = Int(entry.valueBits)
        let pulled = bits.pull(Int(entry.stateBits) + valueBits)
        // An entry never leads further than the table goes.
        state = min(table.count - 1, Int(entry.delta) + pulled &>> valueBits)
        return Int(entry.base) + pulled & (1 &<< valueBits &- 1)
    }
}
