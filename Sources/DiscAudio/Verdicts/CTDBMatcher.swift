import Reports

/// Holds a disc's sums against those of the CUETools Database.
struct CTDBMatcher {
    /// The evidence, by track.
    private(set) var evidence: [[AudioReport.Evidence]]
    /// The rips with other sums, by track.
    private(set) var against: [Int]
    /// The entries that some tracks match, and that the disc as a whole does not, each with its offset.
    private(set) var partial: [(entry: CTDBAnswer.Entry, offset: Int)] = []
    /// The entries that the disc does not match at all.
    private(set) var others: [CTDBAnswer.Entry] = []
    /// Whether the disc is, as a whole, one that it has.
    private(set) var isWhole = false
    private let sums: AudioSums

    /// Compares.
    ///
    /// - Parameters:
    ///   - all: The entries; those that nobody's rip confirms say nothing of the disc.
    ///   - sums: The disc's sums.
    init(_ all: [CTDBAnswer.Entry], _ sums: AudioSums) {
        self.sums = sums
        let entries = all.filter { $0.confidence > 0 }
        others = all.filter { $0.confidence <= 0 }
        evidence = (0..<sums.count).map { _ in [] }
        against = Array(repeating: 0, count: sums.count)
        let whole = sums.ctdbOffsets(of: Set(entries.map(\.crc32)), track: nil)
        let rest = entries.filter { whole[$0.crc32] == nil }
        let parts = Self.tracks(rest, sums)
        for entry in entries {
            if let offset = whole[entry.crc32] {
                isWhole = true
                for track in evidence.indices where sums.isInCTDB(track) {
                    add(entry, track, offset)
                }
            } else {
                compare(entry, parts)
            }
        }
    }

    /// Where the tracks of entries match that don't match as a whole.
    private static func tracks(_ entries: [CTDBAnswer.Entry], _ sums: AudioSums)
        -> [[UInt32: Int]]
    {
        (0..<sums.count).map { track in
            let wanted = entries.compactMap { entry in
                entry.trackCRCs?.count == sums.count ? entry.trackCRCs?[track] : nil
            }
            return sums.ctdbOffsets(of: Set(wanted), track: track)
        }
    }

    private mutating func compare(_ entry: CTDBAnswer.Entry, _ parts: [[UInt32: Int]]) {
        var matching: [Int: Int] = [:]
        for track in evidence.indices where sums.isInCTDB(track) {
            guard let known = entry.trackCRCs, known.count == evidence.count,
                let offset = parts[track][known[track]]
            else {
                against[track] += entry.confidence
                continue
            }
            add(entry, track, offset)
            matching[offset, default: 0] += 1
        }
        // Silent tracks match at many offsets; most tracks decide.
        if let best = matching.max(by: { ($0.value, -abs($0.key)) < ($1.value, -abs($1.key)) }) {
            partial.append((entry, best.key))
        } else {
            others.append(entry)
        }
    }

    private mutating func add(_ entry: CTDBAnswer.Entry, _ track: Int, _ offset: Int) {
        if let index = evidence[track].firstIndex(where: { $0.offset == offset }) {
            evidence[track][index].confidence += entry.confidence
        } else {
            evidence[track].append(
                AudioReport.Evidence(
                    database: AudioDatabases.ctdbName,
                    kind: "crc32",
                    confidence: entry.confidence,
                    offset: offset
                )
            )
        }
    }
}
