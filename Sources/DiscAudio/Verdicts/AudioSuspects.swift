import Reports

/// What of a disc's audio databases speak against, as far as reading it again may help.
public struct AudioSuspects: Hashable, Sendable {
    /// The tracks that databases have with other samples.
    public var tracks: [Int]
    /// The sectors of these that may be wrong: those that parity names, or all.
    public var sectors = RangeSet<Int>()
    /// Whether parity names them.
    public var areNamed = false
    /// The sectors of other tracks, and those before track 1, of which no database says anything.
    public var unproven = RangeSet<Int>()

    /// Takes what was found.
    ///
    /// Of a track that can't be read as a whole no database says anything, so that none of it is a suspect.
    ///
    /// - Parameters:
    ///   - findings: What was found.
    ///   - toc: The disc.
    public init(_ findings: AudioCheck.Findings, _ toc: AudioTOC) {
        let all = findings.report.tracks
        let wrong = all.filter { $0.verdict == .mismatch }
        tracks = wrong.map(\.number)
        for track in wrong { sectors.insert(contentsOf: track.start..<track.start + track.sectors) }
        if let named = findings.corrections?.sectors(toc) {
            let own = sectors.intersection(RangeSet(named))
            areNamed = !own.isEmpty
            if areNamed { sectors = own }
        }
        if toc.hiddenSectors > 0 { unproven.insert(contentsOf: 0..<toc.hiddenSectors) }
        for track in all where track.verdict != .mismatch {
            unproven.insert(contentsOf: track.start..<track.start + track.sectors)
        }
        unproven.subtract(findings.matching)
    }
}
