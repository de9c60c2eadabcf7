import DiscModel

/// Writes a block of LZFSE: what ``LZFSEBlock`` reads.
enum LZFSEBlockEncoder {
    /// Makes a block with tables.
    ///
    /// There are blocks of plain bytes, too, but 7-Zip 26 never comes to the end of one. Bytes that
    /// don't get shorter make this one some hundred bytes longer than they are.
    ///
    /// - Parameters:
    ///   - size: How many bytes it unpacks to; at least 1.
    ///   - literals: The literals of the triples.
    ///   - triples: The steps that make it.
    /// - Returns: The block's bytes.
    static func block(_ size: Int, literals: [UInt8], triples: [LZFSETriple]) -> [UInt8] {
        // Literals are coded four at a time.
        let literals = literals + [UInt8](repeating: 0, count: (4 - literals.count % 4) % 4)
        // A distance that is the one before is written as 0.
        var last = 0
        let distances = triples.map { triple in
            defer { last = triple.distance }
            return triple.distance == last ? 0 : triple.distance
        }
        let alphabets = LZFSEAlphabet.all
        let kinds = alphabets[0..<3].map(\.bases)
        let values = [triples.map(\.run), triples.map(\.match), distances]
        let symbols = zip(values, kinds).map { values, bases in
            values.map { symbol($0, bases) }
        }
        let all = symbols + [literals.map(Int.init)]
        let frequencies = zip(alphabets, all).map { alphabet, symbols in
            var counts = [Int](repeating: 0, count: alphabet.extraBits.count)
            for symbol in symbols { counts[symbol] += 1 }
            return FSEEncoder.frequencies(of: counts, states: alphabet.states)
        }

        let coder = FSEEncoder(states: alphabets[3].states, frequencies: frequencies[3])
        var coders = [FSEEncoder](repeating: coder, count: 4)
        var plain = FSEWriter()
        for index in stride(from: literals.count - 1, through: 0, by: -1) {
            coders[index % 4].encode(Int(literals[index]), &plain)
        }
        let plainBits = plain.finish()

        // The decoder reads up to eight bytes before what it needs.
        var steps = FSEWriter(padding: 8)
        var parts = (0..<3).map {
            FSEEncoder(states: alphabets[$0].states, frequencies: frequencies[$0])
        }
        for index in stride(from: triples.count - 1, through: 0, by: -1) {
            for part in [2, 1, 0] {
                let symbol = symbols[part][index]
                steps.push(
                    values[part][index] - kinds[part][symbol],
                    alphabets[part].extraBits[symbol]
                )
                parts[part].encode(symbol, &steps)
            }
        }
        let stepBits = steps.finish()

        let table = frequencyTable(frequencies.flatMap { $0 })
        var record = BinaryRecord(.little)
        record.add("bvx2", 4)
        record.add(size, 4)
        record.add(
            literals.count | plain.bytes.count << 20 | triples.count << 40 | (plainBits + 7) << 60,
            8
        )
        record.add(
            (0..<4).reduce(0) { $0 | coders[$1].state << (10 * $1) }
                | steps.bytes.count << 40 | (stepBits + 7) << 60,
            8
        )
        record.add(
            (LZFSEBlock.headerSize + table.count)
                | (0..<3).reduce(0) { $0 | parts[$1].state << (32 + 10 * $1) },
            8
        )
        return record.bytes + table + plain.bytes + steps.bytes
    }

    /// The symbol of a value: the last one that begins with no more.
    private static func symbol(_ value: Int, _ bases: [Int]) -> Int {
        max(0, bases.firstIndexInOrder { $0 > value } - 1)
    }

    /// How many states each symbol has: small numbers take few bits.
    private static func frequencyTable(_ numbers: [Int]) -> [UInt8] {
        var bits = FSEWriter()
        for number in numbers {
            switch number {
            case 0...1: bits.push(number * 2, 2)
            case 2...3: bits.push((number - 2) * 4 + 1, 3)
            case 4...7: bits.push((number - 4) * 8 + 3, 5)
            case 8...23: bits.push((number - 8) << 4 | 7, 8)
            default: bits.push((number - 24) << 4 | 15, 14)
            }
        }
        _ = bits.finish()
        return bits.bytes
    }
}
