import DiscFiles
import DiscModel
import Transfer

/// An image with other bytes in some of its sectors, and with more sectors at its end.
final class EditedSource: SectorSource {
    /// Sectors that are others than before.
    struct Piece {
        /// What they have.
        enum Content {
            case bytes([UInt8])
            case zeros
            case file(SourceFile)
            /// What the image has from another sector on.
            case copy(Int)
        }

        var sectors: Range<Int>
        var content: Content
    }

    let sectorSize = 2048
    let sectorCount: Int?

    private let before: any SectorSource
    private let countBefore: Int
    /// In the order of the sectors; none overlaps another.
    private let pieces: [Piece]
    private let finish: () throws -> Void
    private var open: (file: SourceFile, bytes: any FileBytes)?

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - before: The image as it was.
    ///   - sectorCount: Its sectors now.
    ///   - pieces: What is other than before.
    ///   - finish: Called when the last sector was read.
    init(
        _ before: any SectorSource,
        sectorCount: Int,
        _ pieces: [Piece],
        finish: @escaping () throws -> Void
    ) {
        self.before = before
        self.sectorCount = sectorCount
        countBefore = before.sectorCount ?? 0
        self.pieces = pieces
        self.finish = finish
    }

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let total = sectorCount ?? 0
        let wanted = min(buffer.count / 2048, total - start)
        guard start >= 0, wanted > 0 else { return 0 }
        let index = index(from: start)
        var end = start + wanted
        var count: Int
        if index < pieces.count, pieces[index].sectors.contains(start) {
            end = min(end, pieces[index].sectors.upperBound)
            var part = buffer._mutatingExtracting(..<((end - start) * 2048))
            try read(pieces[index], at: start, into: &part)
            count = end - start
        } else {
            if index < pieces.count { end = min(end, pieces[index].sectors.lowerBound) }
            if start < countBefore {
                var part = buffer._mutatingExtracting(
                    ..<((min(end, countBefore) - start) * 2048)
                )
                count = try before.read(at: start, into: &part)
            } else {
                for place in 0..<(end - start) * 2048 { buffer[place] = 0 }
                count = end - start
            }
        }
        if start + count >= total { try finish() }
        return count
    }

    /// The first piece that ends behind a sector.
    private func index(from sector: Int) -> Int {
        pieces.firstIndexInOrder { $0.sectors.upperBound > sector }
    }

    private func read(_ piece: Piece, at start: Int, into part: inout MutableSpan<UInt8>) throws {
        let offset = (start - piece.sectors.lowerBound) * 2048
        switch piece.content {
        case .zeros:
            for place in 0..<part.count { part[place] = 0 }
        case .bytes(let bytes):
            for place in 0..<part.count {
                part[place] = offset + place < bytes.count ? bytes[offset + place] : 0
            }
        case .copy(let first):
            var done = 0
            while done < part.count {
                var rest = part._mutatingExtracting(done...)
                let place = first + (offset + done) / 2048
                let count = try before.read(at: place, into: &rest)
                guard count > 0 else { throw BrokenStructure("Sector \(place) is missing.") }
                done += count * 2048
            }
        case .file(let file):
            let bytes: any FileBytes
            if offset > 0, let open, open.file === file {
                bytes = open.bytes
            } else {
                bytes = try file.bytes()
                open = (file, bytes)
            }
            var done = 0
            let inside = min(part.count, max(0, file.byteCount - offset))
            while done < inside {
                var rest = part._mutatingExtracting(done..<inside)
                let count = try bytes.read(at: offset + done, into: &rest)
                guard count > 0 else { break }
                done += count
            }
            for place in done..<part.count { part[place] = 0 }
            if start * 2048 + part.count >= piece.sectors.upperBound * 2048 { open = nil }
        }
    }
}

/// A source of nothing.
final class NoSectors: SectorSource {
    let sectorSize = 2048
    let sectorCount: Int? = 0

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) -> Int { 0 }
}

/// The sectors of a disc from one on, of 2048 bytes.
final class SessionSource: SectorSource {
    let sectorSize = 2048
    let sectorCount: Int?

    private let whole: any SectorSource
    private let first: Int

    init(_ whole: any SectorSource, from first: Int) {
        (self.whole, self.first) = (whole, first)
        sectorCount = whole.sectorCount.map { max(0, $0 - first) }
    }

    func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        try whole.read(at: first + start, into: &buffer)
    }
}
