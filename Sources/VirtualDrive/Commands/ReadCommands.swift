import DiscImages
import DiscModel
import LinuxCalls
import MMC

extension VirtualRecorder {
    /// READ(10) (MMC-6 §6.16).
    func read10(_ cdb: CDB, into buffer: inout MutableSpan<UInt8>) -> CommandEntry.ReadResult {
        heedForcedAccess(cdb)
        return readUserData(at: cdb.lba(2), sectors: cdb.u16(7), into: &buffer)
    }

    /// READ(12) (MMC-6 §6.17).
    func read12(_ cdb: CDB, into buffer: inout MutableSpan<UInt8>) -> CommandEntry.ReadResult {
        heedForcedAccess(cdb)
        return readUserData(at: cdb.lba(2), sectors: cdb.u32(6), into: &buffer)
    }

    /// Forgets what is kept where the host wants it from the disc: FUA, also in a READ of no sector.
    private func heedForcedAccess(_ cdb: CDB) {
        if cdb.bit(1, 3), !has(.ignoresFUA) { sound.forget() }
    }

    /// Reads sectors of 2048 bytes as the file has them, straight into the host's buffer.
    private func readUserData(
        at lba: Int,
        sectors: Int,
        into buffer: inout MutableSpan<UInt8>
    ) -> CommandEntry.ReadResult {
        guard let disc else { return .init(sense: Sense(.notReady, 0x3A, 0x00)) }
        if let sense = obstacle(lba..<lba + sectors, in: shown(disc.record)) {
            return .init(sense: sense)
        }
        // READ(10) of no sector is a seek.
        let wanted = lba..<lba + min(sectors, buffer.count / 2048)
        let fault = badSector(wanted)
        let good = lba..<(fault?.lba ?? wanted.upperBound)
        passOver(good)
        let bytes = good.count * 2048
        guard bytes > 0 else { return .init(sense: fault?.sense) }
        var span = buffer._mutatingExtracting(..<bytes)
        do {
            try disc.readUserData(at: lba, into: &span)
        } catch {
            return .init(sense: Sense(.mediumError, 0x11, 0x00))
        }
        flipBits(good, size: 2048, in: &span)
        return .init(transferred: bytes, sense: fault?.sense)
    }

    /// Why sectors can't be read as data: `nil` if they can.
    func obstacle(_ sectors: Range<Int>, in record: DiscRecord) -> Sense? {
        var lba = sectors.lowerBound
        while lba < sectors.upperBound {
            let stretch = self.stretch(at: lba, in: record)
            switch stretch.kind {
            case .data: lba = max(lba + 1, stretch.end)
            case .audio: return .wrongKindOfSector
            case .link: return runOutSense
            case .unrecorded(let sense): return sense
            }
        }
        // Even a read of nothing must lie on the disc, and READ counts from 0 (MMC-6 §6.16).
        guard sectors.isEmpty else { return nil }
        return (0...record.capacity).contains(lba) ? nil : .outOfRange
    }

    /// What the drive says of the sectors that link a track to what follows.
    var runOutSense: Sense {
        if has(.runOut1105) { return Sense(.mediumError, 0x11, 0x05) }
        return has(.runOut2600) ? Sense(.illegalRequest, 0x26, 0x00) : .wrongKindOfSector
    }

    /// What sectors are.
    enum StretchKind {
        case data
        case audio
        /// Sectors that link a track to what follows, and pauses that the drive made.
        case link
        case unrecorded(Sense)
    }

    /// What the sector at an address is, and up to where those after it are the same.
    func stretch(at lba: Int, in record: DiscRecord) -> (kind: StretchKind, end: Int) {
        if record.isOverwritable {
            guard let format = record.format else { return (.unrecorded(.notFormatted), .max) }
            let isInside = lba >= 0 && lba < format.sectors
            return isInside ? (.data, format.sectors) : (.unrecorded(.outOfRange), .max)
        }
        if record.sessions.isEmpty {
            let sense =
                lba >= 0 && lba < record.capacity
                ? MediumTraits.of(record).blankReadSense : .outOfRange
            return (.unrecorded(sense), .max)
        }
        for track in record.tracks {
            let first = track.start - track.pregap
            guard lba >= first, lba < max(track.end, track.readable.upperBound) else { continue }
            let isPregapDone = track.isClosed || track.written > 0
            guard lba >= track.start || isPregapDone else { break }
            if let link = track.link(at: lba), lba < track.start + track.written {
                return (.link, link.upperBound)
            }
            if lba < track.readable.upperBound {
                let end = track.links?.first { $0 > lba } ?? track.readable.upperBound
                return (track.isData ? .data : .audio, min(end, track.readable.upperBound))
            }
            // Behind what is recorded: run-out, or a reserved track's rest.
            let end = track.start + track.written
            if lba < end { return (.link, end) }
            return (.unrecorded(Sense(.blankCheck, 0x00, 0x00)), track.end)
        }
        // Between two tracks of a session lies the pause that the drive made.
        for session in record.sessions {
            guard let first = session.tracks.first, let last = session.tracks.last else { continue }
            if lba > first.start, lba < last.start { return (.link, lba + 1) }
        }
        return (.unrecorded(.outOfRange), .max)
    }

    /// SEEK(10) (MMC-6 §6.34).
    func seek(_ cdb: CDB) throws(Sense) {
        let (disc, _, _) = try requireDisc()
        let lba = cdb.lba(2)
        guard lba >= 0, lba <= max(disc.record.capacity, readCapacity().sectors) else {
            throw .outOfRange
        }
        moveHead(to: lba)
    }

    /// VERIFY(10) (MMC-6 §6.43), which reads and compares nothing.
    func verify(_ cdb: CDB) throws(Sense) {
        let (disc, _, _) = try requireDisc()
        guard !cdb.bit(1, 1) else { throw cdb.invalid(1, bit: 1) }
        let sectors = cdb.lba(2)..<cdb.lba(2) + cdb.u16(7)
        guard !sectors.isEmpty else { return }
        if let sense = obstacle(sectors, in: disc.record) { throw sense }
        let fault = badSector(sectors)
        passOver(sectors.lowerBound..<(fault?.lba ?? sectors.upperBound))
        if let fault { throw fault.sense }
    }
}
