/// How much of a CD's sector is kept; the rest follows from that and from the sector's address.
public enum SectorForm: Int, Codable, CaseIterable, Sendable {
    /// Nothing: silence, or data of zeros.
    case absent = 0
    /// 2048 bytes of user data.
    case user = 2048
    /// The subheader and 2048 bytes of mode 2 form 1.
    case form1 = 2056
    /// 2324 bytes of mode 2 form 2.
    case form2User = 2324
    /// The subheader and the 2324 bytes behind it of mode 2, either form.
    case form2 = 2332
    /// All of mode 2 behind the header.
    case mode2 = 2336
    /// The whole sector, and all of an audio sector.
    case raw = 2352

    /// Bytes that are kept.
    public var size: Int { rawValue }

    /// Where they lie in the sector of 2352 bytes.
    public func range(in mode: TrackMode) -> Range<Int> {
        switch self {
        case .absent: 0..<0
        case .user: mode.isMode2 ? 24..<2072 : 16..<2064
        case .form1: 16..<2072
        case .form2User: 24..<2348
        case .form2: 16..<2348
        case .mode2: 16..<2352
        case .raw: 0..<2352
        }
    }

    /// Whether tracks of a mode can be kept like that.
    public func suits(_ mode: TrackMode) -> Bool {
        switch self {
        case .absent, .raw: true
        case .user: mode == .mode1 || mode == .mode2Form1
        case .form1: mode == .mode2Form1
        case .form2User: mode == .mode2Form2
        case .form2: mode.isXA
        case .mode2: mode.isMode2
        }
    }
}
