/// A canonical Huffman code as CHD images have it: of the codes, the longest come first.
struct ChdHuffman {
    /// How long each symbol's code is; 0 for those that have none.
    let lengths: [Int]
    /// The longest that a code may be.
    let longest: Int
    /// Each symbol's code.
    let codes: [Int]
    /// For each number of `longest` bits the symbol that it begins with, and its code's length.
    private let table: [(symbol: Int, length: Int)]

    /// Makes the code of given lengths; `nil` if no code has them.
    init?(lengths: [Int], longest: Int) {
        var counts = [Int](repeating: 0, count: longest + 1)
        for length in lengths {
            guard (0...longest).contains(length) else { return nil }
            if length > 0 { counts[length] += 1 }
        }
        var next = [Int](repeating: 0, count: longest + 1)
        var start = 0
        for length in stride(from: longest, to: 0, by: -1) {
            next[length] = start
            let sum = start + counts[length]
            guard length == 1 || sum % 2 == 0 else { return nil }
            start = sum / 2
        }
        var codes = [Int](repeating: 0, count: lengths.count)
        var table = [(symbol: Int, length: Int)](repeating: (0, 0), count: 1 << longest)
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let code = next[length]
            next[length] += 1
            codes[symbol] = code
            let shift = longest - length
            guard (code + 1) << shift <= table.count else { return nil }
            for i in (code << shift)..<((code + 1) << shift) { table[i] = (symbol, length) }
        }
        self.lengths = lengths
        self.longest = longest
        self.codes = codes
        self.table = table
    }

    /// Reads a symbol; `nil` if the bits begin with no code.
    func read(_ bits: inout ChdBits) -> Int? {
        let (symbol, length) = table[bits.peek(longest)]
        guard length > 0 else { return nil }
        bits.skip(length)
        return symbol
    }

    // MARK: The code before what it codes

    private static func bitsOfLength(_ longest: Int) -> Int {
        longest >= 16 ? 5 : longest >= 8 ? 4 : 3
    }

    /// Reads a code's lengths, as a map has them: a 1 announces a run of three or more.
    static func readRuns(_ bits: inout ChdBits, symbols: Int, longest: Int) -> ChdHuffman? {
        let width = bitsOfLength(longest)
        var lengths: [Int] = []
        while lengths.count < symbols {
            var length = bits.read(width)
            var count = 1
            if length == 1 {
                length = bits.read(width)
                if length != 1 { count = bits.read(width) + 3 }
            }
            guard count <= symbols - lengths.count, !bits.isBehindEnd else { return nil }
            lengths += repeatElement(length, count: count)
        }
        return ChdHuffman(lengths: lengths, longest: longest)
    }

    /// Writes the lengths as ``readRuns(_:symbols:longest:)`` reads them.
    func writeRuns(_ bits: inout ChdBitWriter) {
        let width = Self.bitsOfLength(longest)
        var at = 0
        while at < lengths.count {
            let length = lengths[at]
            var count = 1
            while at + count < lengths.count, lengths[at + count] == length { count += 1 }
            at += count
            while count > 0 {
                if length == 1 {
                    bits.write(1, width)
                    bits.write(1, width)
                    count -= 1
                } else if count < 3 {
                    bits.write(length, width)
                    count -= 1
                } else {
                    let run = min(count, 3 + (1 << width) - 1)
                    bits.write(1, width)
                    bits.write(length, width)
                    bits.write(run - 3, width)
                    count -= run
                }
            }
        }
    }

    /// Reads a code's lengths, as a hunk has them: coded in turn by a small code of 24 symbols.
    static func readCoded(_ bits: inout ChdBits, symbols: Int, longest: Int) -> ChdHuffman? {
        var small = [Int](repeating: 0, count: 24)
        small[0] = bits.read(3)
        let start = bits.read(3) + 1
        for i in start..<24 {
            let length = bits.read(3)
            // 7 ends the list.
            if length == 7 { break }
            small[i] = length
        }
        guard let code = ChdHuffman(lengths: small, longest: 7) else { return nil }
        // The bits of a long run's length: as many as the longest run needs.
        let width = Int.bitWidth - (symbols - 9).leadingZeroBitCount
        var lengths: [Int] = []
        while lengths.count < symbols {
            guard let symbol = code.read(&bits), !bits.isBehindEnd else { return nil }
            if symbol > 0 {
                lengths.append(symbol - 1)
                continue
            }
            var count = bits.read(3) + 2
            if count == 9 { count += bits.read(width) }
            count = min(count, symbols - lengths.count)
            lengths += repeatElement(lengths.last ?? 0, count: count)
        }
        return ChdHuffman(lengths: lengths, longest: longest)
    }

    // MARK: A code for what there is

    /// The code that takes the fewest bits of all that are not longer than allowed; `nil` if
    /// there is no symbol.
    ///
    /// - Parameters:
    ///   - counts: How often each symbol comes.
    ///   - longest: The longest that a code may be; there is room for all symbols.
    init?(counts: [Int], longest: Int) {
        var weights = counts
        while true {
            guard let lengths = Self.lengths(weights) else { return nil }
            if lengths.allSatisfy({ $0 <= longest }) {
                self.init(lengths: lengths, longest: longest)
                return
            }
            // Flatter, until it fits.
            weights = weights.map { $0 == 0 ? 0 : $0 / 2 + 1 }
        }
    }

    private static func lengths(_ weights: [Int]) -> [Int]? {
        var trees = weights.enumerated().filter { $0.element > 0 }.map {
            (weight: $0.element, symbols: [$0.offset])
        }
        guard !trees.isEmpty else { return nil }
        var lengths = [Int](repeating: 0, count: weights.count)
        if trees.count == 1 { lengths[trees[0].symbols[0]] = 1 }
        while trees.count > 1 {
            trees.sort { ($0.weight, $0.symbols.count) > ($1.weight, $1.symbols.count) }
            let (a, b) = (trees.removeLast(), trees.removeLast())
            for symbol in a.symbols + b.symbols { lengths[symbol] += 1 }
            trees.append((a.weight + b.weight, a.symbols + b.symbols))
        }
        return lengths
    }
}
