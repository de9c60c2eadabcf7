public import LibCrypto
import LinuxCalls
import Synchronization

/// Sums that are made over everything that goes through a ring, each on a thread of its own.
public final class DigestThreads: Sendable {
    private let threads: [Thread]
    private let ring: ChunkRing
    private let isFinished = Atomic(false)
    private let results: Monitor<[DigestAlgorithm: Checksum]>

    /// Starts the threads; they end with the ring.
    ///
    /// - Parameters:
    ///   - algorithms: The sums to make.
    ///   - ring: Where the bytes come from.
    ///   - firstConsumer: The consumer number of the first sum; the others follow it.
    /// - Throws: ``LibCrypto/DigestError``, or the system's error where no thread can be had.
    public init(_ algorithms: [DigestAlgorithm], over ring: ChunkRing, firstConsumer: Int) throws {
        let results = Monitor([DigestAlgorithm: Checksum]())
        // A sum that can't be made is found here, before anything waits for it.
        for algorithm in algorithms { _ = try Digest(algorithm) }
        var threads: [Thread] = []
        do {
            for (index, algorithm) in algorithms.enumerated() {
                let consumer = firstConsumer + index
                threads.append(
                    try Thread(name: algorithm.rawValue) {
                        guard var digest = try? Digest(algorithm) else {
                            return ring.leave(consumer)
                        }
                        while ring.consume(consumer, { digest.update($0) }) {}
                        let checksum = digest.finish()
                        if !ring.isAbandoned { results.update { $0[algorithm] = checksum } }
                    }
                )
            }
        } catch {
            // Those that started wait for a ring that nobody will fill.
            ring.abandon()
            for thread in threads { thread.join() }
            throw error
        }
        self.threads = threads
        self.ring = ring
        self.results = results
    }

    /// Ends the threads if nobody asks for their sums: none of them may outlive its user, for the
    /// process may be about to end, and the library that makes the sums with it.
    deinit {
        guard !isFinished.load(ordering: .acquiring) else { return }
        ring.abandon()
        _ = finish()
    }

    /// Waits for the ring's end and returns the sums; none where the ring was abandoned.
    public func finish() -> [DigestAlgorithm: Checksum] {
        isFinished.store(true, ordering: .releasing)
        for thread in threads { thread.join() }
        return results.read { $0 }
    }
}
