import DiscChecksums
public import DiscImages
import DiscModel
import LibCrypto
import LinuxCalls
public import Reports
public import Transfer

/// Compares two discs in all that they have: sessions and tracks with what belongs to them, every
/// sector raw, and subchannel that is kept; or only a run of user data.
///
/// What a conversion lost can be excused, and nothing else then differs. Sectors of two discs belong
/// together by their tracks; where the division into tracks is lost, data by their order. Each disc is
/// read on a thread of its own.
public struct DiscComparison {
    /// One of the two discs.
    public enum Side: Hashable, Sendable {
        case first, second
    }

    /// What of a sector counts.
    public enum Extent: Sendable {
        /// All 2352 bytes: what one disc does not store follows from the rest, and has to be what the
        /// other one stores. This proves a conversion.
        case whole
        /// What both discs store. The rest is only named.
        case stored
    }

    /// What a disc may have after the end of the other one's track without being different.
    public enum Surplus: Sendable {
        /// Nothing, as an image.
        case none
        /// Zeros: a recorder wrote it, and recording adds them.
        case zeros
        /// Anything: it can be written over, and what lies there is from other times. It is not read.
        case anything
    }

    let first: any DiscSource
    let second: any DiscSource
    let extent: Extent
    let surplus: (first: Surplus, second: Surplus)
    let excuses: [DiscFeature: Set<Int>]
    /// The sizes in bytes of two runs of user data; `nil` if whole discs are compared.
    private(set) var byteCounts: (first: Int, second: Int)?
    private let singleSpeed: Double?
    var result = DiscComparisonResult()
    /// The sectors of the current piece that were counted as different.
    var counted: Set<Int> = []

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - first: A disc.
    ///   - second: Another.
    ///   - extent: What of a sector counts.
    ///   - surplus: What each disc may have behind the end of the other one's track, as far as only what
    ///     both store counts.
    ///   - losses: What may differ: with numbers only in those tracks of the first disc.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    public init(
        _ first: any DiscSource,
        _ second: any DiscSource,
        comparing extent: Extent = .whole,
        allowing surplus: (first: Surplus, second: Surplus) = (.none, .none),
        excusing losses: [DiscLoss] = [],
        singleSpeed: Double? = nil
    ) {
        self.first = first
        self.second = second
        self.extent = extent
        self.surplus = surplus
        self.singleSpeed = singleSpeed
        excuses = Dictionary(losses.map { ($0.feature, Set($0.tracks)) }) { a, b in
            a.isEmpty || b.isEmpty ? [] : a.union(b)
        }
    }

    /// Prepares a comparison of two runs of user data, of which that on both discs is summed.
    ///
    /// - Parameters:
    ///   - first: The data of a disc.
    ///   - second: Those of another.
    ///   - surplus: What each disc may have behind the other one's end.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    public init(
        dataOf first: DataDisc,
        _ second: DataDisc,
        allowing surplus: (first: Surplus, second: Surplus) = (.none, .none),
        singleSpeed: Double? = nil
    ) {
        self.init(
            first,
            second,
            comparing: .stored,
            allowing: surplus,
            excusing: [DiscLoss(feature: .positions)],
            singleSpeed: singleSpeed
        )
        byteCounts = (first.byteCount, second.byteCount)
    }

    /// Compares.
    ///
    /// Blocks until it is done. A sector that can't be read is a result; after a thousand of them on one
    /// disc reading ends.
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
        let stretches = comparison.stretches(of: pairs)
        try comparison.compare(stretches, pairs, cancellation, tell)
        comparison.judgeEnds()
        return comparison.result
    }

    /// The bytes of user data that both have; `nil` if whole discs are compared.
    var payload: Int? { byteCounts.map { min($0.first, $0.second) } }

    private mutating func compare(
        _ stretches: [Stretch],
        _ pairs: [TrackPair],
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) {
        let readings = (
            a: DiscReading(
                first,
                stretches.map { $0.run(on: .first) },
                consumers: payload == nil ? 1 : 2,
                cancellation
            ),
            b: DiscReading(
                second,
                stretches.map { $0.run(on: .second) },
                consumers: 1,
                cancellation
            )
        )
        let both = [readings.a, readings.b]
        defer {
            for reading in both { reading.stopEarly() }
            for reading in both { reading.join() }
        }
        let sums: PrefixSums?
        do {
            sums = try payload.map {
                try PrefixSums([.sha256], of: $0, over: readings.a.ring, firstConsumer: 1)
            }
        } catch {
            throw Failure(summing: error)
        }
        do {
            try readings.a.start("read A")
            try readings.b.start("read B")
        } catch {
            for reading in both { reading.ring.abandon() }
            throw error
        }
        let total = stretches.reduce(0) { $0 + $1.count * $1.form.size }
        var meter = RateMeter(phase: .verify, total: total, singleSpeed: singleSpeed)
        var bytes = 0
        var before = 0
        walk: for (index, stretch) in stretches.enumerated() {
            for start in stride(from: 0, to: stretch.count, by: stretch.piece) {
                var piece = Piece(stretch, start..<min(stretch.count, start + stretch.piece))
                var isThere = false
                _ = readings.a.ring.consume(0) { one in
                    isThere = readings.b.ring.consume(0) { other in
                        piece.take(readings.a.met, readings.b.met, before: before)
                        take(piece, one, other, pairs)
                    }
                }
                guard isThere else { break walk }
                bytes += piece.sectors.count * stretch.form.size
                if meter.isDue { tell(.progress(meter.progress(bytes: bytes))) }
                if piece.gaveUp {
                    noteEnd(piece)
                    break walk
                }
                if case .tail(let tail, _) = stretch.kind, result.tails[tail].firstNotZero != nil {
                    for reading in both { reading.skip(index) }
                }
            }
            before += stretch.count
        }
        // What is in the first ring still counts for the sums.
        for reading in both {
            reading.stopEarly()
            reading.ring.leave(0)
        }
        if let failure = readings.a.met.failure ?? readings.b.met.failure {
            for reading in both { reading.ring.abandon() }
            throw failure
        }
        tell(.progress(meter.progress(bytes: bytes)))
        if let payload, let sum = sums?.finish().sums[.sha256], result.bytes == payload {
            result.sha256 = sum
        }
    }

    /// Whether something may differ in a track.
    func excuses(_ feature: DiscFeature, _ track: Int?) -> Bool {
        guard let tracks = excuses[feature] else { return false }
        guard let track, !tracks.isEmpty else { return true }
        return tracks.contains(track)
    }

    /// Takes note of a difference; one that is excused is only counted.
    mutating func note(_ difference: DiscDifference) {
        let isExcused =
            !difference.features.isEmpty
            && difference.features.allSatisfy { excuses($0, difference.track) }
        guard !isExcused else {
            for feature in difference.features { excuse(feature, difference.track) }
            return
        }
        if difference.sector == nil || result.differingInBoth == 0 {
            result.differences.append(difference)
        }
        guard let sector = difference.sector, counted.insert(sector).inserted else { return }
        result.differingInBoth += 1
        result.firstDifferingInBoth = min(result.firstDifferingInBoth ?? sector, sector)
    }

    /// Takes note of something that only one of the discs has and that is no difference.
    mutating func excuse(_ feature: DiscFeature, _ track: Int?) {
        result.excused[feature, default: []].formUnion(track.map { [$0] } ?? [])
    }
}
