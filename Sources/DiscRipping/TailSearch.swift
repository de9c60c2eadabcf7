import DiscDrives
import LinuxCalls
import MMC
import Transfer

/// What lies on a disc between the end that its image claims and the end of what can be read.
public struct TailFindings: Hashable, Sendable {
    /// The first sector that was seen to hold anything but zeros.
    public var firstData: Int?
    /// The sectors of zeros that the tail ends with, as far as was looked.
    public var zerosAtEnd = 0
    /// Whether all of its sectors are known to be zeros.
    public var isAllZeros = false
    /// The first sector that could not be read, where looking ended for that.
    public var firstUnreadable: Int?

    /// Creates findings of nothing.
    public init() {}
}

/// Looks at what follows the end that an image claims.
///
/// Overwritable discs are large and hold a small image as often as a large one, so not all of the
/// rest is read: the first sectors in order, and places spread over what follows.
struct TailSearch {
    /// Sectors that are looked at one after the other: 8 MiB, a second or two.
    private static let near = 4096
    /// Sectors in a command.
    private static let step = DriveSource.safeSectorsPerCommand
    /// Places far from the image that may be unreadable before the others are left alone.
    private static let patience = 2
    /// Sectors of zeros after which data is taken to have ended: 16 MiB.
    private static let longestPause = 8192

    let source: DriveSource

    /// Looks for data.
    ///
    /// - Parameters:
    ///   - tail: The sectors from the claimed end to the end of what can be read.
    ///   - isSampled: Whether places far from the image are looked at too.
    /// - Returns: What was seen.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    func look(at tail: Range<Int>, isSampled: Bool) throws -> TailFindings {
        var findings = TailFindings()
        let nearby = tail.prefix(Self.near)
        for start in stride(from: nearby.lowerBound, to: nearby.upperBound, by: Self.step) {
            let piece = start..<min(start + Self.step, nearby.upperBound)
            switch try firstData(in: piece) {
            case .zeros: continue
            case .data(let sector): findings.firstData = sector
            case .unreadable(let sector): findings.firstUnreadable = sector
            case .unrecorded: return findings
            }
            break
        }
        if findings.firstData != nil {
            findings.zerosAtEnd = try zeros(atEndOf: tail.suffix(Self.step))
        } else if findings.firstUnreadable == nil, nearby.count < tail.count, isSampled {
            findings.firstData = try sampledData(in: nearby.upperBound..<tail.upperBound)
        }
        findings.isAllZeros =
            nearby.count == tail.count && findings.firstData == nil
            && findings.firstUnreadable == nil
        return findings
    }

    /// The sector after the last one of data that begins at a sector and says nowhere how long it is.
    ///
    /// It ends where nothing but zeros follows for long; sectors that can't be read belong to it.
    func dataEnd(from start: Int, upTo limit: Int) throws -> Int {
        var end = start
        var next = start
        var failures = 0
        while next < limit, next - end < Self.longestPause, failures < Self.patience {
            let piece = next..<min(next + Self.step, limit)
            if let bytes = try read(piece) {
                let zeros = Self.zeros(atEndOf: bytes)
                if zeros < piece.count { end = piece.upperBound - zeros }
            } else {
                failures += 1
                end = piece.upperBound
            }
            next = piece.upperBound
        }
        return end
    }

    private enum Finding {
        case zeros
        case data(Int)
        case unreadable(Int)
        /// The drive has no such sectors, as beyond the formatted part of a DVD+RW.
        case unrecorded
    }

    /// The first sector of a range that is not zeros, read in one command or, where that fails, in
    /// halves: a drive that reads ahead into run-out fails for good sectors before it.
    private func firstData(in range: Range<Int>) throws -> Finding {
        if let bytes = try read(range) {
            for (index, sector) in range.enumerated()
            where !Bytes.areZero(bytes.span.extracting(index * 2048..<(index + 1) * 2048)) {
                return .data(sector)
            }
            return .zeros
        }
        guard range.count > 1 else {
            return [.blankCheck, .illegalRequest].contains(source.lastSense?.key)
                ? .unrecorded : .unreadable(range.lowerBound)
        }
        let middle = range.lowerBound + range.count / 2
        let first = try firstData(in: range.lowerBound..<middle)
        guard case .zeros = first else { return first }
        return try firstData(in: middle..<range.upperBound)
    }

    /// The first sector with data among those at places further and further out, at the eighths of
    /// the range, and at its end.
    private func sampledData(in range: Range<Int>) throws -> Int? {
        var places = Set((0..<8).map { range.lowerBound + range.count / 8 * $0 })
        places.formUnion([2, 1].map { range.upperBound - $0 * Self.step })
        var distance = Self.near
        while distance < range.count {
            places.insert(range.lowerBound + distance)
            distance *= 2
        }
        var failures = 0
        for place in places.sorted() where place >= range.lowerBound {
            let piece = place..<min(place + Self.step, range.upperBound)
            guard let bytes = try read(piece) else {
                failures += 1
                guard failures < Self.patience else { return nil }
                continue
            }
            for (index, sector) in piece.enumerated()
            where !Bytes.areZero(bytes.span.extracting(index * 2048..<(index + 1) * 2048)) {
                return sector
            }
        }
        return nil
    }

    private func zeros(atEndOf range: Range<Int>) throws -> Int {
        try read(range).map(Self.zeros) ?? 0
    }

    /// The sectors of zeros at the end of some bytes.
    private static func zeros(atEndOf bytes: [UInt8]) -> Int {
        var end = bytes.count / 2048
        let count = end
        while end > 0, Bytes.areZero(bytes.span.extracting((end - 1) * 2048..<end * 2048)) {
            end -= 1
        }
        return count - end
    }

    /// The bytes of sectors; `nil` if they can't be read in one command.
    private func read(_ range: Range<Int>) throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: range.count * source.sectorSize)
        var span = bytes.mutableSpan
        do {
            try source.readRun(at: range.lowerBound, sectors: range.count, into: &span)
        } catch is UnreadableSectors {
            return nil
        }
        return bytes
    }
}
