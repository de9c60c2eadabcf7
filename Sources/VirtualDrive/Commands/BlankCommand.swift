import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// BLANK (MMC-6 §6.2).
    func blank(_ cdb: CDB) throws(Sense) {
        let (disc, method, _) = try requireDisc()
        guard disc.record.medium.facts.recording == .blankable, profile.writes(disc.record) else {
            throw .incompatibleMedium
        }
        let kind = cdb.u8(1) & 7
        guard let blanking = Self.blankings[kind] else { throw cdb.invalid(1, bit: 2) }
        // Only a CD-RW is blanked in parts (MMC-6 table 225).
        guard blanking.isWhole || disc.record.medium == .cdRW else { throw cdb.invalid(1, bit: 2) }
        var record = disc.record
        try blanking.change(&record, cdb)
        // What is left of a formatted CD-RW is not formatted any more.
        if record.medium == .cdRW { record.format = nil }
        method.leave()
        disc.record = record
        timeBlanking(wholly: kind == 0)
        do {
            // The record goes first: a blanking that is cut short leaves a blank disc, not one
            // whose tracks read as zeros.
            try disc.store()
            if kind == 0 { try disc.discardAll() }
        } catch {
            throw Sense(.mediumError, 0x51, 0x00)
        }
        chooseMethod()
        // What a host has set for a CD stands: cdrwtool 2.3 sets it before it blanks and formats.
        if disc.record.medium.facts.family != .cd { modePages.mediumChanged(to: traits) }
        if cdb.bit(1, 4) { condition.begin(0x04, 0x07) }
    }

    /// A kind of blanking: whether it is of the whole disc, and what it does.
    private struct Blanking: Sendable {
        let isWhole: Bool
        let change: @Sendable (inout DiscRecord, CDB) throws(Sense) -> Void
    }

    /// The kinds of blanking (MMC-6 table 224).
    private static let blankings: [Int: Blanking] = [
        0: Blanking(isWhole: true) { record, _ in blankWhole(&record, minimally: false) },
        1: Blanking(isWhole: true) { record, _ in blankWhole(&record, minimally: true) },
        // A track of the session that is open, by its number: what follows it is gone too.
        2: Blanking(isWhole: false) { record, cdb throws(Sense) in
            let index = try openTrack(record, cdb) { $0.number == cdb.u32(2) }
            record.sessions[record.sessions.count - 1].tracks.removeSubrange(index...)
            dropEmptySession(&record)
        },
        // A track that is set aside, while nothing is on it.
        3: Blanking(isWhole: false) { record, cdb throws(Sense) in
            let index = try openTrack(record, cdb) {
                $0.number == cdb.u32(2) && $0.reserved != nil && $0.written == 0
            }
            record.sessions[record.sessions.count - 1].tracks.removeSubrange(index...)
            dropEmptySession(&record)
        },
        // A track's tail, from an address on.
        4: Blanking(isWhole: false) { record, cdb throws(Sense) in
            let address = cdb.lba(2)
            let index = try openTrack(record, cdb) {
                $0.start < address && address <= $0.start + $0.written
            }
            let last = record.sessions.count - 1
            record.sessions[last].tracks.removeSubrange((index + 1)...)
            record.sessions[last].tracks[index].written =
                address - record.sessions[last].tracks[index].start
            record.sessions[last].tracks[index].runOut = 0
        },
        // The last session's lead-in and lead-out.
        5: Blanking(isWhole: false) { record, _ throws(Sense) in
            guard record.openSession == nil, !record.sessions.isEmpty else { throw .wrongSequence }
            record.sessions[record.sessions.count - 1].leadOut = nil
            record.isFinalized = false
        },
        // The last session, or the open one.
        6: Blanking(isWhole: false) { record, _ throws(Sense) in
            guard !record.sessions.isEmpty else { throw .wrongSequence }
            record.sessions.removeLast()
            record.isFinalized = false
        },
    ]

    private static func blankWhole(_ record: inout DiscRecord, minimally: Bool) {
        record.sessions = []
        record.isFinalized = false
        record.format = nil
        record.isMinimallyBlanked = minimally
    }

    /// The place of a track in the open session.
    private static func openTrack(
        _ record: DiscRecord,
        _ cdb: CDB,
        where isWanted: (TrackRecord) -> Bool
    ) throws(Sense) -> Int {
        guard let open = record.openSession else { throw .wrongSequence }
        guard let index = open.tracks.firstIndex(where: isWanted) else { throw cdb.invalid(2) }
        return index
    }

    private static func dropEmptySession(_ record: inout DiscRecord) {
        if record.openSession?.tracks.isEmpty == true { record.sessions.removeLast() }
    }
}
