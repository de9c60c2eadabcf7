/// How far libburn is with a track: raw counts.
public struct WriteProgress: Hashable, Sendable, Codable {
    /// What libburn is at.
    public enum Phase: String, Sendable, Codable {
        case starting, formatting, erasing, writing, closing
    }

    /// What it is at.
    public var phase: Phase
    /// Sectors written, or steps done of a format or an erasure.
    public var sector: Int
    /// Sectors to write, or steps to do.
    public var sectors: Int
    /// Bytes that the drive's buffer can hold.
    public var bufferCapacity: Int
    /// Bytes of it that are free.
    public var bufferAvailable: Int
    /// Bytes that were taken from the input so far, of all tracks.
    public var delivered = 0
    /// Whether libburn took all that there is to write.
    public var hasAll = false

    /// How full the drive's buffer is, from 0 to 1, where libburn knows its size.
    public var bufferFill: Double? {
        guard bufferCapacity > 0, bufferAvailable <= bufferCapacity else { return nil }
        return Double(bufferCapacity - bufferAvailable) / Double(bufferCapacity)
    }
}
