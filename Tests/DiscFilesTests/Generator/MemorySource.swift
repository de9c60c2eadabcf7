import Transfer

/// An image in memory, with sectors that can't be read, and a count of how often it was asked.
final class MemorySource: SectorSource {
    let sectorSize: Int
    let sectorCount: Int?
    private(set) var reads: [Range<Int>] = []
    private let bytes: [UInt8]
    private let bad: Set<Int>
    private let isAllBad: Bool
    private let longestRead: Int

    init(
        _ bytes: [UInt8],
        bad: Set<Int> = [],
        isAllBad: Bool = false,
        knowsCount: Bool = true,
        longestRead: Int = .max,
        sectorSize: Int = 2048
    ) {
        self.bytes = bytes
        self.bad = bad
        self.isAllBad = isAllBad
        self.longestRead = longestRead
        self.sectorSize = sectorSize
        sectorCount = knowsCount ? bytes.count / sectorSize : nil
    }

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let available = bytes.count / sectorSize - start
        let count = min(buffer.count / sectorSize, available, longestRead)
        reads.append(start..<start + max(0, count))
        guard count > 0 else { return 0 }
        if isAllBad || !bad.isDisjoint(with: start..<start + count) {
            throw UnreadableSectors(start: start, count: count, reason: "made so")
        }
        for index in 0..<count * sectorSize { buffer[index] = bytes[start * sectorSize + index] }
        return count
    }
}
