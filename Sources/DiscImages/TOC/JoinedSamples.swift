import DiscModel
import LinuxCalls
import SystemPackage

/// The samples of a track whose pieces don't begin and end with sectors: one piece follows another
/// sample by sample, and silence fills up the last sector.
final class JoinedSamples: ByteSource {
    /// A piece, of whole samples.
    struct Piece {
        /// Where the samples are; `nil` for silence.
        var bytes: (any ByteSource)?
        var offset: Int
        var count: Int
        var isBigEndian: Bool
    }

    /// Bytes that are read at once.
    private static let most = 1 << 20

    let name: String
    let byteCount: Int
    var paths: [FilePath] { pieces.flatMap { $0.piece.bytes?.paths ?? [] } }
    private let pieces: [(start: Int, piece: Piece)]

    /// Joins pieces, of no more than a CD holds.
    init(_ pieces: [Piece]) {
        var end = 0
        var placed: [(start: Int, piece: Piece)] = []
        for piece in pieces {
            placed.append((end, piece))
            end += piece.count
        }
        self.pieces = placed
        name = pieces.compactMap { $0.bytes?.name }.first ?? "silence"
        byteCount = (end + RawSector.size - 1) / RawSector.size * RawSector.size
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        let end = min(byteCount, offset + min(buffer.count, Self.most))
        Bytes.fill(&buffer, 0..<(end - offset), with: 0)
        for (start, piece) in pieces[firstPiece(endingBehind: offset)...] {
            guard start < end else { break }
            guard let bytes = piece.bytes else { continue }
            let from = max(start, offset) - start
            let to = min(start + piece.count, end) - start
            guard from < to else { continue }
            // Whole samples of 16 bits, so that their bytes can be swapped.
            let (first, last) = (from & ~1, (to + 1) & ~1)
            var kept = try bytes.bytes((piece.offset + first)..<(piece.offset + last))
            guard kept.count == last - first else {
                throw UnreadableBytes(reason: "\(bytes.name) ends before it")
            }
            if piece.isBigEndian {
                var span = kept.mutableSpan
                Samples.swap(&span)
            }
            Bytes.copy(
                kept.span.extracting((from - first)..<(to - first)),
                to: &buffer,
                at: start + from - offset
            )
        }
        return end - offset
    }

    private func firstPiece(endingBehind offset: Int) -> Int {
        pieces.firstIndexInOrder { $0.start + $0.piece.count > offset }
    }
}
