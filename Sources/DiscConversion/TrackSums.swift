import DiscModel
import LibCrypto
import LinuxCalls
import Reports
import Transfer

/// Makes the checksums of each track of what goes to a sink: of a track of data over 2048 bytes a
/// sector, of audio over 2352, a pregap that is kept included.
final class TrackSums: SectorObserver {
    /// Sectors that are summed in one piece.
    private static let piece = 32

    private let algorithms: [DigestAlgorithm]
    private let tracks: [Track]
    /// The first sector of each track that is summed.
    private var starts: [Int: Int] = [:]
    private var current: Work?
    private var sums: [Int: [DigestAlgorithm: Checksum]] = [:]
    private var isInOrder = true

    /// The track that is summed now.
    private struct Work {
        let track: Track
        let ring: ChunkRing
        let digests: DigestThreads
        var next: Int
    }

    /// Begins sums of a disc.
    ///
    /// - Parameters:
    ///   - layout: The disc's tracks.
    ///   - algorithms: The sums to make.
    ///   - requests: What is wanted of the disc.
    init(_ layout: DiscLayout, _ algorithms: [DigestAlgorithm], _ requests: [SectorRequest]) {
        self.algorithms = algorithms
        tracks = layout.tracks.filter { $0.length > 0 }
        let kept = RangeSet(requests.filter { $0.form != .absent }.map(\.sectors))
        for track in tracks {
            let own = kept.intersection(RangeSet(track.extent)).ranges
            starts[track.number] = own.first?.lowerBound
        }
    }

    var isComplete: Bool { isInOrder && tracks.allSatisfy { sums[$0.number] != nil } }

    func restart() {
        abandon()
        sums = [:]
        isInOrder = true
    }

    func wants(_ sectors: Range<Int>) -> Bool { isInOrder }

    func take(_ sectors: Span<UInt8>, at address: Int, _ form: SectorForm) throws {
        guard form != .absent else { return }
        let end = address + sectors.count / form.size
        var at = address
        while at < end, isInOrder {
            guard let track = tracks.first(where: { at < $0.end.rawValue }) else { return }
            guard at >= track.extent.lowerBound else {
                at = track.extent.lowerBound
                continue
            }
            if current?.track.number != track.number {
                // What comes in another order than on the disc makes no sum.
                guard current == nil, at == starts[track.number] else { return giveUp() }
                try begin(track, at: at)
            }
            let last = min(end, track.end.rawValue, at + Self.piece)
            let from = (at - address) * form.size
            let to = (last - address) * form.size
            add(sectors.extracting(from..<to), at: at, last - at, form)
            at = last
        }
    }

    private func begin(_ track: Track, at address: Int) throws {
        let ring = ChunkRing(
            chunkSize: Self.piece * RawSector.size,
            chunks: 32,
            consumers: algorithms.count
        )
        current = Work(
            track: track,
            ring: ring,
            digests: try DigestThreads(algorithms, over: ring, firstConsumer: 0),
            next: address
        )
    }

    private func add(_ sectors: Span<UInt8>, at address: Int, _ count: Int, _ form: SectorForm) {
        guard let work = current else { return }
        guard work.next == address else { return giveUp() }
        current?.next = address + count
        let isData = work.track.mode.isData
        _ = work.ring.produce { buffer in
            guard isData else {
                Bytes.copy(sectors, to: &buffer)
                return sectors.count
            }
            let size = SectorForm.user.size
            for i in 0..<count {
                let sector = sectors.extracting(i * form.size..<(i + 1) * form.size)
                let user =
                    form == .user
                    ? 0..<size : UserDataSum.userRange(sector, form, work.track.mode)
                var part = buffer._mutatingExtracting(i * size..<(i + 1) * size)
                Bytes.copy(sector.extracting(user), to: &part)
            }
            return count * size
        }
        guard address + count == work.track.end.rawValue else { return }
        current = nil
        work.ring.finish()
        let made = work.digests.finish()
        sums[work.track.number] = made.isEmpty ? nil : made
    }

    private func giveUp() {
        isInOrder = false
        abandon()
    }

    /// Ends the sums of the track that is summed now.
    private func abandon() {
        current?.ring.abandon()
        _ = current?.digests.finish()
        current = nil
    }

    /// What is known of each track: to be asked for when all is written.
    func results(unreadable: [Range<Int>]) -> [TrackResult] {
        tracks.map { track in
            let bad = unreadable.map { $0.clamped(to: track.extent) }.filter { !$0.isEmpty }
            var result = TrackResult(
                number: track.number,
                session: track.session,
                mode: track.mode.rawValue,
                start: track.start.rawValue,
                sectors: track.length,
                status: bad.isEmpty ? .done : .incomplete
            )
            let own = sums[track.number] ?? [:]
            result.sha256 = own[.sha256]?.hexadecimal
            let others = own.filter { $0.key != .sha256 }
            if !others.isEmpty {
                result.sums = Dictionary(
                    uniqueKeysWithValues: others.map { ($0.key.rawValue, $0.value.hexadecimal) }
                )
            }
            if !bad.isEmpty {
                result.unreadableSectors = bad.reduce(0) { $0 + $1.count }
                result.firstUnreadableSector = bad.first?.lowerBound
            }
            return result
        }
    }

    deinit {
        abandon()
    }
}
