public import LibCrypto
public import LinuxCalls

/// Sums over a whole file.
public enum FileDigests {
    private static let chunkSize = 1 << 20

    /// Reads a file from its beginning to its end and makes its sums.
    ///
    /// - Returns: The sums; none where it was cancelled.
    public static func make(
        _ algorithms: [DigestAlgorithm],
        of file: File,
        _ cancellation: Cancellation
    ) throws -> [DigestAlgorithm: Checksum] {
        let ring = ChunkRing(chunkSize: chunkSize, chunks: 4, consumers: algorithms.count)
        let digests = try DigestThreads(algorithms, over: ring, firstConsumer: 0)
        var offset = 0
        var isAtEnd = false
        do {
            while !isAtEnd, !cancellation.isRequested {
                let goesOn = try ring.produce { buffer in
                    let count = try file.read(at: offset, into: &buffer)
                    offset += count
                    isAtEnd = count < buffer.count
                    return count
                }
                guard goesOn else { break }
            }
        } catch {
            ring.abandon()
            _ = digests.finish()
            throw error
        }
        if cancellation.isRequested { ring.abandon() } else { ring.finish() }
        return digests.finish()
    }
}
