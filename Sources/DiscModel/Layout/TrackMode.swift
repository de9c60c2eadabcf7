/// What the sectors of a track are.
public enum TrackMode: String, Codable, CaseIterable, Sendable {
    /// 2352 bytes of sound: 588 pairs of samples of 16 bits, the low byte first.
    case audio
    /// 2048 bytes of data with error correction; also the sectors of DVD and BD.
    case mode1
    /// 2336 bytes without error correction and without a form.
    case mode2
    /// CD-ROM XA: a subheader and 2048 bytes with error correction in every sector.
    case mode2Form1 = "mode2-form1"
    /// CD-ROM XA: a subheader and 2324 bytes without error correction in every sector.
    case mode2Form2 = "mode2-form2"
    /// CD-ROM XA or CD-I: each sector's subheader says which of the two forms it has.
    case mode2Mixed = "mode2-mixed"

    /// Whether the sectors are data.
    public var isData: Bool { self != .audio }
    /// Whether the header of a sector says mode 2.
    public var isMode2: Bool { isData && self != .mode1 }
    /// Whether the sectors have a subheader.
    public var isXA: Bool { self == .mode2Form1 || self == .mode2Form2 || self == .mode2Mixed }

    /// The name that people use.
    public var displayName: String {
        switch self {
        case .audio: "audio"
        case .mode1: "mode 1"
        case .mode2: "mode 2"
        case .mode2Form1: "mode 2 form 1"
        case .mode2Form2: "mode 2 form 2"
        case .mode2Mixed: "mode 2 XA"
        }
    }
}
