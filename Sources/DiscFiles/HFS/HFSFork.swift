/// One of the two runs of bytes that a Mac file has, or a file of the file system itself.
struct HFSFork {
    /// Its bytes.
    var size: Int
    /// Its first extents in allocation blocks: 3 in HFS, 8 in HFS Plus.
    var runs: [(start: Int, count: Int)]

    /// Reads the extents of HFS: pairs of 16 bits (Inside Macintosh: Files, 2-75).
    init(hfs bytes: Span<UInt8>, size: Int, extents: Int) {
        self.size = size
        runs = (0..<3).map {
            (Int(bytes.big16(extents + $0 * 4)), Int(bytes.big16(extents + $0 * 4 + 2)))
        }
    }

    /// Reads HFS Plus's data of a fork: 80 bytes (TN1150, “Fork Data Structure”).
    init(plus bytes: Span<UInt8>, at offset: Int) {
        let high = Int(bytes.big32(offset) & 0x7FFF_FFFF)
        size = high << 32 | Int(bytes.big32(offset + 4))
        runs = Self.plusRuns(bytes, at: offset + 16)
    }

    /// Eight pairs of 32 bits.
    static func plusRuns(_ bytes: Span<UInt8>, at offset: Int) -> [(start: Int, count: Int)] {
        (0..<8).map {
            (Int(bytes.big32(offset + $0 * 8)), Int(bytes.big32(offset + $0 * 8 + 4)))
        }
    }
}
