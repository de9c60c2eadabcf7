import LinuxCalls

/// Reads what goes through a ring in pieces of any size, as one of its consumers.
public final class RingReader: @unchecked Sendable {
    // Safe to share as long as one thread reads, which is what a consumer is.
    private let ring: ChunkRing
    private let consumer: Int
    private var chunk: ChunkRing.Chunk?
    private var offset = 0

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - ring: The ring.
    ///   - consumer: The reader's consumer number.
    public init(_ ring: ChunkRing, as consumer: Int) {
        self.ring = ring
        self.consumer = consumer
    }

    /// Waits for bytes and fills a buffer with them.
    ///
    /// - Returns: The bytes that were put in, fewer than fit only at the end; `nil` if the ring
    ///   was abandoned.
    public func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        var done = 0
        while done < buffer.count {
            guard let current = chunk ?? ring.next(for: consumer) else {
                return ring.isAbandoned ? nil : done
            }
            chunk = current
            let bytes = current.bytes
            let rest = bytes.span.extracting(offset..<current.count)
            let count = Bytes.copy(rest, to: &buffer, at: done)
            done += count
            offset += count
            if offset == current.count {
                chunk = nil
                offset = 0
                ring.release(by: consumer)
            }
        }
        return done
    }
}
