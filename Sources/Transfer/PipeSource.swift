public import LinuxCalls

/// A pipe as a source of sectors of 2048 bytes, read from its beginning to its end; a last piece of
/// a sector is filled up with zeros.
public final class PipeSource: SectorSource {
    /// Bytes in a sector.
    public let sectorSize = 2048
    /// Unknown before the end.
    public let sectorCount: Int? = nil
    /// The bytes that came so far.
    public private(set) var byteCount = 0
    /// Ends the reading from another thread, for good: what is read then throws ``Stopped``.
    public let stopper: WakeUp
    private let file: File
    private var position = 0
    /// Whether all of it has come.
    public private(set) var hasEnded = false

    /// Somebody ended the reading.
    public struct Stopped: Error {}

    /// Creates a source over the reading end of a pipe.
    ///
    /// - Throws: The system's error if it has no descriptors to give.
    public init(_ file: File) throws(SystemError) {
        self.file = file
        stopper = try WakeUp()
    }

    /// Reads the next sectors.
    ///
    /// - Throws: The system's error; ``UnreadableSectors`` where other sectors are asked for than
    ///   the next ones, for a pipe does not go back; ``Stopped``.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard !hasEnded else { return 0 }
        guard start == position else {
            throw UnreadableSectors(start: start, count: 1, reason: "a pipe can't be read twice")
        }
        guard let count = try file.readOn(into: &buffer, until: stopper) else { throw Stopped() }
        hasEnded = count < buffer.count
        byteCount += count
        let sectors = (count + sectorSize - 1) / sectorSize
        position += sectors
        for index in count..<min(buffer.count, sectors * sectorSize) { buffer[index] = 0 }
        return sectors
    }
}
