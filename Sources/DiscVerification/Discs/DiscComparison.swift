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
        case nothing
        /// Zeros: a recorder wrote it, and recording adds them.
        case zeros
        /// Anything: it can be written over, and what lies there is from other times. It is not read.
        case anything
    }

    let first: any DiscSource
    let second: any DiscSource
    let extent: Extent
    let surplus: [Side: Surplus]
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
    ///   - surplus: What each disc may have behind the end of the other one's track; nothing if left out.
    ///   - losses: What may differ: with numbers only in those tracks of the first disc.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    public init(
        _ first: any DiscSource,
        _ second: any DiscSource,
        comparing extent: Extent = .whole,
        allowing surplus: [Side: Surplus] = [:],
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
    ///   - surplus: What each disc may have behind the other one's end; nothing if left out.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    public init(
        dataOf first: DataDisc,
        _ second: DataDisc,
        allowing surplus: [Side: Surplus] = [:],
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
        let a = try DiscReading(
            first,
            stretches.map { $0.run(on: .first) },
            summing: payload.map { DiscReading.Summing(byteCount: $0) },
            cancellation
        )
        defer { a.finish() }
        let b = try DiscReading(second, stretches.map { $0.run(on: .second) }, cancellation)
        defer { b.finish() }
        let total = stretches.reduce(0) { $0 + $1.run.count * $1.run.form.size }
        var progress = ReadingProgress(
            RateMeter(phase: .verify, total: total, singleSpeed: singleSpeed)
        )
        var bytes = 0
        var before = 0
        func told(isWaiting: Bool = false) -> JobEvent {
            .progress(progress.next(bytes: bytes, [a, b], isWaiting: isWaiting))
        }
        walk: for (index, stretch) in stretches.enumerated() {
            let run = stretch.run
            for start in stride(from: 0, to: run.count, by: run.piece) {
                var piece = Piece(stretch, start..<min(run.count, start + run.piece))
                var isThere = false
                for reading in [a, b] { reading.waitForNext { tell(told(isWaiting: true)) } }
                _ = a.ring.consume(0) { one in
                    isThere = b.ring.consume(0) { other in
                        piece.take(a.met, b.met, before: before)
                        take(piece, one, other, pairs)
                    }
                }
                guard isThere else { break walk }
                bytes += piece.sectors.count * run.form.size
                if progress.take() { tell(told()) }
                if piece.gaveUp {
                    noteEnd(piece)
                    break walk
                }
                if case .tail(let tail, _) = stretch.kind, result.tails[tail].firstNotZero != nil {
                    for reading in [a, b] { reading.skip(index) }
                }
            }
            before += run.count
        }
        if let failure = a.met.failure ?? b.met.failure { throw failure }
        tell(told())
        let sum = a.finish()?.sums[.sha256]
        if let payload, result.bytes == payload { result.sha256 = sum }
    }

    /// Whether something may differ in a track.
    func excuses(_ feature: DiscFeature, _ track: Int?) -> Bool {
        guard let tracks = excuses[feature] else { return false }
        guard let track, !tracks.isEmpty else { return true }
        return tracks.contains(track)
    }

    /// Takes note of a difference; one that is excused is only counted.
    ///
    /// - Parameters:
    ///   - features: What would have to be lost for it to be no difference; empty if nothing excuses it.
    ///   - track: The track, by its number on the first disc.
    ///   - sector: The sector, by its address on the first disc.
    ///   - text: What differs, as a part of a sentence.
    mutating func note(
        _ features: Set<DiscFeature>,
        track: Int? = nil,
        sector: Int? = nil,
        _ text: String
    ) {
        if !features.isEmpty, features.allSatisfy({ excuses($0, track) }) {
            for feature in features { excuse(feature, track) }
            return
        }
        if sector == nil || result.differingInBoth == 0 {
            result.differences.append(
                DiscDifference(features, track: track, sector: sector, text)
            )
        }
        guard let sector, counted.insert(sector).inserted else { return }
        result.differingInBoth += 1
        result.firstDifferingInBoth = min(result.firstDifferingInBoth ?? sector, sector)
    }

    /// Takes note of something that only one of the discs has and that is no difference.
    mutating func excuse(_ feature: DiscFeature, _ track: Int?) {
        result.excused[feature, default: []].formUnion(track.map { [$0] } ?? [])
    }
}
