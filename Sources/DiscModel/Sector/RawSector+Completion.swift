extension RawSector {
    /// What a sector says of itself by its sync and header; `nil` if it has no sync, as audio
    /// has none, or a mode that is not defined.
    ///
    /// Mode 2 has a form where the two copies of the subheader agree (CD-ROM XA).
    public static func kind(of sector: Span<UInt8>) -> Kind? {
        guard sector.count >= size, hasSync(sector) else { return nil }
        switch sector[15] {
        case 1: return .mode1
        case 2:
            for i in 16..<20 where sector[i] != sector[i + 4] { return .mode2 }
            return sector[18] & 0x20 == 0 ? .mode2Form1 : .mode2Form2
        default: return nil
        }
    }

    /// Whether bytes begin with the sync pattern.
    public static func hasSync(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= sync.count else { return false }
        for i in 1..<11 where bytes[i] != 0xFF { return false }
        return bytes[0] == 0 && bytes[11] == 0
    }

    /// Completes a sector of which a part stands in its place already.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes; what ``SectorForm/range(in:)`` names is kept, the rest is made.
    ///   - form: What is there.
    ///   - mode: The mode of the sector's track.
    ///   - address: The sector's address.
    public static func complete(
        _ sector: inout MutableSpan<UInt8>,
        from form: SectorForm,
        of mode: TrackMode,
        at address: LBA
    ) {
        guard sector.count >= size, form != .raw else { return }
        if form == .absent { for i in 0..<size { sector[i] = 0 } }
        switch (mode, form) {
        case (.audio, _): break
        case (.mode1, _): complete(&sector, .mode1, at: address)
        case (_, .mode2): writeHeader(&sector, at: address, mode: 2)
        case (.mode2, .absent): complete(&sector, .mode2, at: address)
        case (.mode2Form1, .absent):
            writeSubheader(&sector, submode: 0)
            complete(&sector, .mode2Form1, at: address)
        case (_, .absent):
            // The pauses of XA discs hold empty sectors of form 2.
            writeSubheader(&sector, submode: 0x20)
            complete(&sector, .mode2Form2, at: address)
        case (_, .user):
            writeSubheader(&sector, submode: 0x08)
            complete(&sector, .mode2Form1, at: address)
        case (_, .form2User):
            writeSubheader(&sector, submode: 0x20)
            complete(&sector, .mode2Form2, at: address)
        case (_, .form1): complete(&sector, .mode2Form1, at: address)
        case (_, .form2):
            let isForm2 = sector[18] & 0x20 != 0
            complete(&sector, isForm2 ? .mode2Form2 : .mode2Form1, at: address)
        case (_, .raw): break
        }
    }

    /// Whether a sector is what would be made from a part of it, so that keeping that part loses
    /// nothing.
    public static func isRegular(
        _ sector: Span<UInt8>,
        keeping form: SectorForm,
        of mode: TrackMode,
        at address: LBA
    ) -> Bool {
        guard sector.count >= size, form != .raw else { return true }
        if mode == .audio {
            guard form == .absent else { return false }
            for i in 0..<size where sector[i] != 0 { return false }
            return true
        }
        if let kind = kind(keeping: form, of: mode, sector) {
            return isRegular(sector, kind, at: address)
        }
        var made = InlineArray<2352, UInt8>(repeating: 0)
        var span = made.mutableSpan
        for i in form.range(in: mode) { span[i] = sector[i] }
        complete(&span, from: form, of: mode, at: address)
        for i in 0..<size where span[i] != sector[i] { return false }
        return true
    }

    /// What a sector becomes of which all is kept that does not follow from the rest; `nil` if
    /// less is.
    private static func kind(
        keeping form: SectorForm,
        of mode: TrackMode,
        _ sector: Span<UInt8>
    ) -> Kind? {
        switch (mode, form) {
        case (.audio, _): nil
        case (.mode1, .user): .mode1
        case (.mode1, _): nil
        case (_, .mode2): .mode2
        case (_, .form1): .mode2Form1
        case (_, .form2): sector[18] & 0x20 == 0 ? .mode2Form1 : .mode2Form2
        default: nil
        }
    }

    /// Whether all of a sector that ``complete(_:_:at:)`` makes is what it makes it.
    public static func isRegular(_ sector: Span<UInt8>, _ kind: Kind, at address: LBA) -> Bool {
        guard sector.count >= size, hasSync(sector) else { return false }
        let time = MSF(address)
        guard sector[12] == bcd(time.minute), sector[13] == bcd(time.second),
            sector[14] == bcd(time.frame), sector[15] == (kind == .mode1 ? 1 : 2)
        else { return false }
        switch kind {
        case .mode1:
            for i in intermediate where sector[i] != 0 { return false }
            return hasEDC(sector, over: 0..<2064) && SectorECC.isRight(sector, countsHeader: true)
        case .mode2: return true
        case .mode2Form1:
            return hasEDC(sector, over: 16..<2072)
                && SectorECC.isRight(sector, countsHeader: false)
        case .mode2Form2: return hasEDC(sector, over: 16..<2348)
        }
    }

    /// Whether the EDC behind a range is that of the range.
    static func hasEDC(_ sector: Span<UInt8>, over range: Range<Int>) -> Bool {
        let sum = SectorEDC.sum(of: sector, in: range)
        for i in 0..<4 {
            let byte = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(i)))
            if sector[range.upperBound + i] != byte { return false }
        }
        return true
    }

    /// Puts a subheader into a sector: file 0, channel 0, and a submode, twice (CD-ROM XA).
    private static func writeSubheader(_ sector: inout MutableSpan<UInt8>, submode: UInt8) {
        for i in 16..<24 { sector[i] = 0 }
        sector[18] = submode
        sector[22] = submode
    }
}
