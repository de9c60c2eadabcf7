import DiscImages
import DiscModel
import MMC

/// Raw writing: the host sends the lead-in, the program area and the lead-out with all of their
/// subchannel (write type 3, MMC-6 §4.2.5 and §7.5.4).
extension CDRecording {
    /// Sectors behind the last possible start of a lead-out that a drive still writes: 90 s.
    private static let leadOutRoom = 6750
    /// Sectors of a later session's lead-in.
    private static let laterLeadIn = 4500

    /// Where the lead-in of the session begins that the host could write next: the first where the
    /// ATIP says it.
    func leadInStart(of next: UpcomingTrack) -> Int {
        let pregap = next.start - CDGaps.firstPause
        guard next.session == 1 else { return pregap - Self.laterLeadIn }
        return min(record.leadInTime.lba.rawValue, pregap)
    }

    func writeRaw(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard let block = RawBlock(rawValue: parameters.blockType) else { throw .wrongKindOfSector }
        try data.require(sectors * block.size)
        if raw == nil { try beginRaw(block, at: lba) }
        guard var session = raw else { throw .wrongSequence }
        guard lba == session.position else { throw .notNextWritable }
        guard lba + sectors <= record.capacity + Self.leadOutRoom else { throw .outOfRange }
        // Taken out, so that it is not copied for each sector.
        raw = nil
        defer { raw = session }
        var main: [UInt8] = []
        var sub: [UInt8] = []
        var first = lba
        let limit = record.capacity
        for index in 0..<sectors {
            let from = index * block.size
            let address = lba + index
            // Where the lead-out begins is known with the last sector of the lead-in.
            guard address < session.start || address < session.leadOut(limit: limit) else {
                session.skip()
                continue
            }
            let subchannel = block.subchannel(
                data.extracting(from + RawSector.size..<from + block.size)
            )
            guard address >= session.start else {
                session.takeLeadIn(subchannel)
                continue
            }
            var sector = [UInt8](repeating: 0, count: RawSector.size)
            var span = sector.mutableSpan
            for place in 0..<RawSector.size { span[place] = data[from + place] }
            let runs = session.runs.count
            session.take(&span, subchannel)
            if session.runs.count != runs {
                // The user data of these lie elsewhere in their sectors.
                try keepRaw(main, sub, at: first, session)
                main = []
                sub = []
            }
            if main.isEmpty { first = address }
            main += sector
            sub += subchannel
        }
        try keepRaw(main, sub, at: first, session)
        let end = min(session.position, session.leadOut(limit: limit))
        let written = end - session.start - CDGaps.firstPause
        changeOpenTrack { $0.written = max(0, written) }
        try keeper.recorded(sectors)
    }

    private func beginRaw(_ block: RawBlock, at lba: Int) throws(Sense) {
        guard record.openSession == nil, let next = upcomingTrack() else { throw .wrongSequence }
        let leadIn = leadInStart(of: next)
        guard lba == leadIn else { throw .notNextWritable }
        raw = RawSession(leadIn: leadIn, start: next.start - CDGaps.firstPause, block: block)
        // What the disc is until its lead-in has told what is on it.
        let track = TrackRecord(
            number: next.number,
            start: next.start,
            control: parameters.trackMode,
            form: .rawWithSubchannel
        )
        keeper.change {
            $0.sessions.append(SessionRecord(number: next.session, tracks: [track]))
        }
        try keeper.keep()
    }

    private func keepRaw(
        _ main: [UInt8],
        _ subchannel: [UInt8],
        at lba: Int,
        _ session: RawSession
    ) throws(Sense) {
        guard !main.isEmpty, !keeper.isRehearsing else { return }
        do {
            let dataMode = session.isMode2(at: lba) ? 2 : 1
            try keeper.disc.writeRaw(main.span, at: lba, dataMode: dataMode)
            try keeper.disc.writeSubchannel(subchannel.span, at: lba)
        } catch {
            throw .writeError
        }
    }

    /// Ends a raw session whose lead-out has been begun; another one waits for what is to come.
    func finishRaw() throws(Sense) {
        guard let session = raw, session.hasLeadOut, let open = record.openSession else { return }
        raw = nil
        guard let found = session.session(number: open.number, limit: record.capacity) else {
            // No drive finds what is on such a disc.
            changeOpenTrack { $0.isDamaged = true }
            keeper.endRehearsal()
            return
        }
        for track in found.tracks { try gather(track, session) }
        let isLast = !session.contents.hasNextSession
        keeper.change { record in
            record.sessions[record.sessions.count - 1] = found
            record.isFinalized = isLast
        }
        keeper.endRehearsal()
    }

    /// Moves the user data of sectors whose mode is not the track's to where it has them.
    private func gather(_ track: TrackRecord, _ session: RawSession) throws(Sense) {
        guard !keeper.isRehearsing else { return }
        let isMode2 = track.dataMode == 2
        let sectors = track.start - track.pregap..<track.start + track.written
        for (place, run) in session.runs.enumerated() where run.isMode2 != isMode2 {
            let end = place + 1 < session.runs.count ? session.runs[place + 1].start : .max
            let part = (run.start..<max(run.start, end)).clamped(to: sectors)
            for start in stride(from: part.lowerBound, to: part.upperBound, by: 64) {
                let count = min(64, part.upperBound - start)
                var bytes = [UInt8](repeating: 0, count: count * RawSector.size)
                do {
                    var span = bytes.mutableSpan
                    let disc = keeper.disc
                    try disc.readRaw(at: start, dataMode: run.isMode2 ? 2 : 1, into: &span)
                    try disc.writeRaw(bytes.span, at: start, dataMode: isMode2 ? 2 : 1)
                } catch {
                    throw .writeError
                }
            }
        }
    }
}
