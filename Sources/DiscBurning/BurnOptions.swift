public import DiscModel
public import LibBurn

/// How an image is to be burned.
public struct BurnOptions: Sendable {
    /// The write speed; absent for the fastest.
    public var speed: DriveSpeed?
    /// Whether the laser stays low.
    public var simulates: Bool
    /// Whether the disc is read back and compared.
    public var verifies: Bool
    /// Whether the disc is ejected when all went well.
    public var ejects: Bool
    /// The write mode; absent to have it chosen.
    public var mode: WriteJob.Mode?
    /// Whether an image is burned that is shorter than its own file system.
    public var allowsTruncated: Bool
    /// Whether a disc is burned though not all of it can be written.
    public var allowsLoss: Bool

    /// Creates options.
    public init(
        speed: DriveSpeed? = nil,
        simulates: Bool = false,
        verifies: Bool = true,
        ejects: Bool = false,
        mode: WriteJob.Mode? = nil,
        allowsTruncated: Bool = false,
        allowsLoss: Bool = false
    ) {
        self.speed = speed
        self.simulates = simulates
        self.verifies = verifies
        self.ejects = ejects
        self.mode = mode
        self.allowsTruncated = allowsTruncated
        self.allowsLoss = allowsLoss
    }
}
