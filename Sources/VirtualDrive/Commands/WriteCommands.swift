import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// WRITE(10) and WRITE AND VERIFY(10) (MMC-6 §6.44).
    func write10(_ cdb: CDB, _ data: Span<UInt8>) throws(Sense) {
        try write(data, at: cdb.lba(2), sectors: cdb.u16(7))
    }

    /// WRITE(12) (MMC-6 §6.45).
    func write12(_ cdb: CDB, _ data: Span<UInt8>) throws(Sense) {
        try write(data, at: cdb.lba(2), sectors: cdb.u32(6))
    }

    private func write(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        let (_, method, _) = try requireDisc()
        guard sectors > 0 else { return }
        timeWriting(lba..<lba + sectors, bytes: data.count)
        try method.write(data, at: lba, sectors: sectors)
    }

    /// SYNCHRONIZE CACHE (MMC-6 §6.41).
    func synchronizeCache(_ cdb: CDB) throws(Sense) {
        let (_, method, _) = try requireDisc()
        timeFlushing()
        try method.synchronize()
        if cdb.bit(1, 1) { condition.begin(0x04, 0x08) }
    }

    /// RESERVE TRACK (MMC-6 §6.31).
    func reserveTrack(_ cdb: CDB) throws(Sense) {
        let (_, method, _) = try requireDisc()
        // Splitting a track at an address (ARSV) and modes of DVD-RW's borders (RMZ) are for
        // recorders of cameras.
        guard cdb.u8(1) & 0x03 == 0 else { throw cdb.invalid(1, bit: 1) }
        try method.reserve(cdb.u32(5))
    }

    /// SEND OPC INFORMATION (MMC-6 §6.34.1): this drive needs no calibration, but time.
    func sendOPC(_ cdb: CDB, _ list: [UInt8]) throws(Sense) {
        let (disc, _, _) = try requireDisc()
        guard profile.writes(disc.record), disc.record.medium.facts.recording != .readOnly else {
            throw .incompatibleMedium
        }
        timeCalibration()
    }

    /// CLOSE TRACK/SESSION (MMC-6 §6.3).
    func closeTrackSession(_ cdb: CDB) throws(Sense) {
        let (_, method, _) = try requireDisc()
        timeClosing(cdb.u8(2) & 7)
        do {
            try method.close(cdb.u8(2) & 7, track: cdb.u16(4))
        } catch {
            guard has(.emptyCloseSucceeds), error == Self.nothingToClose else { throw error }
        }
        if cdb.bit(1, 0) { condition.begin(0x04, 0x08) }
    }

    /// READ BUFFER CAPACITY (MMC-6 §6.20): the buffer is always free.
    func readBufferCapacity(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let size = bufferSize
        guard cdb.bit(1, 0) else { return BufferCapacity(size: size, free: size).encoded }
        // In blocks: one descriptor without sizes in bytes.
        let blocks = size / 2048
        var bytes = BufferCapacity(size: 0, free: blocks).encoded
        bytes[3] = 1
        return bytes
    }

    /// SEND CUE SHEET (MMC-6 §6.33).
    func sendCueSheet(_ cdb: CDB, _ list: [UInt8]) throws(Sense) {
        let (_, method, _) = try requireDisc()
        let length = cdb.u24(6)
        guard length > 0, length % 8 == 0 else { throw cdb.invalid(6) }
        guard list.count >= length else { throw .wrongParameterLength }
        try method.plan(CueSheet(parsing: Array(list.prefix(length))))
    }

    /// FORMAT UNIT (MMC-6 §6.5).
    func formatUnit(_ cdb: CDB, _ list: [UInt8]) throws(Sense) {
        let (disc, method, traits) = try requireDisc()
        guard cdb.bit(1, 4), cdb.u8(1) & 7 == 1 else { throw cdb.invalid(1, bit: 4) }
        guard let wanted = try? FormatParameters(parsing: list) else {
            throw .wrongParameterLength
        }
        let offers = traits.formats.filter { $0.type == wanted.type }
        guard !offers.isEmpty else {
            throw traits.formats.isEmpty ? .incompatibleMedium : .invalidParameter(8, bit: 7)
        }
        // A BD-R takes a format only while nothing is recorded.
        if disc.record.medium.facts.recording == .once, !disc.record.sessions.isEmpty {
            throw .incompatibleMedium
        }
        let format = try format(wanted, offers, disc.record)
        method.leave()
        disc.record.format = format
        disc.record.isMinimallyBlanked = false
        if disc.record.medium == .cdRW {
            let parameters = modePages.writeParameters
            try? disc.discardAll()
            disc.record.formatInPackets(
                control: parameters.trackMode | 4,
                dataMode: parameters.blockType == 8 ? 1 : 2
            )
        }
        if disc.record.isOverwritable {
            disc.record.sessions = []
            disc.record.isFinalized = false
        }
        do { try disc.store() } catch { throw Sense(.mediumError, 0x31, 0x01) }
        condition.backgroundProgress = 0
        timeFormatting(format)
        chooseMethod()
        if disc.record.medium.facts.family != .cd { modePages.mediumChanged(to: self.traits) }
        if wanted.isImmediate { condition.begin(0x04, 0x04) }
    }

    /// The format that a disc gets.
    private func format(
        _ wanted: FormatParameters,
        _ offers: [FormatCapacities.Descriptor],
        _ record: DiscRecord
    ) throws(Sense) -> FormatRecord {
        let most = offers.map(\.sectors).max() ?? 0
        switch wanted.type {
        case 0x26:
            // DVD+RW: the whole disc in the background, whatever size is given; FFFFFFFFh is
            // allowed. Restart takes up a format that was stopped (MMC-6 §6.5.4.2.14).
            return FormatRecord(type: 0x26, sectors: record.capacity, background: .running)
        case 0x13:
            // DVD-RW: opens the closed session for growing.
            guard var format = record.format else { throw .invalidParameter(8, bit: 7) }
            format.isGrowing = true
            return format
        case 0x15:
            // DVD-RW quick: grows from the size given, which may be none.
            guard wanted.sectors <= most else { throw .invalidParameter(4) }
            return FormatRecord(
                type: 0x15,
                sectors: wanted.sectors / 16 * 16,
                parameter: 16,
                isGrowing: true
            )
        case 0x10 where record.medium == .cdRW:
            // The whole disc in packets of 32 (MMC-6 §6.5.4.2.7).
            guard wanted.parameter == DiscRecord.packetOfCDRW else { throw .invalidParameter(9) }
            guard wanted.sectors <= most, wanted.sectors >= wanted.parameter else {
                throw .invalidParameter(4)
            }
            return FormatRecord(
                type: 0x10,
                sectors: wanted.sectors / wanted.parameter * wanted.parameter,
                parameter: wanted.parameter
            )
        default:
            let least = offers.map(\.sectors).min() ?? 0
            // Spare areas can be of any size between those offered; other formats of any size up
            // to the one offered.
            let isSpares = [0x30, 0x32].contains(wanted.type)
            guard wanted.sectors <= most, wanted.sectors >= (isSpares ? least : 1) else {
                throw .invalidParameter(4)
            }
            // Sub-type 0 of a BD-R's formats lets what is recorded be replaced (MMC-6 §6.5.4.2.1.6).
            let isOnce = record.medium.facts.recording == .once
            return FormatRecord(
                type: wanted.type,
                sectors: wanted.sectors,
                parameter: wanted.parameter,
                hasSpares: wanted.type != 0x31,
                allowsReplacing: isOnce && wanted.subtype == 0
            )
        }
    }
}
