public import LibCrypto
public import LinuxCalls

/// Sums over a whole file.
public enum FileDigests {
    private static let chunkSize = 1 << 20

    /// Reads a file from its beginning to its end and makes its sums.
    ///
    /// - Parameters:
    ///   - algorithms: Which ones are made.
    ///   - file: The file.
    ///   - cancellation: Heeded between two reads; then there are none.
    ///   - tell: Told how many bytes were read, after each read.
    /// - Returns: The sums; none where it was cancelled.
    /// - Throws: What reading throws, or that no digest can be made.
    public static func make(
        _ algorithms: [DigestAlgorithm],
        of file: File,
        _ cancellation: Cancellation,
        tell: (_ bytes: Int) -> Void = { _ in }
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
                tell(offset)
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
