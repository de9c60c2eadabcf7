import DiscChecksums
import DiscModel
public import LibCrypto
import LinuxCalls
public import Reports
public import Transfer

/// Reads a payload back, makes its sums, and looks at what follows it.
///
/// Reading and each sum have a thread of their own.
public struct ReadBack {
    private let source: any SectorSource
    private let start: Int
    private let byteCount: Int?
    private let padding: Int?
    private let algorithms: [DigestAlgorithm]
    private let phase: JobProgress.Phase
    private let singleSpeed: Double?
    /// Known sums to look for, whatever length the payload has.
    var wanted: [ManifestEntry] = []
    /// The bytes from the beginning before which they aren't looked for.
    var wantedFrom = 0

    /// Prepares to read back.
    ///
    /// - Parameters:
    ///   - source: What is read.
    ///   - start: The sector that the payload begins with.
    ///   - byteCount: The payload's size in bytes; the rest of its last sector counts as padding.
    ///     All of the source, where there is none.
    ///   - padding: The sectors behind the payload that are looked at; all there are, where there
    ///     is none.
    ///   - algorithms: The sums to make over the payload; at least one.
    ///   - phase: What progress calls it.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    public init(
        _ source: any SectorSource,
        from start: Int = 0,
        byteCount: Int?,
        padding: Int? = 0,
        algorithms: [DigestAlgorithm] = [.sha256],
        phase: JobProgress.Phase = .verify,
        singleSpeed: Double? = nil
    ) {
        self.source = source
        self.start = max(0, start)
        self.byteCount = byteCount.map { max(0, $0) }
        self.padding = padding.map { max(0, $0) }
        self.algorithms = algorithms
        self.phase = phase
        self.singleSpeed = singleSpeed
    }

    /// Reads.
    ///
    /// Blocks until it is done. A sector that can't be read is a result; after a thousand of them
    /// reading ends.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the progress, on the calling thread.
    /// - Returns: What was found.
    /// - Throws: ``Reports/Failure`` where the source can't be read on, a sum can't be made, or it
    ///   was cancelled.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> ReadBackResult
    {
        let size = source.sectorSize
        let payloadEnd = byteCount.map { start + ($0 + size - 1) / size }
        var end = source.sectorCount ?? 0
        if let payloadEnd, let padding {
            let (sum, overflow) = payloadEnd.addingReportingOverflow(padding)
            if !overflow { end = min(end, sum) }
        }
        end = max(start, end)

        let reading = try DiscReading(
            DataDisc(source),
            [DiscReading.Run(start: start, count: end - start, form: .user)],
            summing: DiscReading.Summing(
                algorithms: algorithms,
                byteCount: byteCount,
                wanted: wanted,
                wantedFrom: wantedFrom
            ),
            cancellation
        )
        var tally = PaddingTally(position: start, payloadEnd: payloadEnd ?? .max, size: size)
        var progress = ReadingProgress(
            RateMeter(phase: phase, total: (end - start) * size, singleSpeed: singleSpeed)
        )
        func told(isWaiting: Bool = false) -> JobEvent {
            let bytes = (tally.position - start) * size
            return .progress(progress.next(bytes: bytes, [reading], isWaiting: isWaiting))
        }
        while true {
            reading.waitForNext { tell(told(isWaiting: true)) }
            guard reading.ring.consume(0, { tally.take($0) }) else { break }
            if progress.take() { tell(told()) }
        }
        let found = reading.finish()
        let met = reading.met
        if let failure = met.failure { throw failure }
        tell(told())
        return result(tally, met, found, payloadEnd: payloadEnd)
    }

    private func result(
        _ tally: PaddingTally,
        _ met: DiscReading.State,
        _ found: PrefixSumsResult?,
        payloadEnd: Int?
    ) -> ReadBackResult {
        let size = source.sectorSize
        let unreadable = met.unreadable.map { start + $0 }
        let end = payloadEnd ?? tally.position
        let there = (min(tally.position, end) - start) * size
        var result = ReadBackResult(bytes: min(byteCount ?? there, there))
        result.unreadable = unreadable.filter { $0 < end }
        result.unreadablePadding = unreadable.filter { $0 >= end }
        result.gaveUpAt = met.gaveUpAt.map { start + $0 }
        if met.gaveUpAt == nil, tally.position < end { result.endedAt = tally.position }
        result.paddingSectors = max(0, tally.position - end)
        result.notZero = tally.notZero
        result.endOfReading = tally.position
        result.lastNotZero = tally.lastNotZero
        // Sums and matches hold only as far as every sector was read.
        let known = met.unreadable.first.map { $0 * size } ?? .max
        if result.unreadable.isEmpty, result.endedAt == nil { result.sums = found?.sums ?? [:] }
        if payloadEnd == nil, met.gaveUpAt != nil { result.sums = [:] }
        result.matches = (found?.matches ?? []).filter { $0.byteCount <= known }
        return result
    }
}

/// What is found behind the payload.
private struct PaddingTally {
    var position: Int
    let payloadEnd: Int
    let size: Int
    var notZero = ReadBackResult.NotZero()
    var lastNotZero: Int?

    mutating func take(_ bytes: Span<UInt8>) {
        let sectors = bytes.count / size
        defer { position += sectors }
        guard !Bytes.areZero(bytes) else { return }
        for index in (0..<sectors).reversed() {
            let isPadding = position + index >= payloadEnd
            // Within the payload the last such sector is all that matters.
            guard isPadding || (lastNotZero ?? -1) < position else { return }
            let isZero = Bytes.areZero(bytes.extracting(index * size..<(index + 1) * size))
            guard !isZero else { continue }
            lastNotZero = max(lastNotZero ?? 0, position + index)
            guard isPadding else { continue }
            notZero.count += 1
            notZero.first = min(notZero.first ?? .max, position + index)
        }
    }
}
