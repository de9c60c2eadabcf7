/// Data on a disc after the end that its file systems and partition tables claim.
public struct TrailingData: Codable, Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Codable, Sendable {
        /// Error-correction data for the image before it.
        case errorCorrection = "error-correction"
        /// Data that nothing on the disc claims: appended to the image, or left from earlier use.
        case unclaimed
    }

    /// What it is.
    public var kind: Kind
    /// The program and method that made it, such as `dvdisaster RS02`, where that is known.
    public var name: String?
    /// The first sector of it that was found.
    public var start: Int
    /// How many sectors there are, where that is known.
    public var sectors: Int?
    /// Whether they are part of the image that is made.
    public var kept: Bool

    /// Creates a finding.
    public init(_ kind: Kind, name: String? = nil, start: Int, sectors: Int?, kept: Bool) {
        self.kind = kind
        self.name = name
        self.start = start
        self.sectors = sectors
        self.kept = kept
    }
}
