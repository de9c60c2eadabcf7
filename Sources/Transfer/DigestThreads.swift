public import LibCrypto
import LinuxCalls
import Synchronization

/// Sums that are made over everything that goes through a ring, each on a thread of its own.
public final class DigestThreads: Sendable {
    private let threads: [Thread]
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
        threads = try algorithms.enumerated().map { index, algorithm in
            try Thread(name: algorithm.rawValue) {
                let consumer = firstConsumer + index
                guard var digest = try? Digest(algorithm) else { return ring.leave(consumer) }
                while ring.consume(consumer, { digest.update($0) }) {}
                let checksum = digest.finish()
                if !ring.isAbandoned { results.update { $0[algorithm] = checksum } }
            }
        }
        self.results = results
    }

    /// Waits for the ring's end and returns the sums; none where the ring was abandoned.
    public func finish() -> [DigestAlgorithm: Checksum] {
        for thread in threads { thread.join() }
        return results.read { $0 }
    }
}
