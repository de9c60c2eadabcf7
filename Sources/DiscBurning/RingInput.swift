import LibBurn
import Transfer

/// What goes through a ring, as libburn wants it.
final class RingInput: BurnInput {
    private let reader: RingReader

    init(_ ring: ChunkRing) {
        reader = RingReader(ring, as: 0)
    }

    /// Fills a sector; a last piece of one is filled up with zeros by libburn.
    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        reader.read(into: &buffer)
    }
}
