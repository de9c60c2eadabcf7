import DiscFiles
import DiscModel
import Transfer

/// What a recorder leaves where it stops: no sectors of a track's, though its lists count them.
extension DriveDisc {
    /// How many of the last sectors of a track may be run-out (MMC-6 §6.42.3.2.5).
    private static let mostRunOut = 2
    /// A pause is looked at in every sector that lies so far from the last one.
    private static let sampleDistance = 25

    /// Finds out what follows a track's last sector and can't be read: run-out, and where the Q does not
    /// tell of it, the pause before a track of another kind.
    ///
    /// Before another track of the session that is that one's pregap. At the end of a session it counts
    /// to the track, so that the lead-out stays where it is, and is not read.
    func leaveOutRunOut() throws {
        for s in layout.sessions.indices {
            for t in layout.sessions[s].tracks.indices {
                let track = layout.sessions[s].tracks[t]
                let next = layout.sessions[s].tracks.dropFirst(t + 1).first
                let mayHavePause =
                    next.map { $0.mode != track.mode && $0.start == track.end } ?? false
                let count = try sectorsBehindEnd(
                    of: track,
                    sessionStart: layout.sessions[s].tracks[0].start.rawValue,
                    mayHavePause: mayHavePause
                )
                guard let next else {
                    runOut[track.number] = count
                    continue
                }
                layout.sessions[s].tracks[t].length -= count
                let end = layout.sessions[s].tracks[t].end
                guard count > 0 || next.start > track.end, next.start > end else { continue }
                layout.sessions[s].tracks[t + 1].pregap = next.start - end
                let isShort = next.pregap < next.start - end
                guard count > 0 || isShort else { continue }
                let isRecorded =
                    next.mode == .audio
                    ? try hasSound(at: end.rawValue, before: next)
                    : try count == 0 && hasData(at: end.rawValue, before: next)
                if !isRecorded { linked.insert(next.number) }
            }
        }
    }

    /// Whether what lies before a track of data can be read like it, from its first sectors on, and holds something: a
    /// recorder that stopped there left sectors that can't be read, and nothing but zeros behind them.
    private func hasData(at sector: Int, before next: Track) throws -> Bool {
        let source = source(.user(isMode2: next.mode.isMode2))
        for place in [sector, sector + 1] where place < next.start.rawValue {
            guard try source.probe(place) == .readable else { return false }
        }
        return try holdsData(max(0, sector)..<next.start.rawValue, next.mode)
    }

    /// Whether what lies before a track of audio can be read like it, or could be if it were not damaged: no
    /// recorder stopped there, and only the Q does not tell whose it is.
    private func hasSound(at sector: Int, before next: Track) throws -> Bool {
        let source = source(.audio)
        // One sector may be refused for its own sake; run-out is two.
        for place in [sector, sector + 1] where place < next.start.rawValue {
            if try source.probe(place) != .refused { return true }
        }
        return false
    }

    /// How many of a track's last sectors are not its own.
    ///
    /// Sectors that are damaged are the track's, unless it is one of data on a recordable disc: some drives
    /// take run-out for damage there (q-019 of the recorded quirks).
    private func sectorsBehindEnd(
        of track: Track,
        sessionStart: Int,
        mayHavePause: Bool
    ) throws -> Int {
        let way: Way = track.mode == .audio ? .audio : .user(isMode2: track.mode.isMode2)
        let source = source(way)
        let pause = [CDGaps.firstPause, CDGaps.firstPause + 1, CDGaps.firstPause + 2]
        let counts = Array(0...Self.mostRunOut) + (mayHavePause ? pause : [])
        let end = track.end.rawValue
        var isCertain = true
        for count in counts where count < track.length {
            switch try source.probe(end - 1 - count) {
            case .readable:
                guard count > 0, !isCertain else { return count }
                let range = end - count..<end
                return try mayBeRunOut(range, of: track, sessionStart, source) ? count : 0
            case .refused: continue
            // Two that are refused are run-out behind damage, too.
            case .damaged where isCertain && count == Self.mostRunOut: return count
            case .damaged where track.mode.isData: isCertain = false
            case .damaged, .unknown: return 0
            }
        }
        // Where none of these can be read, they are damaged, not absent.
        return 0
    }

    /// Whether sectors at the end of a track of data that the drive calls damaged can be what a recorder left.
    private func mayBeRunOut(
        _ range: Range<Int>,
        of track: Track,
        _ sessionStart: Int,
        _ source: DriveSource
    ) throws -> Bool {
        guard try !drive.isPressed(report) else { return false }
        // In a pause nothing can be read; damage covers a part of it.
        let samples = stride(from: range.lowerBound, to: range.upperBound, by: Self.sampleDistance)
        if range.count > Self.mostRunOut {
            for sector in samples where try source.probe(sector) == .readable { return false }
        }
        // Sectors that belong to a file system are damaged, whatever they look like.
        let content = try DiscContent.examine(
            DriveSource(drive, report, sectors: range.lowerBound),
            sessionStart: max(0, sessionStart)
        )
        return content.claimedEnd.map { $0 <= range.lowerBound } ?? true
    }

    /// Counts what a recorder left between tracks that it wrote one at a time to no track, so that the
    /// tracks can be written like that again.
    public func leaveOutLinks() {
        changeTracks { track in
            if linked.contains(track.number) { track.pregap = 0 }
            track.length -= runOut[track.number] ?? 0
        }
        runOut = [:]
    }
}
