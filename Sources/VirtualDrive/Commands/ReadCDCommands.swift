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
        do { selection = try SectorSelection(cdb) } catch { return .init(sense: error) }
        let size = max(1, selection.leastSize)
        let wanted = sectors.prefix(buffer.count / size)
        let fault = badSector(wanted)
        let end = fault?.lba ?? wanted.upperBound
        var result = CommandEntry.ReadResult(sense: fault?.sense)
        let userSize = 2048
        var lba = sectors.lowerBound
        defer { passOver(sectors.lowerBound..<lba) }
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
        case .audio: isAudio = true
        case .link: throw runOutSense
        case .unrecorded(let sense): throw sense
        }
        guard let track = disc.record.track(holding: lba) else { throw .outOfRange }
        var raw: [UInt8]
        do { raw = try rawSector(lba, track, disc) } catch {
            throw Sense(.mediumError, 0x11, 0x00)
        }
        var kind: SectorSelection.Kind =
            isAudio ? .audio : RawSectorKind.of(raw)
        if selection.wantsAudio, has(.readsDataAsAudio) { kind = .audio }
        guard let parts = selection.parts(of: kind) else { throw .wrongKindOfSector }
        let user = kind == .audio ? 0..<2352 : SectorSelection.userData(of: kind)
        var span = raw.mutableSpan
        var userSpan = span._mutatingExtracting(user)
        flipBits(lba..<lba + 1, size: user.count, in: &userSpan)
        let errors = c2Errors(lba)
        // In data sectors the third layer of correction makes good what C2 flags.
        if kind == .audio { for place in errors { raw[place] ^= 0xFF } }
        var bytes = parts.flatMap { raw[$0] }
        bytes += errorFlags(errors, selection.errorFlagBytes)
        switch selection.subchannel {
        case .none: break
        case .raw: bytes += try subchannel(lba, track, disc)
        case .q: bytes += try formattedQ(lba, track, disc)
        }
        return bytes
    }

    /// A bit for each byte of the sector that C2 could not correct, the first byte's the highest of
    /// the first; and, of 296 bytes, one with all bits together (MMC-6 §6.19.2.2).
    private func errorFlags(_ errors: [Int], _ count: Int) -> [UInt8] {
        var flags = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return flags }
        for place in errors { flags[place / 8] |= 0x80 >> UInt8(place % 8) }
        if count > 294 { flags[294] = flags[..<294].reduce(0, |) }
        return flags
    }

    /// A whole sector of 2352 bytes: as it was kept, or made from its user data.
    private func rawSector(_ lba: Int, _ track: TrackRecord, _ disc: VirtualDisc) throws
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
