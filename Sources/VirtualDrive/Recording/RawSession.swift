import DiscImages
import DiscModel

/// A session that the host writes raw, with its lead-in and its lead-out (write type 3, MMC-6
/// §4.2.5), and what its subchannel says of it.
///
/// The drive writes what it is sent. What the disc then is follows from what a drive finds that
/// reads it: the table of contents in the lead-in's Q, and the Q of the program area.
struct RawSession {
    /// Sectors whose user data were kept behind headers of the same mode.
    struct Run {
        var start: Int
        var isMode2: Bool
    }

    /// The first sector of the first track's pregap, behind the lead-in.
    let start: Int
    let block: RawBlock
    /// The next sector that the host owes.
    private(set) var position: Int
    private(set) var contents = RecordedContents()
    private(set) var survey = ProgramSurvey()
    private(set) var runs: [Run] = []

    init(leadIn: Int, start: Int, block: RawBlock) {
        self.start = start
        self.block = block
        position = leadIn
    }

    /// The disc's first sector that does not belong to the program area; the last possible one
    /// where the lead-in does not tell.
    func leadOut(limit: Int) -> Int { min(contents.leadOut ?? limit, limit) }

    /// Whether the lead-out that the lead-in announces has been begun.
    var hasLeadOut: Bool {
        guard let leadOut = contents.leadOut else { return false }
        return position > leadOut
    }

    /// Takes the subchannel of a sector of the lead-in, whose main channel nobody reads.
    mutating func takeLeadIn(_ subchannel: [UInt8]) {
        contents.take(subchannel)
        position += 1
    }

    /// Passes over a sector of the lead-out, of which nothing but its beginning is known.
    mutating func skip() { position += 1 }

    /// Takes the subchannel of the next sector, and brings what is on the disc of its main channel
    /// into the form in which it is kept.
    ///
    /// Data come scrambled, and are told by the control nibble of Q; where they have no sync, no
    /// drive can tell their bytes.
    mutating func take(_ sector: inout MutableSpan<UInt8>, _ subchannel: [UInt8]) {
        defer { position += 1 }
        survey.take(RawBlock.q(subchannel), at: position)
        var isMode2 = false
        if survey.control & 4 != 0, (0..<12).allSatisfy({ sector[$0] == RawSector.sync[$0] }) {
            SectorScrambler.apply(&sector)
            isMode2 = sector[15] & 3 == 2
        }
        if runs.last?.isMode2 != isMode2 {
            runs.append(Run(start: position, isMode2: isMode2))
        }
    }

    /// Whether the user data of a sector were kept as those of mode 2.
    func isMode2(at lba: Int) -> Bool {
        runs.last { $0.start <= lba }?.isMode2 ?? false
    }

    /// The session as a drive finds it.
    ///
    /// - Parameters:
    ///   - number: The session's number.
    ///   - limit: The last possible start of its lead-out.
    /// - Returns: `nil` if its lead-in has no table of contents.
    func session(number: Int, limit: Int) -> SessionRecord? {
        let leadOut = leadOut(limit: limit)
        guard leadOut > start else { return nil }
        let listed = contents.tracks(in: start..<leadOut)
        guard contents.leadOut == leadOut, !listed.isEmpty else { return nil }
        var tracks: [TrackRecord] = []
        for (place, entry) in listed.enumerated() {
            let found = survey.found[entry.number]
            var track = TrackRecord(
                number: entry.number,
                start: entry.start,
                control: entry.control,
                form: .rawWithSubchannel
            )
            let isData = entry.control & 4 != 0
            track.dataMode = !isData ? 0 : isMode2(at: entry.start) ? 2 : 1
            let end = place + 1 < listed.count ? listed[place + 1].start : leadOut
            track.written = end - entry.start
            track.isClosed = true
            track.isrc = found?.isrc
            // Where Q has the track begin elsewhere, the table of contents is right.
            if let found, found.start == entry.start {
                let least = (tracks.last?.start ?? start - 1) + 1
                if let pregap = found.pregap, pregap >= least {
                    track.pregap = entry.start - pregap
                }
                track.indices = found.indices.filter { $0 < end }
            }
            if !tracks.isEmpty { tracks[tracks.count - 1].written -= track.pregap }
            tracks.append(track)
        }
        var session = SessionRecord(number: number, tracks: tracks, discType: contents.discType)
        session.leadOut = leadOut
        session.catalog = contents.catalog ?? survey.catalog
        if !contents.packs.bytes.isEmpty { session.cdText = contents.packs.bytes }
        return session
    }
}
