/// How a virtual disc is formatted.
public struct FormatRecord: Codable, Hashable, Sendable {
    /// How far the formatting in the background has come (MMC-6 §6.22.3.1.13).
    public enum Background: String, Codable, Sendable {
        case stopped, running, complete
    }

    /// The format type of FORMAT UNIT, such as 26h for DVD+RW (MMC-6 §6.5.4.2).
    public var type: Int
    /// The sectors that can be read and written.
    public var sectors: Int
    /// The type-dependent parameter.
    public var parameter: Int
    /// How far the formatting in the background has come.
    public var background: Background
    /// Whether the formatted area grows with what is written at its end, until its session is
    /// closed (DVD-RW's intermediate state).
    public var isGrowing: Bool
    /// Whether the disc keeps spare sectors for defects.
    public var hasSpares: Bool
    /// Whether what is recorded on a BD-R can be replaced (pseudo-overwrite, MMC-6 §4.5.3.5.4).
    public var allowsReplacing: Bool

    /// Creates a format.
    public init(
        type: Int,
        sectors: Int,
        parameter: Int = 0,
        background: Background = .complete,
        isGrowing: Bool = false,
        hasSpares: Bool = false,
        allowsReplacing: Bool = false
    ) {
        self.type = type
        self.sectors = sectors
        self.parameter = parameter
        self.background = background
        self.isGrowing = isGrowing
        self.hasSpares = hasSpares
        self.allowsReplacing = allowsReplacing
    }
}
