import DiscModel
import LinuxCalls
import Transfer

/// Reads the audio tracks of a disc from the first sample to the last.
struct AudioReader {
    /// The sectors that can't be read; zeros stand for them.
    private(set) var unreadable: [Int] = []

    private let disc: any DiscSource
    private let toc: AudioTOC
    private let cancellation: Cancellation

    /// Sectors that are read at once: about a mebibyte.
    private static let piece = 440
    /// The sectors of one command, which are tried if a whole piece can't be read.
    private static let carefulPiece = 32
    /// A drive takes seconds over each sector that it can't read; so many are enough to judge a disc.
    private static let mostUnreadable = 1_000

    init(_ disc: any DiscSource, _ toc: AudioTOC, _ cancellation: Cancellation) {
        self.disc = disc
        self.toc = toc
        self.cancellation = cancellation
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - progress: Told how many sectors were read.
    ///   - take: Given the samples in order.
    /// - Throws: The disc's errors if it can't be read on; ``Stopped`` if that was asked for.
    mutating func read(
        _ progress: (Int) -> Void,
        _ take: (Span<UInt8>) -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: Self.piece * Self.sectorSize)
        var done = 0
        for track in toc.audio {
            var next = track.start
            while next < track.end {
                let sectors = next..<min(track.end, next + Self.piece)
                try fill(&buffer, sectors)
                take(buffer.span.extracting(0..<sectors.count * Self.sectorSize))
                next = sectors.upperBound
                done += sectors.count
                progress(done)
            }
        }
    }

    /// A wish to stop was heeded.
    struct Stopped: Error {}

    private static let sectorSize = 2352

    private mutating func fill(_ buffer: inout [UInt8], _ sectors: Range<Int>) throws {
        var span = buffer.mutableSpan
        var next = sectors.lowerBound
        var piece = sectors.count
        while next < sectors.upperBound {
            if cancellation.isRequested { throw Stopped() }
            let count = min(piece, sectors.upperBound - next)
            let place = (next - sectors.lowerBound) * Self.sectorSize
            let range = place..<place + count * Self.sectorSize
            do {
                guard unreadable.count < Self.mostUnreadable else {
                    throw UnreadableSectors(start: next, count: count, reason: "it was not tried")
                }
                let got = try Bytes.withPart(of: &span, range) { part throws(any Error) in
                    try disc.read(.raw, at: next, into: &part)
                }
                guard got > 0 else {
                    throw UnreadableSectors(start: next, count: 1, reason: "nothing came")
                }
                next += min(got, count)
                piece = max(piece, min(Self.carefulPiece, sectors.count))
            } catch is UnreadableSectors {
                if count > 1, unreadable.count < Self.mostUnreadable {
                    piece = count > Self.carefulPiece ? Self.carefulPiece : 1
                } else {
                    Bytes.fill(&span, range, with: 0)
                    unreadable += next..<next + count
                    next += count
                }
            }
        }
    }
}
