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
    public var mode: SessionJob.Mode?
    /// Whether an image is burned that is shorter than its own file system.
    public var allowsTruncated: Bool
    /// Whether a disc is burned though not all of it can be written.
    public var allowsLoss: Bool
    /// Seconds between the plan and the burn, in which it can be stopped at no cost.
    public var secondsToThink: Double
    /// The program, and its arguments, that does libburn's work in a process of its own.
    ///
    /// It calls ``LibBurn/BurnWorker/serveIfAsked()`` first of all. `nil` does the work in this process,
    /// which libburn's crash on a drive's odd reply then ends.
    public var libburn: [String]?

    /// Creates options.
    public init(
        speed: DriveSpeed? = nil,
        simulates: Bool = false,
        verifies: Bool = true,
        ejects: Bool = false,
        mode: SessionJob.Mode? = nil,
        allowsTruncated: Bool = false,
        allowsLoss: Bool = false,
        secondsToThink: Double = 0,
        libburn: [String]? = nil
    ) {
        self.speed = speed
        self.simulates = simulates
        self.verifies = verifies
        self.ejects = ejects
        self.mode = mode
        self.allowsTruncated = allowsTruncated
        self.allowsLoss = allowsLoss
        self.secondsToThink = secondsToThink
        self.libburn = libburn
    }
}
