public import DiscModel

/// How an image is to be burned.
public struct BurnOptions: Sendable {
    /// The write speed; absent for the fastest.
    public var speed: DriveSpeed?
    /// Whether the laser stays low.
    public var simulates: Bool
    /// Whether only the plan is made: the disc is looked at, nobody is asked, and nothing is written.
    public var plansOnly: Bool
    /// Whether the disc is read back and compared.
    public var verifies: Bool
    /// Whether the disc is ejected when all went well.
    public var ejects: Bool
    /// The write mode; absent to have it chosen.
    public var mode: WriteMode?
    /// Whether a disc that holds sessions already may get another one.
    public var appends: Bool
    /// Whether a CD-RW or DVD-RW that holds something is blanked first.
    public var blanks: Bool
    /// Whether the disc is to take further sessions.
    public var keepsOpen: Bool
    /// The sector to begin at, on a disc that can be written anywhere; `nil` to have it chosen.
    public var address: Int?
    /// Whether a burn that was broken off is gone on with, behind what the disc holds of the image.
    public var resumes: Bool
    /// The other drive in which the disc is read back, and how long it may take to get there; `nil` for
    /// none.
    public var secondDrive: SecondDrive?
    /// Whether the drive replaces bad blocks as it writes; `nil` for the drive's usual way.
    public var managesDefects: Bool?
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
        plansOnly: Bool = false,
        verifies: Bool = true,
        ejects: Bool = false,
        mode: WriteMode? = nil,
        appends: Bool = true,
        blanks: Bool = false,
        keepsOpen: Bool = false,
        address: Int? = nil,
        resumes: Bool = false,
        secondDrive: SecondDrive? = nil,
        managesDefects: Bool? = nil,
        allowsTruncated: Bool = false,
        allowsLoss: Bool = false,
        secondsToThink: Double = 0,
        libburn: [String]? = nil
    ) {
        self.speed = speed
        self.simulates = simulates
        self.plansOnly = plansOnly
        self.verifies = verifies
        self.ejects = ejects
        self.mode = mode
        self.appends = appends
        self.blanks = blanks
        self.keepsOpen = keepsOpen
        self.address = address
        self.resumes = resumes
        self.secondDrive = secondDrive
        self.managesDefects = managesDefects
        self.allowsTruncated = allowsTruncated
        self.allowsLoss = allowsLoss
        self.secondsToThink = secondsToThink
        self.libburn = libburn
    }
}
