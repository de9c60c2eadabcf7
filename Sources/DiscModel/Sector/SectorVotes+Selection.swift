extension SectorVotes {
    /// As many ways to choose are gone through.
    private static let mostSelections = 256

    /// Sectors of which each stretch that the reads don't agree on is as one of them has it.
    ///
    /// The stretches are as short as they can be without too many ways to choose: what the reads agree
    /// on between two of them is counted to both if it is short.
    func selections() -> [[UInt8]] {
        guard let first = reads.first, reads.count > 1 else { return [] }
        for gap in [1, 4, 24, 96, 400] {
            let stretches = stretches(joining: gap).map { ($0, alternatives(in: $0)) }
            let ways = stretches.reduce(1) { min($0 * $1.1.count, Self.mostSelections + 1) }
            guard ways <= Self.mostSelections else { continue }
            return stretches.reduce([first.bytes]) { sectors, stretch in
                sectors.flatMap { sector in
                    stretch.1.map { bytes in
                        var sector = sector
                        sector.replaceSubrange(stretch.0, with: bytes)
                        return sector
                    }
                }
            }
        }
        return []
    }

    /// The stretches in which the reads differ.
    private func stretches(joining gap: Int) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        for place in 0..<RawSector.size
        where reads.contains(where: { $0.bytes[place] != reads[0].bytes[place] }) {
            if let last = stretches.last, place - last.upperBound < gap {
                stretches[stretches.count - 1] = last.lowerBound..<(place + 1)
            } else {
                stretches.append(place..<(place + 1))
            }
        }
        return stretches
    }

    /// What the reads have in a stretch, the weightiest first.
    private func alternatives(in stretch: Range<Int>) -> [ArraySlice<UInt8>] {
        var weights: [ArraySlice<UInt8>: Int] = [:]
        for read in reads {
            weights[read.bytes[stretch], default: 0] += read.weights[stretch].reduce(0, +)
        }
        return weights.sorted { $0.value > $1.value }.map(\.key)
    }
}
