/// Packs bytes as LZFSE.
final class LZFSEPacker {
    /// The most that the decoder takes of each (Apple's library).
    private static let most = (literals: 40000, triples: 10000, distance: 262_139)
    private static let leastMatch = 4
    /// How far it looks for a better match.
    private static let tries = 24
    /// A match of this length is good enough.
    private static let goodMatch = 64
    private static let hashBits = 15

    private var heads = [Int32](repeating: -1, count: 1 << hashBits)
    private var links: [Int32] = []
    private var literals: [UInt8] = []
    private var triples: [LZFSETriple] = []
    /// The blocks so far, and the first byte that is in none of them.
    private var packed: [UInt8] = []
    private var start = 0

    /// Packs a block.
    ///
    /// - Returns: How many bytes it takes; `nil` if there is no room for it.
    func block(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        for i in heads.indices { heads[i] = -1 }
        links = [Int32](repeating: -1, count: input.count)
        literals.removeAll(keepingCapacity: true)
        triples.removeAll(keepingCapacity: true)
        packed.removeAll(keepingCapacity: true)
        start = 0
        var at = 0
        // The first byte that is in no triple yet.
        var plain = 0
        while at < input.count {
            var match = best(input, at)
            if let first = match, first.length < Self.goodMatch, at + 1 < input.count {
                note(input, at)
                if let next = best(input, at + 1), next.length > first.length + 1 {
                    at += 1
                    match = next
                }
            }
            guard let match else {
                note(input, at)
                at += 1
                continue
            }
            for i in at..<(at + match.length) { note(input, i) }
            add(input, plain..<at, match.length, match.distance)
            at += match.length
            plain = at
            if packed.count >= output.count { return nil }
        }
        add(input, plain..<input.count, 0, 0)
        flush(input.count)
        // The mark of the end.
        packed += Array("bvx$".utf8)
        guard packed.count <= output.count else { return nil }
        for i in packed.indices { output[i] = packed[i] }
        return packed.count
    }

    /// Ends a block.
    private func flush(_ end: Int) {
        guard start < end else { return }
        packed += LZFSEBlockEncoder.block(end - start, literals: literals, triples: triples)
        literals.removeAll(keepingCapacity: true)
        triples.removeAll(keepingCapacity: true)
        start = end
    }

    private func hash(_ input: Span<UInt8>, _ at: Int) -> Int? {
        guard at + Self.leastMatch <= input.count else { return nil }
        var word: UInt32 = 0
        for i in 0..<4 { word |= UInt32(input[at + i]) << UInt32(8 * i) }
        return Int((word &* 2_654_435_761) >> UInt32(32 - Self.hashBits))
    }

    /// Remembers a place, once.
    private func note(_ input: Span<UInt8>, _ at: Int) {
        guard let hash = hash(input, at), heads[hash] != Int32(at) else { return }
        links[at] = heads[hash]
        heads[hash] = Int32(at)
    }

    /// The longest match that is found for a place.
    private func best(_ input: Span<UInt8>, _ at: Int) -> (length: Int, distance: Int)? {
        guard let hash = hash(input, at) else { return nil }
        var place = Int(heads[hash])
        if place == at { place = Int(links[at]) }
        var best = (length: 0, distance: 0)
        var left = Self.tries
        while place >= 0, left > 0, at - place <= Self.most.distance {
            left -= 1
            if best.length == 0
                || at + best.length < input.count
                    && input[place + best.length] == input[at + best.length]
            {
                var length = 0
                while at + length < input.count, input[place + length] == input[at + length] {
                    length += 1
                }
                if length > best.length { best = (length, at - place) }
                if length >= Self.goodMatch { break }
            }
            place = Int(links[place])
        }
        return best.length >= Self.leastMatch ? best : nil
    }

    /// Adds literals and a match, in as many triples as they need.
    private func add(
        _ input: Span<UInt8>,
        _ plain: Range<Int>,
        _ length: Int,
        _ distance: Int
    ) {
        var from = plain.lowerBound
        var left = length
        while from < plain.upperBound || left > 0 {
            var run = min(plain.upperBound - from, LZFSETriple.most.run)
            let room = Self.most.literals - literals.count
            if triples.count == Self.most.triples || (run > 0 && room == 0) {
                flush(from + length - left)
                continue
            }
            run = min(run, room)
            for i in from..<(from + run) { literals.append(input[i]) }
            from += run
            let copied = from == plain.upperBound ? min(left, LZFSETriple.most.match) : 0
            // Without a match the distance means nothing, and must be none that is too far.
            let last = triples.last?.distance ?? 1
            triples.append(
                LZFSETriple(run: run, match: copied, distance: copied > 0 ? distance : last)
            )
            left -= copied
        }
    }
}
