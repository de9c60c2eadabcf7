/// A run of a file's bytes on the disc.
public struct FileExtent: Codable, Hashable, Sendable {
    /// How an interleaved file lies: units of its bytes with gaps between them (ECMA-119 §6.4.3).
    public struct Interleave: Codable, Hashable, Sendable {
        /// Bytes in a unit.
        public var unit: Int
        /// Bytes in a gap.
        public var gap: Int
    }

    /// Its first byte, from the beginning of the disc; absent for zeros that are not recorded.
    public var offset: Int?
    /// The number of its bytes, without those in gaps.
    public var length: Int
    /// The gaps, where there are any.
    public var interleave: Interleave?

    /// Creates an extent.
    public init(offset: Int?, length: Int, interleave: Interleave? = nil) {
        self.offset = offset
        self.length = length
        self.interleave = interleave
    }

    /// The bytes of the disc from the first to the last of them, gaps included.
    public var span: Int {
        guard let interleave, interleave.unit > 0, length > 0 else { return length }
        let gaps = (length - 1) / interleave.unit
        let (bytes, overflow) = gaps.multipliedReportingOverflow(by: interleave.gap)
        let (span, isTooLong) = length.addingReportingOverflow(bytes)
        return overflow || isTooLong ? .max : span
    }

    /// Whether all of it lies before a byte of the disc; true where nothing is recorded.
    package func ends(by end: Int) -> Bool {
        guard let offset, length > 0 else { return true }
        let (last, overflow) = offset.addingReportingOverflow(span)
        return !overflow && last <= end
    }

    /// The sectors of 2048 bytes that it touches, gaps included; absent where nothing is recorded.
    public var sectors: Range<Int>? {
        guard let offset, length > 0, offset >= 0 else { return nil }
        let (end, overflow) = offset.addingReportingOverflow(span)
        let last = overflow ? Int.max - 2047 : min(end, Int.max - 2047)
        return offset / 2048..<max(offset / 2048, (last + 2047) / 2048)
    }

    /// Where a byte of it is, and how many that follow it lie right behind.
    ///
    /// - Parameter position: Less than ``length``.
    /// - Returns: The byte of the disc, absent for zeros that are not recorded, and the count.
    func run(at position: Int) -> (offset: Int?, count: Int) {
        guard let offset else { return (nil, length - position) }
        guard let interleave, interleave.unit > 0 else {
            return (offset &+ position, length - position)
        }
        let unit = position / interleave.unit
        let within = position % interleave.unit
        let start = offset &+ unit &* (interleave.unit &+ interleave.gap) &+ within
        return (start, min(length - position, interleave.unit - within))
    }
}
