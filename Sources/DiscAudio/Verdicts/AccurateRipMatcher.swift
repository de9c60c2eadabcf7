import Reports

/// Holds a disc's sums against AccurateRip's.
struct AccurateRipMatcher {
    /// The sums of a track that the answer has.
    private struct Known {
        /// The rips with a sum, by sum.
        var rips: [UInt32: Int] = [:]
        /// The sums of sector 450.
        var frames: Set<UInt32> = []
    }

    /// The offsets, besides 0, at which tracks or their sector 450 match.
    private(set) var offsets: [Int: (tracks: Set<Int>, frames: Set<Int>)] = [:]
    /// The evidence, by track.
    private(set) var evidence: [[AudioReport.Evidence]]
    private let known: [Known]
    private let sums: AudioSums

    init(_ pressings: [AccurateRipAnswer.Pressing], _ toc: AudioTOC, _ sums: AudioSums) {
        self.sums = sums
        known = (0..<sums.count).map { track in
            var known = Known()
            guard let slot = toc.accurateRipSlot(track) else { return known }
            for pressing in pressings where pressing.slots.indices.contains(slot) {
                let slot = pressing.slots[slot]
                guard slot.isKnown else { continue }
                known.rips[slot.sum, default: 0] += slot.confidence
                if slot.frame450 != 0 { known.frames.insert(slot.frame450) }
            }
            return known
        }
        evidence = known.map { _ in [] }
        for track in known.indices where !known[track].rips.isEmpty {
            compare(track)
            search(track)
        }
    }

    /// The rips of a track, whatever sums they had.
    func rips(_ track: Int) -> Int { known[track].rips.values.reduce(0, +) }

    /// Whether a track has been found in the answer.
    private func isFound(_ track: Int) -> Bool { !evidence[track].isEmpty }

    /// Compares at offset 0.
    private mutating func compare(_ track: Int) {
        let own = [("v1", sums.accurateRip1(track)), ("v2", sums.accurateRip2(track))]
        add(track, own, at: 0)
    }

    private mutating func add(_ track: Int, _ own: [(String, UInt32?)], at offset: Int) {
        for (kind, sum) in own {
            guard let sum, let rips = known[track].rips[sum] else { continue }
            let isThere = evidence[track].contains { $0.kind == kind && $0.offset == offset }
            // Samples that add up to zero have the same sum at every offset.
            if isThere || evidence[track].count >= Self.mostEvidence { continue }
            evidence[track].append(
                AudioReport.Evidence(
                    database: AudioDatabases.accurateRipName,
                    kind: kind,
                    confidence: rips,
                    offset: offset
                )
            )
            if offset != 0 { offsets[offset, default: ([], [])].tracks.insert(track) }
        }
    }

    /// Looks for the first kind of sum, and for sector 450, at other offsets.
    private mutating func search(_ track: Int) {
        for offset in AudioExtent.offsets(within: AudioExtent.mostAccurateRipOffset).dropFirst() {
            if let sum = sums.accurateRip1(track, at: offset), known[track].rips[sum] != nil {
                add(track, [("v1", sum)], at: offset)
            }
            if let sum = sums.frame450(track, at: offset), known[track].frames.contains(sum) {
                offsets[offset, default: ([], [])].frames.insert(track)
            }
        }
    }

    /// The offsets at which the second kind of sum is worth a reading: some tracks are not found yet, and
    /// most others, or their sector 450, match there.
    var worthReading: [Int] {
        guard known.indices.contains(where: { !known[$0].rips.isEmpty && !isFound($0) }) else {
            return []
        }
        let votes = offsets.mapValues { $0.tracks.union($0.frames).count }
        return votes.sorted { ($1.value, abs($0.key)) < ($0.value, abs($1.key)) }
            .prefix(Self.mostReadings).map(\.key)
    }

    private static let mostReadings = 4
    private static let mostEvidence = 16

    /// Compares at the offsets that were read for.
    mutating func add(_ read: OffsetSummer) {
        for (index, offset) in read.offsets.enumerated() {
            for track in known.indices where !known[track].rips.isEmpty {
                guard let (v1, v2) = read.sums(track, index) else { continue }
                add(track, [("v1", v1), ("v2", v2)], at: offset)
            }
        }
    }
}
