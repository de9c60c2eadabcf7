extension DiscLayout {
    /// No address of a disc reaches this one: four layers of BD have 62 million sectors.
    private static let farthest = 1 << 28
    /// No CD has so many sectors: 99:59:74 are the last time.
    private static let farthestOfCD = 100 * 60 * 75

    /// Whether the second session is where a GD-ROM has its second area, which goes farther than any
    /// CD.
    private var isGDROM: Bool {
        sessions.count > 1
            && sessions[1].tracks.first?.start.rawValue == CDGaps.highDensityArea
    }

    /// Checks that sessions and tracks follow one another as on a disc, and gives a CD's first
    /// tracks the pause that they always have.
    ///
    /// What an image's descriptor says goes through here before anything else uses it: behind it
    /// numbers are small and in order, and no sector belongs to two tracks. The pregap of a
    /// session's first track counts with the pause.
    ///
    /// - Throws: ``LayoutProblem`` that names the track.
    public func checked(isCD: Bool) throws(LayoutProblem) -> DiscLayout {
        guard !tracks.isEmpty else { throw LayoutProblem("the disc has no track") }
        var layout = self
        var number = 0
        var end = isCD ? -CDGaps.firstPause : 0
        let farthest =
            isGDROM && isCD
            ? CDGaps.endOfHighDensityArea : isCD ? Self.farthestOfCD : Self.farthest
        for s in layout.sessions.indices {
            layout.sessions[s].number = s + 1
            for t in layout.sessions[s].tracks.indices {
                var track = layout.sessions[s].tracks[t]
                guard track.number > number, track.number <= 99 || !isCD else {
                    throw LayoutProblem("track \(track.number) follows track \(number)")
                }
                number = track.number
                let start = track.start.rawValue
                guard start >= end, start < farthest, track.length >= 0,
                    track.length <= farthest - start
                else {
                    throw LayoutProblem(
                        "track \(number) can't have \(track.length) sectors from \(start) on"
                    )
                }
                guard track.pregap >= 0, track.pregap <= start - end else {
                    throw LayoutProblem(
                        "the pregap of track \(number), \(track.pregap) sectors, overlaps what is before it"
                    )
                }
                if isCD, t == 0 {
                    // All that comes before the first track is its index 0, and so is the pause
                    // that each later session begins with.
                    track.pregap =
                        s == 0
                        ? start - end : max(track.pregap, min(CDGaps.firstPause, start - end))
                }
                track.session = s + 1
                track.laterIndexes = Array(
                    track.laterIndexes.filter { $0 > track.start && $0 < track.end }.sorted()
                        .prefix(98)
                )
                end = track.end.rawValue
                layout.sessions[s].tracks[t] = track
            }
            guard !layout.sessions[s].tracks.isEmpty else {
                throw LayoutProblem("session \(s + 1) has no track")
            }
            let leadOut = layout.sessions[s].leadOut.rawValue
            guard leadOut >= end, leadOut <= farthest else {
                throw LayoutProblem(
                    "the lead-out of session \(s + 1), at sector \(leadOut), is not after its tracks"
                )
            }
            end = leadOut
        }
        return layout
    }
}
