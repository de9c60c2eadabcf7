import DiscModel
import LinuxCalls

/// How a copy goes about a disc that may be damaged, and what it has read of it.
///
/// The map counts the sectors of the disc from address 0 on. Those that no request asks for, or that
/// are on no disc, such as those between sessions, count as read.
public final class Recovery {
    /// Sectors of a request that are read alike, or made.
    struct Stretch {
        var sectors: Range<Int>
        var request: SectorRequest
        /// Whether they are made, and not read.
        var isMade: Bool
    }

    /// How much is to be tried; what source and sink are like is added by the copy.
    public var settings: SalvageSettings
    /// What has been read.
    public var map: SalvageMap {
        get { salvage?.map ?? known }
        set { known = newValue }
    }
    /// What has been read, with what the reader is at.
    public var file: SalvageMapFile { salvage?.file ?? SalvageMapFile(known) }
    /// Why nothing more is tried; `nil` while something is.
    public var end: Salvage.End? { salvage?.end }
    /// The sectors that the drive does not give out.
    public var refused: RangeSet<Int> { salvage?.refused ?? RangeSet() }
    /// The sectors that have to be read.
    public let wanted: RangeSet<Int>
    /// Why the first sectors that could not be read could not.
    public internal(set) var reason: String?
    /// Called when the sink's files are there, and nothing has been read.
    public var begun: () throws -> Void = {}
    /// Called after each attempt, when its sectors are written.
    public var step: (Salvage.Outcome) throws -> Void = { _ in }
    /// Called when nothing more is read.
    public var ended: () -> Void = {}
    /// Asked once, when all has been tried and the sink can give it back: which of the sectors that were read are
    /// to be read once more; `nil` if nobody looks.
    ///
    /// What comes, and is confirmed, takes the place of what was read before; where nothing comes, that stays. The
    /// wish to stop that it is given ends the look, and nothing else.
    public var review: ((Cancellation) throws -> RangeSet<Int>)?
    /// Asked of sectors that came once more: which of them are sure enough to take the place of what was read
    /// before.
    public var confirm: (Range<Int>) -> RangeSet<Int> = { RangeSet($0) }
    /// Whether a first wish to stop that comes when all has been tried ends only the look: what was read is
    /// finished.
    public var sparesEnd = false
    /// Called when such a wish comes, on the thread of whoever wishes.
    public var spared: @Sendable () -> Void = {}
    /// Told how many bytes those who look on have been given once more, and how many they will be.
    public var rereading: (Int, Int) -> Void = { _, _ in }
    /// The sectors that were read once more for that.
    public var reviewed: RangeSet<Int> {
        isReviewing ? again.intersection(RangeSet(map.ranges(.finished))) : again
    }
    /// Those of them that came otherwise than before.
    public internal(set) var changed = RangeSet<Int>()
    /// Those of them that were not confirmed, so that what was read before is there.
    public internal(set) var unconfirmed = RangeSet<Int>()
    /// Those of these that came otherwise than before.
    public internal(set) var disputed = RangeSet<Int>()
    /// Whether somebody ended the look before it was over.
    public internal(set) var isReviewEnded = false
    /// Whether they are being read.
    private(set) var isReviewing = false
    /// The sectors that are to be read once more, and when that is over those that were.
    private var again = RangeSet<Int>()
    /// The salvage before that.
    private var reading: Salvage?

    /// Sectors that a sink which packs them is given in one piece: all of them are tried first.
    private static let window = 4096

    let stretches: [Stretch]
    var salvage: Salvage?
    private var known: SalvageMap
    /// When it began, by the clock.
    var began = Clock.seconds

    /// Plans a recovery.
    ///
    /// - Parameters:
    ///   - source: The disc.
    ///   - sink: Where it goes.
    ///   - settings: How much is to be tried.
    public init(
        _ source: any DiscSource,
        _ sink: any DiscSink,
        _ settings: SalvageSettings = SalvageSettings()
    ) {
        self.settings = settings
        var stretches: [Stretch] = []
        for request in sink.requests {
            var address = request.sectors.lowerBound
            while address < request.sectors.upperBound {
                let storage = source.storage(at: address)
                var end = min(request.sectors.upperBound, address + storage.count)
                let isMade = address < 0 || storage.form == .absent
                if address < 0 { end = min(end, 0) }
                if !isMade, sink.order == .asAsked {
                    end = min(end, (address / Self.window + 1) * Self.window)
                }
                stretches.append(Stretch(sectors: address..<end, request: request, isMade: isMade))
                address = end
            }
        }
        self.stretches = stretches
        let read = stretches.filter { !$0.isMade }.map(\.sectors)
        wanted = RangeSet(read)
        known = SalvageMap(sectors: max(0, sink.requests.map(\.sectors.upperBound).max() ?? 0))
        known.markAll(.finished, but: wanted)
        if sink.order == .asAsked {
            self.settings.finishesParts = true
            self.settings.first = read.map { RangeSet($0) }
        } else {
            self.settings.borders = Set(read.map(\.lowerBound)).sorted()
        }
    }

    /// The number of the wanted sectors.
    public var wantedCount: Int { wanted.elementCount }

    /// The number of the wanted sectors that have been read.
    public var readCount: Int { map.count(.finished) - (map.sectorCount - wantedCount) }

    /// Takes what an earlier copy has read.
    ///
    /// - Parameter earlier: Its map, which may be longer or shorter than this one.
    public func resume(_ earlier: SalvageMap) {
        var earlier = earlier
        earlier.resize(to: known.sectorCount)
        earlier.markAll(.finished, but: wanted)
        known = earlier
    }

    /// The seconds since it began.
    var seconds: Double { Clock.seconds - began }

    /// Begins to read.
    func begin(_ attempts: any DiscAttempts, sectorsPerBlock: Int) {
        settings.largestRead = attempts.largestRead
        settings.sectorsPerBlock = sectorsPerBlock
        salvage = Salvage(known, settings)
    }

    // MARK: The second look

    /// Begins to read sectors once more, which were read already.
    func beginReview(of sectors: RangeSet<Int>) {
        var map = map
        let wanted = sectors.intersection(self.wanted)
        again = wanted.intersection(RangeSet(map.ranges(.finished)))
        for range in again.ranges { map.mark(range, .untried) }
        // Whoever goes on with the map reads them, too.
        var settings = settings
        settings.first = [again]
        settings.finishesParts = false
        settings.retries = 0
        settings.badLimit = nil
        reading = salvage
        salvage = Salvage(map, settings)
        isReviewing = true
    }

    /// Ends that: what did not come once more is there as it came before.
    func endReview() {
        again = reviewed
        isReviewing = false
        salvage = reading
    }
}

extension SalvageMap {
    /// Gives all sectors but some a state.
    fileprivate mutating func markAll(_ state: State, but others: RangeSet<Int>) {
        for range in RangeSet(0..<sectorCount).subtracting(others).ranges { mark(range, state) }
    }
}
