import DiscChecksums
import LibCrypto
import LinuxCalls
public import Reports
public import Transfer

/// Compares two sources sector by sector; both are read at the same time.
public struct Comparison {
    private let first: any SectorSource
    private let second: any SectorSource
    private let firstBytes: Int?
    private let secondBytes: Int?
    private let end: Int
    private let singleSpeed: Double?

    /// Prepares a comparison.
    ///
    /// - Parameters:
    ///   - first: A source, whose payload is summed as well.
    ///   - second: Another, with sectors of the same size.
    ///   - firstBytes: The first one's size in bytes, where that is no multiple of its sectors.
    ///   - secondBytes: The second one's.
    ///   - end: The sector before which comparing ends, where it shall.
    ///   - singleSpeed: Bytes a second of the medium's 1×, where there is a medium.
    public init(
        _ first: any SectorSource,
        _ second: any SectorSource,
        firstBytes: Int? = nil,
        secondBytes: Int? = nil,
        end: Int? = nil,
        singleSpeed: Double? = nil
    ) {
        self.first = first
        self.second = second
        self.firstBytes = firstBytes ?? Self.size(first)
        self.secondBytes = secondBytes ?? Self.size(second)
        self.end = max(0, end ?? .max)
        self.singleSpeed = singleSpeed
    }

    /// Compares.
    ///
    /// Blocks until it is done. A sector that can't be read is a result; after a thousand of them
    /// on one side reading ends.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the progress, on the calling thread.
    /// - Returns: What was found.
    /// - Throws: ``Reports/Failure`` where a source can't be read on, the sectors are not of one
    ///   size, or it was cancelled.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> ComparisonResult
    {
        let size = first.sectorSize
        guard size > 0, size == second.sectorSize else {
            throw Failure(
                .source,
                "Sectors of \(size) and of \(second.sectorSize) bytes can't be compared.",
                meaning: "Nothing was compared.",
                advice: "Compare the data of both, or their sums."
            )
        }
        // The payload, where it is known beforehand; a pipe's is not.
        let payload = firstBytes.flatMap { a in secondBytes.map { min(a, $0) } }
        let a = SourceReading(first, 0..<end, consumers: 2, cancellation)
        let b = SourceReading(second, 0..<end, consumers: 1, cancellation)
        let sum: PrefixSums
        do {
            sum = try PrefixSums(
                [.sha256],
                of: payload,
                unit: size,
                over: a.ring,
                firstConsumer: 1
            )
        } catch {
            throw Failure(summing: error)
        }
        defer { for reading in [a, b] { reading.join() } }
        do {
            try a.start("read A")
            try b.start("read B")
        } catch {
            a.ring.abandon()
            b.ring.abandon()
            _ = sum.finish()
            throw Failure(reading: error)
        }

        var tally = ComparisonTally(size: size, payload: payload, a: a, b: b)
        let longest = firstBytes.flatMap { a in secondBytes.map { max(a, $0) } }
        let limit = end.multipliedReportingOverflow(by: size)
        let total = longest.map { limit.overflow ? $0 : min($0, limit.partialValue) }
        var meter = RateMeter(phase: .verify, total: total, singleSpeed: singleSpeed)
        while tally.takeNext() {
            if meter.isDue { tell(.progress(meter.progress(bytes: tally.position * size))) }
        }
        for reading in [a, b] {
            reading.stopEarly()
            reading.join()
        }
        let sums = sum.finish()
        if let failure = a.met.failure ?? b.met.failure { throw failure }
        tell(.progress(meter.progress(bytes: tally.position * size)))
        return result(tally, a.met, b.met, sums.sums[.sha256], payload: payload)
    }

    private func result(
        _ tally: ComparisonTally,
        _ a: SourceReading.State,
        _ b: SourceReading.State,
        _ sum: Checksum?,
        payload: Int?
    ) -> ComparisonResult {
        let common = tally.common
        var result = ComparisonResult(
            sectors: common,
            bytes: min(payload ?? .max, common * first.sectorSize)
        )
        result.differingSectors = tally.differing
        result.firstDifferingSector = tally.firstDiffering
        result.differingRest = tally.differingRest
        result.unreadable = Set(a.unreadable + b.unreadable).filter { $0 < common }.sorted()
        let gaveUpAt = [a.gaveUpAt, b.gaveUpAt].compactMap(\.self).min()
        if let gaveUpAt, gaveUpAt <= common, tally.tail == nil { result.gaveUpAt = gaveUpAt }
        if var tail = tally.tail {
            let (state, source) = tail.side == .first ? (a, first) : (b, second)
            tail.unreadable = state.unreadable.filter { $0 >= tail.start }
            // Reading ends at the first data of a tail, wherever the thread that reads is by then; the
            // source's own word on its length is the same every time.
            let readEnd = tail.start + tail.sectors
            if tail.firstNotZero != nil, let count = source.sectorCount {
                tail.sectors = min(count, end) - tail.start
                tail.unreadable = tail.unreadable.filter { $0 < tail.firstNotZero ?? 0 }
            } else if state.end == nil, let count = source.sectorCount {
                tail.sectors = max(tail.sectors, min(count, end) - tail.start)
            }
            tail.isKnown = tail.unreadable.isEmpty && readEnd >= tail.start + tail.sectors
            result.tail = tail
        }
        let hashed = (result.bytes + first.sectorSize - 1) / first.sectorSize
        let isWhole = a.unreadable.allSatisfy { $0 >= hashed } && result.gaveUpAt == nil
        if isWhole, payload != nil ? result.bytes == payload : tally.tail?.side != .first {
            result.sha256 = sum
        }
        return result
    }

    static func size(_ source: any SectorSource) -> Int? {
        if let file = source as? FileSource { return file.byteCount }
        guard let count = source.sectorCount else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: source.sectorSize)
        return overflow ? nil : bytes
    }
}
