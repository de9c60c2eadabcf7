import LinuxCalls
import Transfer

/// An image in memory, with sectors that can't be read and ways to fail.
final class MemorySource: SectorSource {
    struct Broken: Error {}

    let sectorSize: Int
    let sectorCount: Int?
    private(set) var largestRead = 0
    private(set) var reads = 0
    private let bytes: [UInt8]
    private let bad: Set<Int>
    private let brokenAt: Int?
    private let longestRead: Int
    private let beforeRead: (@Sendable (Int) -> Void)?

    /// It says that it has `claiming` sectors, and can't go on from sector `brokenAt`.
    init(
        _ bytes: [UInt8],
        bad: Set<Int> = [],
        claiming: Int? = nil,
        knowsCount: Bool = true,
        brokenAt: Int? = nil,
        longestRead: Int = .max,
        sectorSize: Int = 2048,
        beforeRead: (@Sendable (Int) -> Void)? = nil
    ) {
        let rest = bytes.count % sectorSize
        self.bytes = bytes + Array(repeating: 0, count: rest == 0 ? 0 : sectorSize - rest)
        self.bad = bad
        self.brokenAt = brokenAt
        self.longestRead = longestRead
        self.sectorSize = sectorSize
        self.beforeRead = beforeRead
        sectorCount = knowsCount ? claiming ?? self.bytes.count / sectorSize : nil
    }

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        beforeRead?(start)
        reads += 1
        let available = bytes.count / sectorSize - start
        let count = min(buffer.count / sectorSize, available, longestRead)
        largestRead = max(largestRead, count)
        guard count > 0 else { return 0 }
        if let brokenAt, start + count > brokenAt { throw Broken() }
        if !bad.isDisjoint(with: start..<start + count) {
            // What a drive leaves behind is not to be believed.
            Bytes.fill(&buffer, 0..<count * sectorSize, with: 0xEE)
            throw UnreadableSectors(start: start, count: count, reason: "made so")
        }
        let range = start * sectorSize..<(start + count) * sectorSize
        let bytes = bytes
        Bytes.copy(bytes.span.extracting(range), to: &buffer)
        return count
    }
}

/// Bytes that look like data: no sector is zero, and none is like another.
func data(sectors: Int, seed: UInt64 = 1) -> [UInt8] {
    data(bytes: sectors * 2048, seed: seed)
}

/// Bytes that look like data.
func data(bytes count: Int, seed: UInt64 = 1) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + pattern.count)
    // The number of the sector makes it unlike all others.
    for sector in 0..<(count + pattern.count - 1) / pattern.count {
        var number = (UInt64(sector) &+ seed << 32 &+ 1) &* 0x9E37_79B9_7F4A_7C15
        bytes += pattern
        for index in bytes.count - 8..<bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: number)
            number >>= 8
        }
    }
    bytes.removeSubrange(count...)
    return bytes
}

/// A sector without a zero.
private let pattern = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 37 >> 2) | 1 }

/// Sectors of zeros.
func zeros(sectors: Int) -> [UInt8] { Array(repeating: 0, count: sectors * 2048) }
