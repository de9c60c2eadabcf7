import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// READ CD (MMC-6 §6.19).
    func readCD(_ cdb: CDB, into buffer: inout MutableSpan<UInt8>) -> CommandEntry.ReadResult {
        readSectors(cdb.lba(2)..<cdb.lba(2) + cdb.u24(6), cdb, into: &buffer)
    }

    /// READ CD MSF (MMC-6 §6.20).
    func readCDMSF(_ cdb: CDB, into buffer: inout MutableSpan<UInt8>) -> CommandEntry.ReadResult {
        let start = MSF(minute: cdb.u8(3), second: cdb.u8(4), frame: cdb.u8(5)).lba.rawValue
        let end = MSF(minute: cdb.u8(6), second: cdb.u8(7), frame: cdb.u8(8)).lba.rawValue
        guard start <= end else { return .init(sense: cdb.invalid(3)) }
        return readSectors(start..<end, cdb, into: &buffer)
    }

    private func readSectors(
        _ sectors: Range<Int>,
        _ cdb: CDB,
        into buffer: inout MutableSpan<UInt8>
    ) -> CommandEntry.ReadResult {
        guard let disc else { return .init(sense: Sense(.notReady, 0x3A, 0x00)) }
        guard disc.record.medium.facts.family == .cd else {
            return .init(sense: .incompatibleMedium)
        }
        let selection: SectorSelection
        do {
            selection = try SectorSelection(cdb)
            try checkErrorFlags(selection, cdb)
        } catch { return .init(sense: error) }
        let size = max(1, selection.leastSize)
        let wanted = sectors.prefix(buffer.count / size)
        let fault = badSector(wanted)
        let end = fault?.lba ?? wanted.upperBound
        var result = CommandEntry.ReadResult(sense: fault?.sense)
        let userSize = 2048
        var lba = sectors.lowerBound
        sound.begin(at: lba, jitter: audio.jitter)
        sound.fresh = nil
        defer {
            sound.next = lba
            if lba == wanted.upperBound, !wanted.isEmpty { readAhead(from: lba, disc) }
            // What the drive has kept takes no time of the mechanism's.
            let all = sectors.lowerBound..<lba
            passOver(audio.cache > 0 && isSound(all, disc) ? sound.fresh ?? lba..<lba : all)
            if let last = all.last { condition.head = last }
        }
        while lba < end {
            let plain = min(
                plainSectors(at: lba, before: end, selection, disc),
                (buffer.count - result.transferred) / userSize
            )
            if plain > 0 {
                let place = result.transferred..<result.transferred + plain * userSize
                var part = buffer._mutatingExtracting(place)
                do { try disc.readUserData(at: lba, into: &part) } catch {
                    result.sense = Sense(.mediumError, 0x11, 0x00)
                    return result
                }
                flipBits(lba..<lba + plain, size: userSize, in: &part)
                result.transferred = place.upperBound
                lba += plain
                continue
            }
            let bytes: [UInt8]
            do { bytes = try self.sector(lba, selection, disc) } catch {
                result.sense = error
                return result
            }
            guard result.transferred + bytes.count <= buffer.count, !bytes.isEmpty else { break }
            for i in bytes.indices { buffer[result.transferred + i] = bytes[i] }
            result.transferred += bytes.count
            lba += 1
        }
        return result
    }

    /// How many sectors from a place on are asked for as what was kept of them, user data alone.
    ///
    /// Nobody sees the header and the parity of these, so none are made.
    private func plainSectors(
        at lba: Int,
        before end: Int,
        _ selection: SectorSelection,
        _ disc: VirtualDisc
    ) -> Int {
        guard selection.isUserDataOnly, let track = disc.record.track(holding: lba),
            track.form == .cooked, track.dataMode != 2
        else { return 0 }
        let stretch = stretch(at: lba, in: disc.record)
        guard case .data = stretch.kind else { return 0 }
        return max(0, min(end, stretch.end) - lba)
    }

    /// What a command asked for of a sector.
    private func sector(_ lba: Int, _ selection: SectorSelection, _ disc: VirtualDisc)
        throws(Sense) -> [UInt8]
    {
        let stretch = stretch(at: lba, in: disc.record)
        let isAudio: Bool
        switch stretch.kind {
        case .data: isAudio = false
        case .audio:
            guard lba >= -audio.leadIn else { throw .outOfRange }
            isAudio = true
        case .link: throw runOutSense
        case .unrecorded(let sense):
            guard isBeyond(lba, disc.record) else { throw sense }
            return try beyond(lba, selection, disc)
        }
        guard let track = disc.record.track(holding: lba) else { throw .outOfRange }
        if isAudio { return try audioSector(lba, track, selection, disc) }
        var raw: [UInt8]
        do { raw = try rawSector(lba, track, disc) } catch {
            throw Sense(.mediumError, 0x11, 0x00)
        }
        var kind = RawSectorKind.of(raw)
        if selection.wantsAudio, has(.readsDataAsAudio) { kind = .audio }
        guard let parts = selection.parts(of: kind) else { throw .wrongKindOfSector }
        let user = kind == .audio ? 0..<2352 : SectorSelection.userData(of: kind)
        var span = raw.mutableSpan
        var userSpan = span._mutatingExtracting(user)
        flipBits(lba..<lba + 1, size: user.count, in: &userSpan)
        let errors = c2Errors(lba)
        // In data sectors the third layer of correction makes good what C2 flags.
        if kind == .audio { for place in errors.wrong { raw[place] ^= 0xFF } }
        return joined(
            parts.flatMap { raw[$0] },
            errorFlags(errors.flagged, selection.errorFlagBytes),
            try subchannel(of: lba, track, selection, disc)
        )
    }

    /// What a command asked for of a sector of audio.
    private func audioSector(
        _ lba: Int,
        _ track: TrackRecord,
        _ selection: SectorSelection,
        _ disc: VirtualDisc
    ) throws(Sense) -> [UInt8] {
        guard let parts = selection.parts(of: .audio) else { throw .wrongKindOfSector }
        let sector = try soundSector(lba, disc)
        var flagged = sector.flagged
        if selection.errorFlagBytes > 0 {
            if has(.c2OfDataOnly) { flagged = [] }
            // They come with the next sector.
            if has(.c2Late) {
                flagged = []
                if case .audio = stretch(at: lba - 1, in: disc.record).kind {
                    flagged = try soundSector(lba - 1, disc).flagged
                }
            }
        }
        return joined(
            parts.flatMap { sector.bytes[$0] },
            errorFlags(flagged, selection.errorFlagBytes),
            try subchannel(of: lba, track, selection, disc)
        )
    }

    /// What a command asked for of a sector in the lead-out.
    private func beyond(_ lba: Int, _ selection: SectorSelection, _ disc: VirtualDisc)
        throws(Sense) -> [UInt8]
    {
        guard let parts = selection.parts(of: .audio), let last = disc.record.tracks.last else {
            throw .wrongKindOfSector
        }
        let sector = try soundSector(lba, disc)
        let end = max(last.start, (soundEnd(disc.record) ?? lba) - 1)
        return joined(
            parts.flatMap { sector.bytes[$0] },
            errorFlags(sector.flagged, selection.errorFlagBytes),
            try subchannel(of: end, last, selection, disc)
        )
    }

    /// A sector's parts in the order in which the drive gives them.
    private func joined(_ main: [UInt8], _ flags: [UInt8], _ subchannel: [UInt8]) -> [UInt8] {
        has(.c2BehindSubchannel) ? main + subchannel + flags : main + flags + subchannel
    }

    private func subchannel(
        of lba: Int,
        _ track: TrackRecord,
        _ selection: SectorSelection,
        _ disc: VirtualDisc
    ) throws(Sense) -> [UInt8] {
        switch selection.subchannel {
        case .none: []
        case .raw: try readSubchannel(lba, track, disc)
        case .q: try formattedQ(lba, track, disc)
        }
    }

    /// Refuses C2 in a layout that the drive does not have.
    private func checkErrorFlags(_ selection: SectorSelection, _ cdb: CDB) throws(Sense) {
        let count = selection.errorFlagBytes
        if count > 0, has(.noC2) || count == 294 && has(.noC2Of294) {
            throw cdb.invalid(9, bit: 2)
        }
    }

    /// A whole sector of 2352 bytes: as it was kept, or made from its user data.
    func rawSector(_ lba: Int, _ track: TrackRecord, _ disc: VirtualDisc) throws
        -> [UInt8]
    {
        var raw = [UInt8](repeating: 0, count: RawSector.size)
        var span = raw.mutableSpan
        guard track.form == .cooked else {
            try disc.readRaw(at: lba, dataMode: track.dataMode, into: &span)
            return raw
        }
        let isMode2 = track.dataMode == 2
        let start = isMode2 ? 24 : 16
        var user = span._mutatingExtracting(start..<start + 2048)
        try disc.readUserData(at: lba, into: &user)
        if isMode2 {
            // Submode 08h, data, twice (CD-ROM XA).
            span[18] = 0x08
            span[22] = 0x08
        }
        RawSector.complete(&span, isMode2 ? .mode2Form1 : .mode1, at: LBA(lba))
        return raw
    }

    /// READ HEADER (MMC-2 §6.1.8).
    func readHeader(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let (disc, _, _) = try requireDisc()
        let lba = cdb.lba(2)
        if let sense = obstacle(lba..<lba + 1, in: disc.record) { throw sense }
        let mode = disc.record.track(holding: lba)?.dataMode ?? 1
        let time = MSF(LBA(lba))
        let address: [UInt8] =
            cdb.bit(1, 1)
            ? [0, UInt8(time.minute), UInt8(time.second), UInt8(time.frame)]
            : [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: lba >> $0) }
        return [UInt8(mode), 0, 0, 0] + address
    }
}
