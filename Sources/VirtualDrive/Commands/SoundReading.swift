import DiscImages
import DiscModel
import MMC

/// Sectors of audio, as a drive gives them: where its samples come, what C2 says of them, and what it keeps.
extension VirtualRecorder {
    /// A sector of audio as the host gets it.
    func soundSector(_ lba: Int, _ disc: VirtualDisc) throws(Sense) -> SoundMemory.Sector {
        if let kept = sound[lba] { return kept }
        let sector = try readSound(lba, disc)
        let first = min(lba, sound.fresh?.lowerBound ?? lba)
        sound.fresh = first..<max(lba + 1, sound.fresh?.upperBound ?? 0)
        sound.keep(sector, at: lba, most: audio.cache)
        return sector
    }

    /// Whether sectors that were read are audio.
    func isSound(_ sectors: Range<Int>, _ disc: VirtualDisc) -> Bool {
        guard let first = sectors.first, case .audio = stretch(at: first, in: disc.record).kind
        else { return false }
        return true
    }

    /// Reads sectors behind those that a command asked for into the cache.
    func readAhead(from lba: Int, _ disc: VirtualDisc) {
        guard audio.cache > 0, audio.readAhead > 0 else { return }
        for ahead in lba..<lba + min(audio.readAhead, audio.cache) {
            guard case .audio = stretch(at: ahead, in: disc.record).kind,
                ledger.isEmpty || badSector(ahead..<ahead + 1) == nil,
                (try? soundSector(ahead, disc)) != nil
            else { return }
        }
    }

    /// Whether a sector beyond the disc's own is one that the drive gives as audio.
    func isBeyond(_ lba: Int, _ record: DiscRecord) -> Bool {
        guard let end = soundEnd(record), lba >= end else { return false }
        return audio.beyond == .repeat || lba < end + audio.leadOut
    }

    /// Whether the drive locks up over sectors beyond the disc's own.
    func hangsBeyond(_ sectors: Range<Int>) -> Bool {
        guard audio.beyond == .hang, let record = disc?.record, let end = soundEnd(record) else {
            return false
        }
        return sectors.upperBound > end + audio.leadOut || sectors.lowerBound < -audio.leadIn
    }

    /// Where the lead-out behind the audio begins; `nil` if the last session does not end with audio.
    func soundEnd(_ record: DiscRecord) -> Int? {
        guard let session = record.closedSessions.last, session.tracks.last?.isData == false else {
            return nil
        }
        return session.leadOut
    }

    /// Composes a sector of the two that its samples lie in.
    private func readSound(_ lba: Int, _ disc: VirtualDisc) throws(Sense) -> SoundMemory.Sector {
        var lba = lba
        if audio.beyond == .repeat, let end = soundEnd(disc.record) {
            lba = min(lba, end + audio.leadOut - 1)
        }
        let shift = (audio.readOffset + sound.shift) * 4
        guard shift != 0 else { return try recordedSound(lba, disc) }
        // Byte b of the stream is byte b - shift of the disc.
        let first = lba * RawSector.size - shift
        let sector =
            first >= 0 ? first / RawSector.size : -((RawSector.size - 1 - first) / RawSector.size)
        let place = first - sector * RawSector.size
        let head = try recordedSound(sector, disc)
        guard place > 0 else { return head }
        let tail = try recordedSound(sector + 1, disc)
        return SoundMemory.Sector(
            bytes: Array(head.bytes[place...]) + tail.bytes[..<place],
            flagged: head.flagged.filter { $0 >= place }.map { $0 - place }
                + tail.flagged.filter { $0 < place }.map { $0 + RawSector.size - place }
        )
    }

    /// A sector as it lies on the disc, damaged as the faults have it; silence where there is no audio.
    private func recordedSound(_ lba: Int, _ disc: VirtualDisc) throws(Sense) -> SoundMemory.Sector
    {
        let silence = SoundMemory.Sector(
            bytes: Array(repeating: 0, count: RawSector.size),
            flagged: []
        )
        guard case .audio = stretch(at: lba, in: disc.record).kind,
            let track = disc.record.track(holding: lba)
        else { return silence }
        if has(.mutesHiddenTrack), lba >= 0, lba < disc.record.tracks.first?.start ?? 0 {
            return silence
        }
        var raw: [UInt8]
        do { raw = try rawSector(lba, track, disc) } catch {
            throw Sense(.mediumError, 0x11, 0x00)
        }
        var span = raw.mutableSpan
        flipBits(lba..<lba + 1, size: RawSector.size, in: &span)
        let errors = c2Errors(lba)
        for place in errors.wrong { raw[place] ^= 0xFF }
        return SoundMemory.Sector(bytes: raw, flagged: errors.flagged)
    }

    /// What C2 says of a sector in the layout that a command asks for and the drive has.
    func errorFlags(_ flagged: [Int], _ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        var bits = [UInt8](repeating: 0, count: 294)
        for place in flagged { bits[place / 8] |= 0x80 >> UInt8(place % 8) }
        guard count > 294 else { return bits }
        let all = has(.c2WithoutSum) ? 0 : bits.reduce(0, |)
        return has(.c2SumFirst) ? [all, 0] + bits : bits + [all, 0]
    }
}
