package import DiscDrives
import LinuxCalls
import MMC
package import Transfer

/// Reads a disc's sectors into buffers, goes round what can't be read, and keeps the map of it.
///
/// What can't be read becomes zeros, in the image and nowhere else: the map says which sectors
/// these are.
package struct SectorReader {
    let source: DriveSource
    let gaps: [Range<Int>]
    package private(set) var map: SalvageMap
    /// Sectors that the drive does not give out because they are protected (CSS and kin: 5/6F/xx).
    package private(set) var protectedSectors = 0

    package init(source: DriveSource, sectors: Int, gaps: [Range<Int>]) {
        self.source = source
        self.gaps = gaps
        map = SalvageMap(sectors: sectors)
    }

    /// Fills a buffer with sectors, as many as fit and are left.
    ///
    /// The map tells of these alone: what was read and is not handed out counts as untried.
    ///
    /// - Parameters:
    ///   - buffer: Filled from its beginning on; zeros stand for sectors that can't be read.
    ///   - start: The first sector.
    ///   - isCancelled: Asked before each command.
    /// - Returns: The number of sectors, fewer than there could be where it was cancelled.
    /// - Throws: ``MMC/TransportError`` where the drive can't be reached.
    package mutating func fill(
        _ buffer: inout MutableSpan<UInt8>,
        from start: Int,
        isCancelled: () -> Bool
    ) throws -> Int {
        let end = min(start + buffer.count / source.sectorSize, map.sectorCount)
        do {
            let reached = try fill(&buffer, start, upTo: end, isCancelled)
            map.mark(reached..<end, .untried)
            return reached - start
        } catch {
            map.mark(start..<end, .untried)
            throw error
        }
    }

    private mutating func fill(
        _ buffer: inout MutableSpan<UInt8>,
        _ start: Int,
        upTo end: Int,
        _ isCancelled: () -> Bool
    ) throws -> Int {
        var sector = start
        while sector < end {
            let next = min(end, sector + source.sectorsPerCommand)
            if let gap = gaps.first(where: { $0.overlaps(sector..<next) }) {
                if gap.contains(sector) {
                    let zeros = sector..<min(end, gap.upperBound)
                    Bytes.fill(&buffer, offsets(zeros, start), with: 0)
                    map.mark(zeros, .finished)
                    sector = zeros.upperBound
                } else {
                    guard try read(sector..<gap.lowerBound, start, &buffer, isCancelled) else {
                        break
                    }
                    sector = gap.lowerBound
                }
            } else {
                guard try read(sector..<next, start, &buffer, isCancelled) else { break }
                sector = next
            }
        }
        return sector
    }

    /// Tries the bad sectors again, one at a time, and hands on those that could be read.
    package mutating func retry(
        isCancelled: () -> Bool,
        _ recovered: (Int, Span<UInt8>) throws -> Void
    ) throws {
        for sector in map.ranges(.bad).joined() {
            guard !isCancelled() else { return }
            var bytes = [UInt8](repeating: 0, count: source.sectorSize)
            var span = bytes.mutableSpan
            do {
                try source.readRun(at: sector, sectors: 1, into: &span)
            } catch is UnreadableSectors {
                continue
            }
            try recovered(sector, bytes.span)
            map.mark(sector..<sector + 1, .finished)
        }
    }

    /// Reads a run in one command and, where that fails, its halves, down to each bad sector.
    ///
    /// - Returns: False where it was cancelled before all of them were tried.
    private mutating func read(
        _ sectors: Range<Int>,
        _ bufferStart: Int,
        _ buffer: inout MutableSpan<UInt8>,
        _ isCancelled: () -> Bool
    ) throws -> Bool {
        guard !isCancelled() else { return false }
        let source = source
        do {
            try Bytes.withPart(of: &buffer, offsets(sectors, bufferStart)) {
                part throws(any Error) in
                try source.readRun(at: sectors.lowerBound, sectors: sectors.count, into: &part)
            }
            map.mark(sectors, .finished)
            return true
        } catch is UnreadableSectors {
            guard sectors.count > 1 else {
                if source.lastSense?.asc == 0x6F { protectedSectors += 1 }
                // Whatever the drive left in the buffer is not the disc's.
                Bytes.fill(&buffer, offsets(sectors, bufferStart), with: 0)
                map.mark(sectors, .bad)
                return true
            }
            // A drive takes seconds over each failure, so good halves are not read sector by sector.
            let middle = sectors.lowerBound + sectors.count / 2
            return try read(sectors.lowerBound..<middle, bufferStart, &buffer, isCancelled)
                && read(middle..<sectors.upperBound, bufferStart, &buffer, isCancelled)
        }
    }

    private func offsets(_ sectors: Range<Int>, _ start: Int) -> Range<Int> {
        let size = source.sectorSize
        return (sectors.lowerBound - start) * size..<(sectors.upperBound - start) * size
    }
}
