import Reports

/// What of a disc the databases that match say something of, and what not.
///
/// A sum that matches at an offset is over samples that lie so much later. So it says something of others than the
/// track's own, and two tracks that match at different offsets leave samples between them of which nobody says
/// anything, or overlap.
struct Coverage {
    /// What they say nothing of: a phrase each, as they stand in a list.
    let phrases: [String]
    /// The sectors all of whose samples are those of others' rips, at their own place.
    let sectors: [Range<Int>]
    /// Those all of whose samples are, be it that others have them so many samples earlier or later.
    let matching: RangeSet<Int>
    /// The tracks that match at another offset than the one before.
    let seams: [AudioReport.Seam]

    init(_ toc: AudioTOC, _ tracks: [AudioReport.Track]) {
        let extent = AudioExtent(toc)
        let offsets = Self.offsets(tracks)
        let covered = Self.covered(extent, tracks, offsets) { _ in true }
        let own = Self.covered(extent, tracks, offsets) { $0 == 0 }
        var phrases: [String] = []
        var sectors: [Range<Int>] = []
        var matching = RangeSet<Int>()
        for (index, track) in tracks.enumerated() where offsets[index] != nil {
            let samples = extent.tracks[index].samples
            let all = RangeSet(samples)
            phrases += all.subtracting(covered).ranges.map { range in
                let count = Wording.counted(range.count, "sample")
                let place =
                    range.lowerBound == samples.lowerBound
                    ? "the first \(count)"
                    : range.upperBound == samples.upperBound
                        ? "the last \(count)"
                        : "\(count) from \(range.lowerBound - samples.lowerBound) on"
                return "\(place) of track \(track.number)"
            }
            func whole(_ covered: RangeSet<Int>) -> [Range<Int>] {
                let size = AudioTOC.samplesPerSector
                return all.intersection(covered).ranges.compactMap { range in
                    let first = (range.lowerBound - samples.lowerBound + size - 1) / size
                    let end = (range.upperBound - samples.lowerBound) / size
                    return first < end ? track.start + first..<track.start + end : nil
                }
            }
            sectors += whole(own)
            matching.formUnion(RangeSet(whole(covered)))
        }
        if toc.hiddenSectors > 0 {
            phrases.append("the \(Wording.sectors(toc.hiddenSectors)) before track 1")
        }
        let data = toc.tracks.filter { !$0.isAudio }.map(\.number)
        if !data.isEmpty { phrases.append("the data of track \(Wording.list(data))") }
        self.phrases = phrases
        self.sectors = sectors
        self.matching = matching
        seams = tracks.indices.dropFirst().compactMap { index in
            guard let before = offsets[index - 1], let offset = offsets[index], offset != before
            else { return nil }
            return AudioReport.Seam(track: tracks[index].number, samples: offset - before)
        }
    }

    /// The offset of each track that matches: one and the same for as many in a row as there can be, 0 before
    /// others.
    private static func offsets(_ tracks: [AudioReport.Track]) -> [Int?] {
        var offsets = [Int?](repeating: nil, count: tracks.count)
        var row: [Int] = []
        var common: Set<Int> = []
        func close() {
            let nearest = common.min { (abs($0), $0) < (abs($1), $1) }
            for index in row { offsets[index] = nearest }
            (row, common) = ([], [])
        }
        for (index, track) in tracks.enumerated()
        where track.verdict == .match || track.verdict == .matchShifted {
            let own = Set(track.evidence.map(\.offset))
            if !common.isDisjoint(with: own) {
                common.formIntersection(own)
            } else {
                close()
                common = own
            }
            row.append(index)
        }
        close()
        return offsets
    }

    /// The samples that sums are over which match at the tracks' offsets.
    private static func covered(
        _ extent: AudioExtent,
        _ tracks: [AudioReport.Track],
        _ offsets: [Int?],
        _ counts: (Int) -> Bool
    ) -> RangeSet<Int> {
        var covered = RangeSet<Int>()
        for (index, track) in tracks.enumerated() {
            guard let offset = offsets[index], counts(offset) else { continue }
            let place = extent.tracks[index]
            for evidence in track.evidence where evidence.offset == offset {
                let isAccurateRip = evidence.database == AudioDatabases.accurateRipName
                let range = isAccurateRip ? place.accurateRip : place.ctdb
                let shifted = range.lowerBound + offset..<range.upperBound + offset
                covered.insert(contentsOf: shifted.clamped(to: 0..<extent.count))
            }
        }
        return covered
    }
}
