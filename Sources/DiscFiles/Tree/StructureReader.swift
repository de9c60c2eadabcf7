import Transfer

/// Reads the structures of a file system, keeping the last pieces of the disc that were asked for.
///
/// A damaged disc costs seconds for every sector that it can't deliver: what failed isn't tried
/// again, and after ``patience`` failures in a row nothing more is read.
final class StructureReader {
    /// Bytes in a sector of every source that this target reads.
    static let sectorSize = 2048
    /// Sectors that are read at once: what every drive and USB bridge delivers.
    private static let pieceLength = 32
    /// Pieces that are kept: 16 MiB.
    private static let mostPieces = 256
    /// Failures in a row after which the disc is left alone.
    private static let patience = 64
    /// What may be examined beyond what the disc holds, for structures that are met twice.
    private static let slack = 8 << 20

    private struct Piece {
        var bytes: [UInt8]
        var lastUse: Int
    }

    /// The number of sectors, where the source knows it.
    let sectorCount: Int?
    /// Sectors that were asked for and not delivered.
    private(set) var unreadable: Set<Int> = []
    /// The bytes that were examined since ``begin()``.
    private(set) var examined = 0

    private let source: any SectorSource
    private var pieces: [Int: Piece] = [:]
    /// Pieces that can't be read as a whole: their sectors are read one by one.
    private var brokenPieces: Set<Int> = []
    private var uses = 0
    private var failures = 0

    /// Prepares to read a source of 2048-byte sectors.
    init(_ source: any SectorSource) throws {
        guard source.sectorSize == Self.sectorSize else {
            throw UnsuitableSectorSize(sectorSize: source.sectorSize)
        }
        self.source = source
        sectorCount = source.sectorCount
    }

    /// The most that a walk over the whole tree may examine: structures are read once or twice and
    /// don't lie in each other, so what goes beyond twice the disc's size is read over and over.
    var mostExamined: Int {
        guard let sectorCount else { return 1 << 30 }
        let (bytes, overflow) = max(0, sectorCount).multipliedReportingOverflow(by: 2048)
        return overflow ? 1 << 40 : 2 * min(bytes, 1 << 40) + Self.slack
    }

    /// Counts again what is examined.
    func begin() { examined = 0 }

    /// Counts work that reads nothing new.
    func charge(_ bytes: Int) throws {
        examined = examined &+ max(0, bytes)
        guard examined <= mostExamined else {
            throw BrokenStructure(
                "More structures are named than the disc can hold; the rest is left out."
            )
        }
    }

    /// Takes back what was charged for a structure that a disc may name as often as it likes.
    func excuse(_ bytes: Int) { examined = max(0, examined - max(0, bytes)) }

    /// Whether bytes lie before the end, as far as that is known.
    func holds(_ offset: Int, count: Int) -> Bool {
        guard offset >= 0, count >= 0 else { return false }
        guard let sectorCount else { return true }
        let (end, overflow) = offset.addingReportingOverflow(count)
        return !overflow && end <= max(0, sectorCount) * Self.sectorSize
    }

    /// Bytes from anywhere.
    ///
    /// - Throws: ``BrokenStructure`` where they are not there or can't be read, and what the source
    ///   throws besides `UnreadableSectors`.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        guard count > 0 else { return [] }
        guard holds(offset, count: count), offset < Int.max - count else {
            throw BrokenStructure(
                "Sector \(offset / Self.sectorSize) is named, but the disc has only \(sectorCount ?? 0)."
            )
        }
        try charge(count)
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var position = offset
        while result.count < count {
            let number = position / Self.sectorSize
            let within = position % Self.sectorSize
            let (piece, start) = try piece(holding: number)
            let from = (number - start) * Self.sectorSize + within
            let part = piece[from..<min(piece.count, from + count - result.count)]
            guard !part.isEmpty else { throw Self.missing(number) }
            result += part
            position += part.count
        }
        return result
    }

    private static func missing(_ number: Int) -> BrokenStructure {
        BrokenStructure("Sector \(number) can't be read.")
    }

    /// Some sectors that have one among them, and the number of the first.
    private func piece(holding number: Int) throws -> (bytes: [UInt8], start: Int) {
        uses += 1
        let start = number / Self.pieceLength * Self.pieceLength
        // A piece that ended early, or was read one by one, is filed under the sector itself.
        for key in [start, number] {
            guard let known = pieces[key],
                (number - key + 1) * Self.sectorSize <= known.bytes.count
            else { continue }
            pieces[key]?.lastUse = uses
            return (known.bytes, key)
        }
        guard !unreadable.contains(number), failures < Self.patience else {
            throw Self.missing(number)
        }
        if pieces[start] == nil, !brokenPieces.contains(start) {
            if let bytes = try read(start, count: Self.pieceLength) {
                keep(bytes, at: start)
                if bytes.count > (number - start) * Self.sectorSize {
                    failures = 0
                    return (bytes, start)
                }
            }
            brokenPieces.insert(start)
        }
        guard let bytes = try read(number, count: 1) else {
            failures += 1
            unreadable.insert(number)
            throw Self.missing(number)
        }
        guard !bytes.isEmpty else {
            throw BrokenStructure("Sector \(number) is named, but the disc ends before it.")
        }
        failures = 0
        keep(bytes, at: number)
        return (bytes, number)
    }

    private func keep(_ bytes: [UInt8], at start: Int) {
        if pieces.count >= Self.mostPieces,
            let oldest = pieces.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            pieces[oldest.key] = nil
        }
        pieces[start] = Piece(bytes: bytes, lastUse: uses)
    }

    /// What the source delivers, less at its end; nil for a failure.
    private func read(_ start: Int, count: Int) throws -> [UInt8]? {
        var wanted = count
        if let sectorCount { wanted = min(count, sectorCount - start) }
        guard wanted > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: wanted * Self.sectorSize)
        var done = 0
        do {
            while done < wanted {
                var span = buffer.mutableSpan
                var rest = span._mutatingExtracting((done * Self.sectorSize)...)
                let delivered = try source.read(at: start + done, into: &rest)
                if delivered <= 0 { break }
                done = min(wanted, done + delivered)
            }
        } catch is UnreadableSectors {
            if done == 0 { return nil }
        }
        if done < wanted { buffer.removeLast((wanted - done) * Self.sectorSize) }
        return buffer
    }
}
