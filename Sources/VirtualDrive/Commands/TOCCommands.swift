import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// READ TOC/PMA/ATIP (MMC-6 §6.25).
    func readTOC(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let (disc, _, _) = try requireDisc()
        let record = shown(disc.record)
        let isCD = record.medium.facts.family == .cd
        let msf = cdb.bit(1, 1)
        let number = cdb.u8(6)
        // Hosts of old put the format into the control byte (SFF-8020i).
        let format = cdb.u8(2) & 0x0F == 0 ? cdb.u8(9) >> 6 : cdb.u8(2) & 0x0F
        switch format {
        case 0: return try tableOfContents(record, from: number, msf: msf, cdb)
        case 1: return try sessionTable(record, cdb).encoded(msf: msf)
        case 2 where isCD: return try fullTOC(record, from: number, cdb).encoded
        case 3 where isCD: return pma(record)
        case 4 where record.medium == .cdR || record.medium == .cdRW: return atip(record)
        case 4 where !isCD && has(.atipZeros):
            return [0, 26] + Array(repeating: 0, count: 26)
        case 5 where isCD:
            guard let packs = record.closedSessions.first?.cdText else { return [0, 2, 0, 0] }
            let length = packs.count + 2
            return [
                UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length), 0, 0,
            ]
                + packs
        default: throw cdb.invalid(2, bit: 3)
        }
    }

    private func tableOfContents(_ record: DiscRecord, from first: Int, msf: Bool, _ cdb: CDB)
        throws(Sense) -> [UInt8]
    {
        let layout = shownLayout(record)
        guard let leadOut = layout.leadOut, let firstTrack = layout.tracks.first,
            let lastTrack = layout.tracks.last
        else { throw cdb.invalid(2) }
        let controls = Dictionary(
            record.tracks.map { ($0.number, $0.control) },
            uniquingKeysWith: { a, _ in a }
        )
        func control(_ number: Int) -> Int {
            // Discs other than CDs have no Q: data, uninterrupted.
            record.medium.facts.family == .cd ? controls[number] ?? 4 : 4
        }
        guard first <= lastTrack.number || first == TableOfContents.leadOutNumber else {
            throw cdb.invalid(6)
        }
        var entries = layout.tracks.map {
            TableOfContents.Entry(
                number: $0.number,
                control: control($0.number),
                start: $0.start
            )
        }
        entries.append(
            TableOfContents.Entry(
                number: TableOfContents.leadOutNumber,
                control: control(lastTrack.number),
                start: leadOut
            )
        )
        return TableOfContents(
            firstTrack: firstTrack.number,
            lastTrack: lastTrack.number,
            entries: entries
        ).encoded(msf: msf, from: first)
    }

    private func sessionTable(_ record: DiscRecord, _ cdb: CDB) throws(Sense) -> SessionTable {
        let layout = shownLayout(record)
        guard let firstSession = layout.sessions.first, let last = layout.sessions.last,
            let track = last.tracks.first
        else { throw cdb.invalid(2) }
        let control = record.tracks.first { $0.number == track.number }?.control ?? 4
        return SessionTable(
            firstSession: firstSession.number,
            lastSession: last.number,
            firstTrack: TableOfContents.Entry(
                number: track.number,
                control: record.medium.facts.family == .cd ? control : 4,
                start: track.start
            )
        )
    }

    private func fullTOC(_ record: DiscRecord, from first: Int, _ cdb: CDB) throws(Sense)
        -> FullTOC
    {
        let closed = record.closedSessions.filter { $0.number >= first }
        guard let firstSession = closed.first, let lastSession = record.closedSessions.last else {
            throw cdb.invalid(6)
        }
        let traits = MediumTraits.of(record)
        return FullTOC(
            firstSession: firstSession.number,
            lastSession: lastSession.number,
            entries: closed.flatMap { entries(of: $0, record, traits) }
        )
    }

    /// The Q frames of a session's lead-in (MMC-6 §4.2.3.7).
    private func entries(of session: SessionRecord, _ record: DiscRecord, _ traits: MediumTraits)
        -> [FullTOC.Entry]
    {
        guard let first = session.tracks.first, let last = session.tracks.last,
            let leadOut = session.leadOut
        else { return [] }
        func entry(_ point: Int, _ control: Int, _ time: MSF) -> FullTOC.Entry {
            FullTOC.Entry(
                session: session.number,
                control: control,
                point: point,
                pointTime: time
            )
        }
        var entries = [
            entry(
                0xA0,
                first.control,
                MSF(minute: first.number, second: session.discType, frame: 0)
            ),
            entry(0xA1, last.control, MSF(minute: last.number, second: 0, frame: 0)),
            entry(0xA2, last.control, MSF(LBA(leadOut))),
        ]
        entries += session.tracks.map { entry($0.number, $0.control, MSF(LBA($0.start))) }
        // Mode 5 frames of discs that were left open: the next program area, the outermost
        // lead-out, and in the first lead-in the ATIP's beginning.
        let isLast = session.number == record.closedSessions.last?.number
        if !isLast || !record.isFinalized {
            let gap = session.number == 1 ? traits.sessionGap.first : traits.sessionGap.later
            entries.append(
                FullTOC.Entry(
                    session: session.number,
                    address: 5,
                    control: last.control,
                    point: 0xB0,
                    time: MSF(LBA(leadOut + gap - 150)),
                    zero: 2,
                    pointTime: MSF(LBA(record.capacity))
                )
            )
            if session.number == 1 {
                entries.append(
                    FullTOC.Entry(
                        session: 1,
                        address: 5,
                        control: last.control,
                        point: 0xC0,
                        time: MSF(minute: 0, second: 0, frame: 0),
                        pointTime: record.leadInTime
                    )
                )
            }
        }
        return entries
    }

    /// The program memory area: the tracks that are recorded, in whatever session.
    private func pma(_ record: DiscRecord) -> [UInt8] {
        let entries = record.sessions.flatMap { session in
            session.tracks.filter(\.isClosed).map { track in
                FullTOC.Entry(
                    session: 0,
                    control: track.control,
                    point: track.number,
                    time: MSF(LBA(track.end)),
                    pointTime: MSF(LBA(track.start))
                )
            }
        }
        var bytes = FullTOC(firstSession: 0, lastSession: 0, entries: entries).encoded
        bytes[2] = 0
        bytes[3] = 0
        return bytes
    }

    private func atip(_ record: DiscRecord) -> [UInt8] {
        let isErasable = record.medium == .cdRW
        // Values as drives report them of CMC's CD-R and of Mitsubishi's ultra-speed CD-RW.
        return ATIP(
            power: isErasable ? 1 : 5,
            isErasable: isErasable,
            subtype: isErasable ? 2 : 3,
            leadIn: record.leadInTime,
            lastLeadOut: MSF(LBA(record.capacity)),
            additional: isErasable
                ? [[0x66, 0x4A, 0x99], [0x38, 0x80, 0], [0x04, 0xC4, 0xA0]] : []
        ).encoded
    }
}
