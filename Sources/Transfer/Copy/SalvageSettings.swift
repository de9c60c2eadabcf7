/// What a medium and a drive are like, and how much is to be tried.
public struct SalvageSettings: Hashable, Sendable {
    /// The sectors of a block of error correction, counted from sector 0; 1 if sectors fail by themselves.
    public var sectorsPerBlock: Int
    /// The most sectors in a command.
    public var largestRead: Int
    /// How often what is bad is tried again at the end with all the drive's patience.
    public var retries: Int
    /// The seconds after which nothing more is tried; `nil` if there is no limit.
    public var secondsLimit: Double?
    /// The bad sectors above which nothing more is tried; `nil` if there is no limit.
    public var badLimit: Int?
    /// The parts of the disc that come first, in this order; all others follow.
    public var first: [RangeSet<Int>]
    /// Whether all is tried in one of these parts before the next one is begun.
    public var finishesParts = false
    /// Sectors, in rising order, before which a command has to end: those behind them are read in another
    /// way.
    public var borders: [Int] = []

    /// Creates settings.
    public init(
        sectorsPerBlock: Int = 1,
        largestRead: Int = 32,
        retries: Int = 1,
        secondsLimit: Double? = nil,
        badLimit: Int? = nil,
        first: [RangeSet<Int>] = []
    ) {
        self.sectorsPerBlock = max(1, sectorsPerBlock)
        self.largestRead = max(1, largestRead)
        self.retries = max(0, retries)
        self.secondsLimit = secondsLimit
        self.badLimit = badLimit
        self.first = first
    }
}
