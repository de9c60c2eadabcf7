public import DiscImages
import DiscModel
import LinuxCalls
public import Reports
public import Transfer

/// Compares two discs in all that they have: sessions and tracks with what belongs to them, every
/// sector raw, and subchannel that is kept.
///
/// What a conversion lost can be excused, and nothing else then differs. Sectors of two discs belong
/// together by their tracks; where the division into tracks is lost, data by their order.
public struct DiscComparison {
    /// What of a sector counts.
    public enum Extent: Sendable {
        /// All 2352 bytes: what one disc does not store follows from the rest, and has to be what the
        /// other one stores. This proves a conversion.
        case whole
        /// What both discs store. The rest is only named.
        case stored
    }

    /// Sectors that are compared at a time.
    static let piece = 256
    /// Unreadable sectors after which the comparison ends: a drive takes seconds over each.
    static let mostUnreadable = 1_000

    let first: any DiscSource
    let second: any DiscSource
    let extent: Extent
    /// The discs that a recorder wrote: zeros after a track are no difference there.
    let recorded: Set<ComparisonResult.Side>
    let excuses: [DiscFeature: Set<Int>]
    var result = DiscComparisonResult()
    /// What one disc has after the end of the other one's track.
    var tails: [TrackTail] = []
    /// The sectors of the current piece that were counted as different.
    var counted: Set<Int> = []

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - first: A disc.
    ///   - second: Another.
    ///   - extent: What of a sector counts.
    ///   - recorded: The discs that a recorder wrote, which may have zeros after a track.
    ///   - losses: What may differ: with numbers only in those tracks of the first disc.
    public init(
        _ first: any DiscSource,
        _ second: any DiscSource,
        comparing extent: Extent = .whole,
        recorded: Set<ComparisonResult.Side> = [],
        excusing losses: [DiscLoss] = []
    ) {
        self.first = first
        self.second = second
        self.extent = extent
        self.recorded = recorded
        excuses = Dictionary(losses.map { ($0.feature, Set($0.tracks)) }) { a, b in
            a.isEmpty || b.isEmpty ? [] : a.union(b)
        }
    }

    /// Compares.
    ///
    /// Blocks until it is done. A sector that can't be read is a result.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the progress, on the calling thread.
    /// - Returns: What was found.
    /// - Throws: ``Reports/Failure`` where a disc can't be read on, or it was cancelled.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> DiscComparisonResult
    {
        var comparison = self
        let pairs = comparison.compareLayouts()
        do {
            try comparison.compareSectors(pairs, cancellation, tell)
            for tail in comparison.tails where comparison.result.gaveUpAt == nil {
                try comparison.examine(tail, cancellation)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(reading: error)
        }
        return comparison.result
    }

    /// Whether something may differ in a track.
    func excuses(_ feature: DiscFeature, _ track: Int?) -> Bool {
        guard let tracks = excuses[feature] else { return false }
        guard let track, !tracks.isEmpty else { return true }
        return tracks.contains(track)
    }

    /// Takes note of a difference; one that is excused is only counted.
    ///
    /// - Returns: Whether it is one that nothing excuses.
    @discardableResult
    mutating func note(_ difference: DiscDifference) -> Bool {
        let isExcused =
            !difference.features.isEmpty
            && difference.features.allSatisfy { excuses($0, difference.track) }
        guard isExcused else {
            if difference.sector == nil || result.differingSectors == 0 {
                result.differences.append(difference)
            }
            if let sector = difference.sector, counted.insert(sector).inserted {
                result.differingSectors += 1
                result.firstDifferingSector = result.firstDifferingSector ?? sector
            }
            return true
        }
        for feature in difference.features { excuse(feature, difference.track) }
        return false
    }

    /// Takes note of something that only one of the discs has and that is no difference.
    mutating func excuse(_ feature: DiscFeature, _ track: Int?) {
        result.excused[feature, default: []].formUnion(track.map { [$0] } ?? [])
    }

    private mutating func compareSectors(
        _ pairs: [TrackPair],
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws {
        let total = pairs.reduce(0) { $0 + $1.sectors.count }
        var meter = RateMeter(phase: .verify, total: total * RawSector.size)
        var done = 0
        for pair in pairs {
            var address = pair.sectors.lowerBound
            while address < pair.sectors.upperBound {
                if cancellation.isRequested { throw Failure.stopped }
                guard result.unreadableSectors < Self.mostUnreadable else {
                    result.gaveUpAt = address
                    return
                }
                counted.removeAll(keepingCapacity: true)
                let count = min(Self.piece, pair.sectors.upperBound - address)
                let went = try compare(pair, address..<(address + count))
                address += went
                done += went
                if meter.isDue { tell(.progress(meter.progress(bytes: done * RawSector.size))) }
            }
        }
        tell(.progress(meter.progress(bytes: total * RawSector.size)))
    }
}
