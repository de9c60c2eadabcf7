import Reports

/// What of a disc the databases that match say something of, and what not.
struct Coverage {
    /// What they say nothing of: a phrase each, as they stand in a list.
    let phrases: [String]
    /// The sectors all of whose samples are those of others' rips, at their own place.
    let sectors: [Range<Int>]

    init(_ toc: AudioTOC, _ tracks: [AudioReport.Track]) {
        let extent = AudioExtent(toc)
        var phrases: [String] = []
        var sectors: [Range<Int>] = []
        for (index, track) in tracks.enumerated()
        where track.verdict == .match || track.verdict == .matchShifted {
            let place = extent.tracks[index]
            let isByAccurateRip = track.evidence.contains {
                $0.database == AudioDatabases.accurateRipName
            }
            let covered = isByAccurateRip ? place.accurateRip : place.ctdb
            let missing = (
                covered.lowerBound - place.samples.lowerBound,
                place.samples.upperBound - covered.upperBound
            )
            if missing.0 > 0 {
                phrases.append("the first \(missing.0) samples of track \(track.number)")
            }
            if missing.1 > 0 {
                phrases.append("the last \(missing.1) samples of track \(track.number)")
            }
            guard track.verdict == .match else { continue }
            let size = AudioTOC.samplesPerSector
            let first = track.start + (missing.0 + size - 1) / size
            let end = track.start + track.sectors - (missing.1 + size - 1) / size
            if first < end { sectors.append(first..<end) }
        }
        if toc.hiddenSectors > 0 {
            phrases.append("the \(Wording.sectors(toc.hiddenSectors)) before track 1")
        }
        let data = toc.tracks.filter { !$0.isAudio }.map(\.number)
        if !data.isEmpty { phrases.append("the data of track \(Wording.list(data))") }
        self.phrases = phrases
        self.sectors = sectors
    }
}
