import DiscDrives
import LinuxCalls
import MMC
import Transfer

/// Reads a disc's sectors into buffers, goes round what can't be read, and keeps the map of it.
///
/// What can't be read becomes zeros, in the image and nowhere else: the map says which sectors
/// these are.
struct SectorReader {
    let source: DriveSource
    let gaps: [Range<Int>]
    private(set) var map: BlockMap

    init(source: DriveSource, sectors: Int, gaps: [Range<Int>]) {
        self.source = source
        self.gaps = gaps
        map = BlockMap(sectors: sectors)
    }

    /// Fills a buffer with sectors, as many as fit and are left.
    ///
    /// - Returns: The number of sectors.
    /// - Throws: ``MMC/TransportError`` where the drive can't be reached.
    mutating func fill(
        _ buffer: inout MutableSpan<UInt8>, from start: Int, isCancelled: () -> Bool
    ) throws -> Int {
        let size = source.sectorSize
        let end = min(start + buffer.count / size, map.sectorCount)
        var sector = start
        while sector < end, !isCancelled() {
            let next = min(end, sector + source.sectorsPerCommand)
            if let gap = gaps.first(where: { $0.overlaps(sector..<next) }) {
                if gap.contains(sector) {
                    let zeros = sector..<min(end, gap.upperBound)
                    Bytes.fill(&buffer, offsets(zeros, start), with: 0)
                    map.mark(zeros, .finished)
                    sector = zeros.upperBound
                } else {
                    try read(sector..<gap.lowerBound, start, &buffer)
                    sector = gap.lowerBound
                }
            } else {
                try read(sector..<next, start, &buffer)
                sector = next
            }
        }
        return sector - start
    }

    /// Tries the bad sectors again, one at a time, and hands on those that could be read.
    mutating func retry(
        isCancelled: () -> Bool, _ recovered: (Int, Span<UInt8>) throws -> Void
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
    private mutating func read(
        _ sectors: Range<Int>, _ bufferStart: Int, _ buffer: inout MutableSpan<UInt8>
    ) throws {
        let source = source
        do {
            try Bytes.withPart(of: &buffer, offsets(sectors, bufferStart)) {
                part throws(any Error) in
                try source.readRun(at: sectors.lowerBound, sectors: sectors.count, into: &part)
            }
            map.mark(sectors, .finished)
        } catch is UnreadableSectors {
            guard sectors.count > 1 else {
                // Whatever the drive left in the buffer is not the disc's.
                Bytes.fill(&buffer, offsets(sectors, bufferStart), with: 0)
                map.mark(sectors, .bad)
                return
            }
            // A drive takes seconds over each failure, so good halves are not read sector by sector.
            let middle = sectors.lowerBound + sectors.count / 2
            try read(sectors.lowerBound..<middle, bufferStart, &buffer)
            try read(middle..<sectors.upperBound, bufferStart, &buffer)
        }
    }

    private func offsets(_ sectors: Range<Int>, _ start: Int) -> Range<Int> {
        let size = source.sectorSize
        return (sectors.lowerBound - start) * size..<(sectors.upperBound - start) * size
    }
}
