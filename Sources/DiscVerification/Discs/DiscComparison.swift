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
    /// Sectors that are compared at a time.
    static let piece = 256

    let first: any DiscSource
    let second: any DiscSource
    let excuses: [DiscFeature: Set<Int>]
    var result = DiscComparisonResult()

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - first: A disc.
    ///   - second: Another.
    ///   - losses: What may differ: with numbers only in those tracks of the first disc.
    public init(
        _ first: any DiscSource,
        _ second: any DiscSource,
        excusing losses: [DiscLoss] = []
    ) {
        self.first = first
        self.second = second
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
            if let sector = difference.sector {
                result.differingSectors += 1
                result.firstDifferingSector = result.firstDifferingSector ?? sector
            }
            return true
        }
        for feature in difference.features {
            result.excused[feature, default: []].formUnion(difference.track.map { [$0] } ?? [])
        }
        return false
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
