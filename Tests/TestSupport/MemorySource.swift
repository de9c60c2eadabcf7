import LinuxCalls
import Transfer

/// An image in memory that has unreadable sectors and ways to fail, and that notes how it was read.
package final class MemorySource: SectorSource {
    /// The error of a source that can't go on.
    package struct Broken: Error {}

    package let sectorSize: Int
    package let sectorCount: Int?
    /// The sectors of each read, as far as the image has them.
    package private(set) var reads: [Range<Int>] = []
    private let bytes: [UInt8]
    private let bad: Set<Int>
    private let isAllBad: Bool
    private let brokenAt: Int?
    private let longestRead: Int
    private let beforeRead: (@Sendable (Int) -> Void)?

    /// Makes a source of bytes, which zeros extend to whole sectors.
    ///
    /// - Parameters:
    ///   - bytes: What the image holds.
    ///   - bad: The sectors that can't be read.
    ///   - isAllBad: Whether no sector can be read.
    ///   - claiming: How many sectors it says that it has, if not as many as there are.
    ///   - knowsCount: Whether it says how many it has.
    ///   - brokenAt: The sector from which reading ends with ``Broken``.
    ///   - longestRead: The most sectors that one read returns.
    ///   - sectorSize: The bytes of a sector.
    ///   - beforeRead: What is done before each read; it gets the first sector.
    package init(
        _ bytes: [UInt8],
        bad: Set<Int> = [],
        isAllBad: Bool = false,
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
        self.isAllBad = isAllBad
        self.brokenAt = brokenAt
        self.longestRead = longestRead
        self.sectorSize = sectorSize
        self.beforeRead = beforeRead
        sectorCount = knowsCount ? claiming ?? self.bytes.count / sectorSize : nil
    }

    package func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        beforeRead?(start)
        let available = bytes.count / sectorSize - start
        let count = min(buffer.count / sectorSize, available, longestRead)
        reads.append(start..<start + max(0, count))
        guard count > 0 else { return 0 }
        if let brokenAt, start + count > brokenAt { throw Broken() }
        if isAllBad || !bad.isDisjoint(with: start..<start + count) {
            // What a drive leaves in the buffer must not be believed.
            Bytes.fill(&buffer, 0..<count * sectorSize, with: 0xEE)
            throw UnreadableSectors(start: start, count: count, reason: "made so")
        }
        let range = start * sectorSize..<(start + count) * sectorSize
        let bytes = bytes
        Bytes.copy(bytes.span.extracting(range), to: &buffer)
        return count
    }
}
