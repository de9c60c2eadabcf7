/// What a raw data sector is, and what is wrong with it.
public struct SectorCondition: Hashable, Sendable {
    /// What it is, as far as can be told; `nil` if it is empty, of mode 0, or of a mode that is not
    /// defined.
    public let kind: RawSector.Kind?
    /// What is wrong.
    public let faults: SectorFaults

    /// Looks at a sector.
    ///
    /// A sector is what it says, unless its EDC is wrong and it has the right one of another kind. In
    /// a track of mode 2 without a form, nothing says that a sector is damaged but sync and header:
    /// there one that seems to be of XA and has a wrong EDC is none of XA.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes; fewer are as good as empty.
    ///   - mode: The mode of the sector's track; no audio.
    ///   - address: The sector's address; `nil` if the header may give any.
    public init(of sector: Span<UInt8>, in mode: TrackMode, at address: LBA?) {
        guard sector.count >= RawSector.size, !Self.isZero(sector, 0..<RawSector.size) else {
            kind = nil
            faults = .empty
            return
        }
        let hasSync = RawSector.hasSync(sector)
        var faults: SectorFaults = hasSync ? [] : .sync
        if let address, !Self.hasAddress(sector, address) { faults.insert(.header) }
        if hasSync, sector[15] == 0, Self.isZero(sector, 16..<RawSector.size) {
            kind = nil
            self.faults = faults
            return
        }
        let (kind, isRight) = Self.kind(of: sector, in: mode)
        if sector[15] != (kind == .mode1 ? 1 : 2) { faults.insert(.header) }
        if !isRight { faults.insert(.edc) }
        if let countsHeader = kind.headerInParity,
            !SectorECC.isRight(sector, countsHeader: countsHeader)
        {
            faults.insert(.ecc)
        }
        self.kind = kind
        self.faults = faults
    }

    /// What a sector is that is not empty, and whether its EDC is right.
    private static func kind(of sector: Span<UInt8>, in mode: TrackMode) -> (RawSector.Kind, Bool) {
        let said = RawSector.kind(of: sector)
        if let said, said != .mode2, hasEDC(sector, said) { return (said, true) }
        var others: [RawSector.Kind] = mode == .mode1 ? [.mode1] : []
        if mode.isXA || said == .mode2 { others += [.mode2Form1, .mode2Form2] }
        if let right = others.first(where: { hasOwnEDC(sector, $0) }) { return (right, true) }
        switch mode {
        case .mode2: return (.mode2, true)
        case .mode2Form1, .mode2Form2, .mode2Mixed:
            guard saysForm2(sector) else { return (.mode2Form1, false) }
            return (.mode2Form2, hasEDC(sector, .mode2Form2))
        case .mode1, .audio: return (.mode1, false)
        }
    }

    /// Whether both copies of the subheader say form 2, whatever sync and header say.
    private static func saysForm2(_ sector: Span<UInt8>) -> Bool {
        for i in 16..<20 where sector[i] != sector[i + 4] { return false }
        return sector[18] & 0x20 != 0
    }

    /// Whether a sector's EDC is right, or it needs none: form 2 may do without (CD-ROM XA).
    static func hasEDC(_ sector: Span<UInt8>, _ kind: RawSector.Kind) -> Bool {
        guard let range = kind.edcRange else { return true }
        if kind == .mode2Form2, isZero(sector, 2348..<2352) { return true }
        return RawSector.hasEDC(sector, over: range)
    }

    /// Whether a sector's own EDC speaks for it, and all else is right but for some faults.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes.
    ///   - mode: The mode of the sector's track; no audio.
    ///   - address: The sector's address; `nil` if the header may give any.
    ///   - faults: What may be wrong all the same.
    /// - Returns: Whether it holds what was recorded.
    public static func isProven(
        _ sector: Span<UInt8>,
        in mode: TrackMode,
        at address: LBA?,
        despite faults: SectorFaults = []
    ) -> Bool {
        let condition = SectorCondition(of: sector, in: mode, at: address)
        guard let kind = condition.kind else { return false }
        return condition.faults.isSubset(of: faults) && hasOwnEDC(sector, kind)
    }

    /// Whether a sector has a right EDC that is not zero, as that of nothing is.
    static func hasOwnEDC(_ sector: Span<UInt8>, _ kind: RawSector.Kind) -> Bool {
        guard let range = kind.edcRange else { return false }
        let code = range.upperBound..<(range.upperBound + 4)
        return !isZero(sector, code) && RawSector.hasEDC(sector, over: range)
    }

    /// Whether a header gives an address; of those behind 99:59:74, which only GD-ROMs have, it is not
    /// known how it does.
    private static func hasAddress(_ sector: Span<UInt8>, _ address: LBA) -> Bool {
        guard address < MSF(minute: 99, second: 59, frame: 74).lbaInProgramArea else { return true }
        let time = MSF(address)
        return sector[12] == RawSector.bcd(time.minute)
            && sector[13] == RawSector.bcd(time.second)
            && sector[14] == RawSector.bcd(time.frame)
    }

    private static func isZero(_ sector: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for i in range where sector[i] != 0 { return false }
        return true
    }
}

extension RawSector.Kind {
    /// The bytes that the EDC behind them is of; `nil` if there is none.
    var edcRange: Range<Int>? {
        switch self {
        case .mode1: 0..<2064
        case .mode2: nil
        case .mode2Form1: 16..<2072
        case .mode2Form2: 16..<2348
        }
    }

    /// Whether the header counts in P and Q; `nil` if there are none.
    var headerInParity: Bool? {
        switch self {
        case .mode1: true
        case .mode2Form1: false
        case .mode2, .mode2Form2: nil
        }
    }
}
