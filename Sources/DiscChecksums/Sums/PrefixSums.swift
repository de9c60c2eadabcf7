public import LibCrypto
import LinuxCalls
import Synchronization
public import Transfer

/// Sums over the beginning of what goes through a ring, each on a thread of its own, and a search
/// for known sums among the beginnings of every length.
///
/// A disc does not say where the image on it ends, to the last sector; but a sum that is found at
/// some length proves the image, and its length with it.
public final class PrefixSums: Sendable {
    private let threads: [Thread]
    private let ring: ChunkRing
    private let isFinished = Atomic(false)
    private let results: Monitor<PrefixSumsResult>

    /// Starts the threads; they end with the ring.
    ///
    /// - Parameters:
    ///   - algorithms: The sums to make.
    ///   - byteCount: The bytes from the beginning that they are over; all, where there is none.
    ///   - wanted: Sums to look for, at every multiple of `unit` and at the sizes that they name.
    ///   - first: The bytes from the beginning before which nothing is looked for.
    ///   - unit: Bytes in a sector.
    ///   - ring: Where the bytes come from.
    ///   - firstConsumer: The consumer number of the first sum; the others follow it. There are as
    ///     many as ``consumers(_:searching:)`` says.
    /// - Throws: ``LibCrypto/DigestError``, or the system's error where no thread can be had; the
    ///   ring is abandoned then.
    public init(
        _ algorithms: [DigestAlgorithm],
        of byteCount: Int?,
        searching wanted: [ManifestEntry] = [],
        from first: Int = 0,
        unit: Int = 2048,
        over ring: ChunkRing,
        firstConsumer: Int
    ) throws {
        let results = Monitor(PrefixSumsResult())
        self.results = results
        self.ring = ring
        let kinds = Self.consumers(algorithms, searching: wanted)
        var threads: [Thread] = []
        do {
            // A sum that can't be made is found here, before anything waits for it.
            for algorithm in kinds { _ = try Digest(algorithm) }
            for (index, algorithm) in kinds.enumerated() {
                let search = PrefixSearch(
                    algorithm,
                    of: algorithms.contains(algorithm) ? .some(byteCount) : nil,
                    wanted: wanted,
                    from: first,
                    unit: unit
                )
                threads.append(
                    try Thread(name: algorithm.rawValue) {
                        search.run(ring, firstConsumer + index, results)
                    }
                )
            }
        } catch {
            ring.abandon()
            for thread in threads { thread.join() }
            throw error
        }
        self.threads = threads
    }

    /// Ends the threads if nobody asks what they found: none of them may outlive its user.
    deinit {
        guard !isFinished.load(ordering: .acquiring) else { return }
        ring.abandon()
        _ = finish()
    }

    /// The sums that are made, each by one consumer of the ring.
    public static func consumers(
        _ algorithms: [DigestAlgorithm],
        searching wanted: [ManifestEntry] = []
    ) -> [DigestAlgorithm] {
        let kinds = Set(algorithms).union(wanted.map(\.checksum.algorithm))
        return DigestAlgorithm.allCases.filter(kinds.contains)
    }

    /// Waits for the ring's end and returns what was found; an empty result if the ring was abandoned.
    public func finish() -> PrefixSumsResult {
        isFinished.store(true, ordering: .releasing)
        for thread in threads { thread.join() }
        return results.read { $0 }
    }
}

/// One sum's thread.
private struct PrefixSearch: Sendable {
    let algorithm: DigestAlgorithm
    /// The length that the sum is wanted at: nothing if at none, and nothing within if at the end.
    let length: Int??
    let wanted: Set<Checksum>
    let sizes: [Int]
    let first: Int
    let unit: Int

    init(
        _ algorithm: DigestAlgorithm,
        of length: Int??,
        wanted: [ManifestEntry],
        from first: Int,
        unit: Int
    ) {
        let own = wanted.filter { $0.checksum.algorithm == algorithm }
        self.algorithm = algorithm
        self.length = length
        self.wanted = Set(own.map(\.checksum))
        self.unit = max(1, unit)
        self.first = max(0, first) / self.unit * self.unit
        let fixed = own.compactMap(\.byteCount) + [length.flatMap { $0 }].compactMap(\.self)
        sizes = Set(fixed).filter { $0 > 0 }.sorted()
    }

    func run(_ ring: ChunkRing, _ consumer: Int, _ results: Monitor<PrefixSumsResult>) {
        guard var digest = try? Digest(algorithm) else { return ring.leave(consumer) }
        var found = PrefixSumsResult()
        var position = 0
        var nextSize = 0
        if length == .some(0) { found.sums[algorithm] = digest.sumSoFar() }
        while ring.consume(
            consumer,
            { bytes in
                var offset = 0
                while offset < bytes.count {
                    var stop = wanted.isEmpty ? .max : max(first, position / unit * unit + unit)
                    if nextSize < sizes.count { stop = min(stop, sizes[nextSize]) }
                    // Behind the last length that matters, only a sum over everything goes on.
                    if stop == .max, length != .some(nil) { return }
                    let count = min(bytes.count - offset, stop - position)
                    digest.update(bytes.extracting(offset..<offset + count))
                    offset += count
                    position += count
                    guard position == stop else { continue }
                    if nextSize < sizes.count, sizes[nextSize] == stop { nextSize += 1 }
                    guard let sum = digest.sumSoFar() else { continue }
                    if let wished = length, wished == stop { found.sums[algorithm] = sum }
                    if wanted.contains(sum) {
                        found.matches.append(PrefixMatch(checksum: sum, byteCount: stop))
                    }
                }
            }
        ) {}
        if length == .some(nil) { found.sums[algorithm] = digest.finish() }
        guard !ring.isAbandoned else { return }
        results.update { $0.add(found) }
    }
}
