import DiscModel
import LibCrypto
import LinuxCalls
import Reports
import Transfer

/// A sink that hands everything on to another one, and makes the checksums of each track on the way:
/// of a track of data over 2048 bytes a sector, of audio over 2352, a pregap that is kept included.
final class TrackSums: DiscSink {
    /// Sectors that are summed in one piece.
    private static let piece = 32

    private let sink: any DiscSink
    private let algorithms: [DigestAlgorithm]
    private let tracks: [Track]
    private var current: Work?
    private var sums: [Int: [DigestAlgorithm: Checksum]] = [:]

    /// The track that is summed now.
    private struct Work {
        let track: Track
        let ring: ChunkRing
        let digests: DigestThreads
        var next: Int
    }

    var requests: [SectorRequest] { sink.requests }
    var unfinished: UnfinishedFiles? { sink.unfinished }
    var byteCount: Int? { sink.byteCount }

    /// Stands before a sink.
    init(_ sink: any DiscSink, _ algorithms: [DigestAlgorithm], _ layout: DiscLayout) {
        self.sink = sink
        self.algorithms = algorithms
        tracks = layout.tracks.filter { $0.length > 0 }
    }

    func begin() throws { try sink.begin() }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        if request.form != .absent, !sectors.isEmpty { try take(sectors, address, request.form) }
        try sink.write(sectors, subchannel: subchannel, at: address, for: request)
    }

    private func take(_ sectors: Span<UInt8>, _ address: Int, _ form: SectorForm) throws {
        let end = address + sectors.count / form.size
        var at = address
        while at < end {
            guard let track = tracks.first(where: { at < $0.end.rawValue }) else { return }
            guard at >= track.extent.lowerBound else {
                at = track.extent.lowerBound
                continue
            }
            if current?.track.number != track.number { try begin(track, at: at) }
            let last = min(end, track.end.rawValue, at + Self.piece)
            let from = (at - address) * form.size
            let to = (last - address) * form.size
            add(sectors.extracting(from..<to), at: at, last - at, form)
            at = last
        }
    }

    private func begin(_ track: Track, at address: Int) throws {
        endTrack()
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
        // What comes in another order than on the disc makes no sum.
        guard work.next == address else { return work.ring.abandon() }
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
    }

    /// Ends the sums of the track that is summed now.
    private func endTrack() {
        guard let work = current else { return }
        current = nil
        if work.next == work.track.end.rawValue {
            work.ring.finish()
        } else {
            work.ring.abandon()
        }
        let made = work.digests.finish()
        sums[work.track.number] = made.isEmpty ? nil : made
    }

    func complete() throws {
        endTrack()
        try sink.complete()
    }

    func finish() throws { try sink.finish() }

    func abandon() {
        current?.ring.abandon()
        endTrack()
        sink.abandon()
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
        current?.ring.abandon()
        _ = current?.digests.finish()
    }
}
