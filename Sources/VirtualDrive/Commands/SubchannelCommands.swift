import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// The 96 bytes of subchannel of a sector: those that were recorded with it, or what follows from
    /// sessions and tracks.
    func subchannel(_ lba: Int, _ track: TrackRecord, _ disc: VirtualDisc) throws(Sense)
        -> [UInt8]
    {
        guard track.form == .rawWithSubchannel else {
            return SubchannelQ.interleaved(
                q(lba, track, disc.record),
                isPause: lba < track.start
            )
        }
        var bytes = [UInt8](repeating: 0, count: SubchannelQ.interleavedSize)
        var span = bytes.mutableSpan
        do { try disc.readSubchannel(at: lba, into: &span) } catch {
            throw Sense(.mediumError, 0x11, 0x00)
        }
        return bytes
    }

    /// The 96 bytes of subchannel that READ CD gives with a sector, as the drive reads them.
    func readSubchannel(_ lba: Int, _ track: TrackRecord, _ disc: VirtualDisc) throws(Sense)
        -> [UInt8]
    {
        var (lba, track) = (lba, track)
        if audio.lag != 0, let other = disc.record.track(holding: lba - audio.lag) {
            (lba, track) = (lba - audio.lag, other)
        }
        var bytes = try subchannel(lba, track, disc)
        guard isQSpoilt(lba) else { return bytes }
        // A bit of the CRC.
        bytes[95] ^= 0x40
        return bytes
    }

    /// Whether a fault spoils a sector's Q.
    private func isQSpoilt(_ lba: Int) -> Bool {
        !ledger.isEmpty && !ledger.allStrikes(.q, lba..<lba + 1, block: 1).isEmpty
    }

    /// The 16 bytes of a sector's Q that READ CD gives: the twelve, three of zeros, and P in the
    /// highest bit of the last (MMC-6 table 354).
    func formattedQ(_ lba: Int, _ track: TrackRecord, _ disc: VirtualDisc) throws(Sense)
        -> [UInt8]
    {
        let interleaved = try readSubchannel(lba, track, disc)
        var q = (0..<12).map { byte in
            (0..<8).reduce(UInt8(0)) { $0 << 1 | interleaved[byte * 8 + $1] >> 6 & 1 }
        }
        if has(.qCRCZero) { q[10...11] = [0, 0] }
        if has(.qBinary), q[0] & 0x0F == 1 {
            // All but ADR, control and the CRC, which stays that of what is on the disc.
            for place in 1..<10 { q[place] = (q[place] >> 4) * 10 + q[place] & 0x0F }
        }
        return q + [0, 0, 0, interleaved[0] & 0x80]
    }

    /// The twelve bytes of Q of a sector of a track that was recorded without any.
    private func q(_ lba: Int, _ track: TrackRecord, _ record: DiscRecord) -> [UInt8] {
        let session = record.sessions.first { session in
            session.tracks.contains { $0.number == track.number }
        }
        return position(lba, track).encoded(catalog: session?.catalog, isrc: track.isrc) {
            $0 == track.start - track.pregap || $0 == track.start || track.indices.contains($0)
        }
    }

    /// The position that a sector's Q tells.
    private func position(_ lba: Int, _ track: TrackRecord) -> SubchannelQ {
        if has(.noIndex0), lba < track.start, lba >= 0,
            let before = disc?.record.tracks.last(where: { $0.number < track.number })
        {
            // It goes on with the track before.
            return position(lba, before)
        }
        let index = lba < track.start ? 0 : 1 + track.indices.count { $0 <= lba }
        let distance = SubchannelQ.distance(of: lba, from: track.start)
        return SubchannelQ(
            control: track.control,
            track: track.number,
            index: index,
            relative: MSF(LBA(distance - MSF.offset)),
            absolute: MSF(LBA(lba))
        )
    }

    /// READ SUB-CHANNEL (MMC-3 §6.27): the drive plays nothing, so its head is where the last read
    /// left it.
    func readSubChannel(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let (disc, _, _) = try requireDisc()
        guard disc.record.medium.facts.family == .cd else { throw .incompatibleMedium }
        // Audio status 15h: no status to tell.
        guard cdb.bit(2, 6) else { return [0, 0x15, 0, 0] }
        let record = disc.record
        switch cdb.u8(3) {
        case 0x01:
            return [0, 0x15, 0, 12] + currentPosition(record, msf: cdb.bit(1, 1))
        case 0x02:
            let catalog = record.sessions.compactMap(\.catalog).first
            return [0, 0x15, 0, 20, 2, 0, 0, 0] + code(catalog, length: 13, field: 16)
        case 0x03:
            let track = record.tracks.first { $0.number == cdb.u8(6) }
            guard let track else { throw cdb.invalid(6) }
            var isrc = track.isrc
            if has(.staleCode), let before = record.tracks.last(where: { $0.number < track.number })
            {
                isrc = before.isrc
            }
            return [0, 0x15, 0, 20, 3, address(3, track.control), UInt8(track.number), 0]
                + code(isrc, length: 12, field: 16)
        default:
            throw cdb.invalid(3)
        }
    }

    /// The block of the current position: the sector that was read last, or the first one of the disc.
    private func currentPosition(_ record: DiscRecord, msf: Bool) -> [UInt8] {
        let first = record.tracks.first ?? TrackRecord(number: 1, start: 0)
        let track = condition.head.flatMap { record.track(holding: $0) }
        let lba = track == nil ? first.start : condition.head ?? first.start
        let owner = track ?? first
        let q = position(lba, owner)
        let head = [1, address(1, q.control), UInt8(q.track), UInt8(q.index)]
        if msf {
            return head
                + [q.absolute, q.relative].flatMap {
                    [0, UInt8($0.minute), UInt8($0.second), UInt8($0.frame)]
                }
        }
        // As a number of sectors the time in a pregap is negative.
        return head
            + [lba, lba - owner.start].flatMap { number in
                [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
            }
    }

    /// ADR and control in a byte.
    private func address(_ mode: UInt8, _ control: Int) -> UInt8 {
        mode << 4 | UInt8(control & 0x0F)
    }

    /// A code after the bit that says it is valid, and zeros.
    private func code(_ text: String?, length: Int, field: Int) -> [UInt8] {
        guard let text else { return Array(repeating: 0, count: field) }
        let characters = Array(text.utf8.prefix(length))
        return [0x80] + characters + Array(repeating: 0, count: field - 1 - characters.count)
    }
}
