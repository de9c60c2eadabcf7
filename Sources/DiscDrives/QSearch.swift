import DiscModel
import LinuxCalls
import MMC
import Transfer

/// Finds out from the Q channel where pregaps and indexes begin, and which codes tracks have.
///
/// A drive may give the Q of a sector or two beside the one that was asked for, so only what a Q says
/// of its own place counts (ECMA-130 §22.3; every hundredth sector or so has a code instead of a
/// place).
struct QSearch {
    /// Sectors whose Q is read at once; one place in it is enough.
    private static let window = 12
    /// Sectors among which a catalogue number and a recording code must come, if there are any: one of
    /// a hundred has it (ECMA-130 §22.3.4).
    static let codeWindow = 110
    /// Pieces in which more than that are read.
    private static let piece = 26
    /// Pieces in which those are read again that can't be read: a bad sector takes no more with it.
    private static let smallPiece = 5
    /// Windows that are looked at for codes, where some of the Q can't be had.
    private static let mostCodeWindows = 4
    /// Places to look at in turn where the Q around one tells nothing, by windows.
    private static let detours = [0, 1, -1, 3, -3]
    /// Sectors by which a drive may miss the one that was asked for.
    private static let slack = 8
    /// Reads to which the drive gave no answer in time, each of which takes a minute, before no more are tried.
    private static let mostHangs = 3

    let source: DriveSource
    let kind: Command.SectorParts.Subchannel
    /// Places that were seen, by address.
    private var places: [Int: SubchannelQ] = [:]
    private let isStopped: @Sendable () -> Bool

    /// Prepares a search.
    ///
    /// - Parameters:
    ///   - source: Reads the subchannel.
    ///   - kind: How it comes.
    ///   - isStopped: Whether nobody waits for what is found any more.
    init(
        _ source: DriveSource,
        _ kind: Command.SectorParts.Subchannel,
        isStopped: @escaping @Sendable () -> Bool
    ) {
        self.source = source
        self.kind = kind
        self.isStopped = isStopped
    }

    /// Whether no more is read: the Q is not worth what it costs, or nobody waits for it.
    private var isOver: Bool { isStopped() || source.hangs >= Self.mostHangs }

    /// What the Q of some sectors says; nothing of those that can't be read.
    func read(_ sectors: Range<Int>) throws -> [RecordedQ] {
        try read(sectors, by: Self.piece)
    }

    private func read(_ sectors: Range<Int>, by piece: Int) throws -> [RecordedQ] {
        var found: [RecordedQ] = []
        let size = source.sectorSize
        for first in stride(from: sectors.lowerBound, to: sectors.upperBound, by: piece) {
            guard !isOver else { break }
            let count = min(piece, sectors.upperBound - first)
            var bytes = [UInt8](repeating: 0, count: count * size)
            do {
                var span = bytes.mutableSpan
                try source.readRun(at: first, sectors: count, into: &span)
            } catch is UnreadableSectors {
                if piece > Self.smallPiece {
                    found += try read(first..<first + count, by: Self.smallPiece)
                }
                continue
            }
            for i in 0..<count {
                let side = bytes[((i + 1) * size - kind.size)..<((i + 1) * size)]
                if let q = Self.parse(Array(side), kind) { found.append(q) }
            }
        }
        return found
    }

    /// Reads the Q in what a drive gives of a sector's subchannel.
    ///
    /// - Returns: `nil` if its CRC is wrong, or it says nothing.
    static func parse(_ side: [UInt8], _ kind: Command.SectorParts.Subchannel) -> RecordedQ? {
        switch kind {
        case .none: return nil
        case .q: return RecordedQ(Array(side.prefix(12)))
        case .raw:
            var q = [UInt8](repeating: 0, count: 12)
            for (i, byte) in side.prefix(96).enumerated() where byte & 0x40 != 0 {
                q[i / 8] |= 0x80 >> UInt8(i % 8)
            }
            return RecordedQ(q)
        }
    }

    // MARK: Places

    /// Notes the places that the Q around an address tells, and gives those within a range.
    private mutating func look(at address: Int, within range: Range<Int>) throws -> [Int] {
        let first = max(range.lowerBound, min(address, range.upperBound - Self.window))
        let sectors = first..<min(range.upperBound, first + Self.window)
        let near = (sectors.lowerBound - Self.slack)..<(sectors.upperBound + Self.slack)
        for case .position(let q) in try read(sectors) {
            let place = q.absolute.lbaInProgramArea.rawValue
            if near.contains(place) { places[place] = q }
        }
        return places.keys.filter { near.contains($0) && range.contains($0) }
    }

    /// The first sector of which something is true that is true of all behind it.
    ///
    /// - Parameters:
    ///   - range: The sectors; of its last one it is true.
    ///   - isTrue: What is looked for.
    /// - Returns: The sector; `nil` if the Q tells nothing there, or it is true of none but the last.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    private mutating func first(in range: Range<Int>, _ isTrue: (SubchannelQ) -> Bool) throws
        -> Int?
    {
        var low = range.lowerBound - 1
        var high = range.upperBound
        for _ in 0..<64 where high - low > 1 {
            let middle = high - low <= Self.window ? low + 1 : low + (high - low) / 2
            var seen: [Int] = []
            for detour in Self.detours where seen.isEmpty {
                let place = middle + detour * Self.window
                guard low < place, place < high else { continue }
                seen = try look(at: place, within: range).filter { low < $0 && $0 < high }
            }
            guard !seen.isEmpty else { break }
            for place in seen {
                guard let q = places[place] else { continue }
                if isTrue(q) { high = min(high, place) } else { low = max(low, place) }
            }
        }
        // Between the two may lie a sector that has a code instead of its place.
        guard high - low <= 3, high < range.upperBound else { return nil }
        return high
    }

    /// Where the pregap of a track begins.
    ///
    /// - Parameters:
    ///   - track: The track; its start is index 1.
    ///   - limit: The first sector that may belong to it.
    /// - Returns: The sector, the track's start if it has no pregap; `nil` if the Q tells nothing.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    mutating func pregapStart(of track: Track, from limit: Int) throws -> Int? {
        let start = track.start.rawValue
        guard limit < start else { return start }
        func isOwn(_ q: SubchannelQ) -> Bool { q.track == track.number }
        // Most pregaps are two seconds, so the place is looked for from the start backwards.
        var end = start
        var distance = Self.window
        while true {
            let low = max(limit, start - distance)
            let seen = try look(at: low, within: limit..<start).compactMap { places[$0] }
            guard let lowest = seen.min(by: { $0.absolute < $1.absolute }) else { return nil }
            guard isOwn(lowest) else { break }
            end = min(end, lowest.absolute.lbaInProgramArea.rawValue)
            if low == limit { return end - limit <= 2 ? limit : end }
            distance = distance < 180 ? 180 : distance * 2
        }
        let low = max(limit, start - distance)
        return try first(in: low..<min(start, end + 1), isOwn) ?? end
    }

    /// Where index 2 and those behind it begin.
    ///
    /// - Returns: The sectors, and whether there are no others; those that were found before the Q told
    ///   nothing any more.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    mutating func laterIndexes(of track: Track) throws -> (found: [LBA], isCertain: Bool) {
        let range = track.start.rawValue..<track.end.rawValue
        guard range.count > Self.window else { return ([], true) }
        var seen: [SubchannelQ] = []
        for detour in Self.detours where seen.isEmpty && detour >= 0 {
            seen = try look(at: range.upperBound - detour * Self.window, within: range)
                .compactMap { places[$0] }.filter { $0.track == track.number }
        }
        guard let last = seen.map(\.index).max() else { return ([], false) }
        guard (2...99).contains(last) else { return ([], true) }
        var indexes: [LBA] = []
        var low = range.lowerBound
        for index in 2...last {
            let end = seen.filter { $0.index >= index }.map(\.absolute.lbaInProgramArea.rawValue)
                .min()
            guard let end, low <= end,
                let place = try first(in: low..<(end + 1), { $0.index >= index })
                    ?? (end == low ? end : nil)
            else { return (indexes, false) }
            indexes.append(LBA(place))
            low = place
        }
        return (indexes, true)
    }

    // MARK: Codes

    /// The codes that some sectors of a track carry.
    ///
    /// - Parameters:
    ///   - track: The track.
    ///   - skipped: Sectors at its beginning that are not looked at.
    /// - Returns: The codes, each `nil` if none was found.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    func codes(of track: Track, skipping skipped: Int = 0) throws -> (
        catalog: String?, isrc: String?
    ) {
        var start = track.start.rawValue + skipped
        var codes: (catalog: String?, isrc: String?)
        var count = 0
        for _ in 0..<Self.mostCodeWindows where count < Self.codeWindow * 9 / 10 {
            let sectors = start..<min(track.end.rawValue, start + Self.codeWindow)
            guard !sectors.isEmpty else { break }
            let found = try read(sectors)
            for q in found {
                switch q {
                case .catalog(let text): codes.catalog = text
                case .recordingCode(let text): codes.isrc = text
                case .position, .contents: break
                }
            }
            // What can't be read may have held them.
            count += found.count
            start = sectors.upperBound
        }
        return codes
    }
}
