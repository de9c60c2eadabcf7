package import DiscModel
package import LibCrypto
import LinuxCalls
import Transfer

/// Makes checksums of the user data of what goes to a sink.
///
/// They are those of a plain image: the data tracks' user data, with zeros for what lies between
/// them.
package final class UserDataSum: SectorObserver {
    /// Sectors that are summed in one piece.
    private static let piece = 64

    private let tracks: [Track]
    private let algorithms: [DigestAlgorithm]
    private var work: (ring: ChunkRing, digests: DigestThreads)
    /// The next sector that belongs to the sums.
    private var next: Int
    private var isInOrder = true
    private var total: [DigestAlgorithm: Checksum]?

    /// Begins sums of a disc.
    ///
    /// - Throws: Where no sum can be made.
    package init(_ layout: DiscLayout, _ algorithms: [DigestAlgorithm] = [.sha256]) throws {
        tracks = layout.tracks.filter { $0.mode.isData && $0.length > 0 }
        self.algorithms = algorithms
        next = tracks.first?.start.rawValue ?? 0
        work = try Self.begin(algorithms)
    }

    private static func begin(_ algorithms: [DigestAlgorithm]) throws -> (ChunkRing, DigestThreads)
    {
        let ring = ChunkRing(
            chunkSize: piece * SectorForm.user.size,
            chunks: 32,
            consumers: algorithms.count
        )
        return (ring, try DigestThreads(algorithms, over: ring, firstConsumer: 0))
    }

    package func restart() throws {
        end(isWhole: false)
        total = nil
        isInOrder = true
        next = tracks.first?.start.rawValue ?? 0
        work = try Self.begin(algorithms)
    }

    package var isComplete: Bool {
        isInOrder && next == tracks.last?.end.rawValue ?? next
    }

    package func wants(_ sectors: Range<Int>) -> Bool {
        isInOrder && tracks.contains { ($0.start.rawValue..<$0.end.rawValue).overlaps(sectors) }
    }

    package func take(_ sectors: Span<UInt8>, at address: Int, _ form: SectorForm) {
        guard form != .absent else { return }
        let count = sectors.count / form.size
        guard
            let track = tracks.first(where: {
                $0.start.rawValue < address + count && address < $0.end.rawValue
            })
        else { return }
        let range = max(address, track.start.rawValue)..<min(address + count, track.end.rawValue)
        // What is left out within a track may come later.
        let begin = max(next, track.start.rawValue)
        isInOrder = isInOrder && range.lowerBound == begin
        guard isInOrder else { return }
        while next < range.lowerBound {
            let zeros = min(Self.piece, range.lowerBound - next)
            add(zeros) { _, target in Bytes.fill(&target, 0..<target.count, with: 0) }
            next += zeros
        }
        while next < range.upperBound {
            let start = next - address
            let wanted = min(Self.piece, range.upperBound - next)
            add(wanted) { i, target in
                let first = (start + i) * form.size
                let bytes = sectors.extracting(first..<(first + form.size))
                let user = form == .user ? 0..<bytes.count : Self.userRange(bytes, form, track.mode)
                Bytes.copy(bytes.extracting(user), to: &target)
            }
            next += wanted
        }
    }

    /// Gives sectors to the thread that makes the sum.
    private func add(_ count: Int, _ fill: (Int, inout MutableSpan<UInt8>) -> Void) {
        let size = SectorForm.user.size
        _ = work.ring.produce { buffer in
            for i in 0..<count {
                var sector = buffer._mutatingExtracting((i * size)..<((i + 1) * size))
                fill(i, &sector)
            }
            return count * size
        }
    }

    /// Where user data lie in a part of a sector: what the sector says of itself counts first.
    static func userRange(_ bytes: Span<UInt8>, _ form: SectorForm, _ mode: TrackMode)
        -> Range<Int>
    {
        let place = form.range(in: mode)
        var start = SectorForm.user.range(in: mode).lowerBound
        if form == .raw, RawSector.hasSync(bytes) { start = bytes[15] == 2 ? 24 : 16 }
        if form == .raw, RawSector.hasSync(bytes) || form == .mode2, start == 24 {
            let subheader = 16 - place.lowerBound
            for i in subheader..<(subheader + 4) where bytes[i] != bytes[i + 4] { start = 16 }
        }
        let first = start - place.lowerBound
        return max(0, first)..<min(bytes.count, max(0, first) + SectorForm.user.size)
    }

    private func end(isWhole: Bool) {
        guard total == nil else { return }
        if isWhole { work.ring.finish() } else { work.ring.abandon() }
        // The threads must not outlive this: the process may be about to end.
        total = work.digests.finish()
    }

    /// The sums; none where there are no data, or they came in another order than on the disc.
    package func sums() -> [DigestAlgorithm: Checksum] {
        end(isWhole: isComplete && !tracks.isEmpty)
        return total ?? [:]
    }

    deinit {
        end(isWhole: false)
    }
}
