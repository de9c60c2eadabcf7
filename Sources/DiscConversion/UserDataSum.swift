import DiscImages
import DiscModel
import LibCrypto
import LinuxCalls
import SystemPackage
import Transfer

/// A sink that hands everything on to another one, and makes the SHA-256 of the user data on the way.
///
/// The sum is that of a plain image: the data tracks' user data, with zeros for what lies between
/// them.
final class UserDataSum: DiscSink {
    /// Sectors that are summed in one piece.
    private static let piece = 64

    private let sink: any DiscSink
    private let tracks: [Track]
    private let ring: ChunkRing
    private let digests: DigestThreads
    /// What is read for the sum alone goes through it.
    private var spare: [UInt8] = []
    /// The next sector that belongs to the sum.
    private var next: Int
    private var isInOrder = true
    private var isOver = false
    private var total: Checksum?

    var requests: [SectorRequest] { sink.requests }
    var unfinished: UnfinishedFiles? { sink.unfinished }
    var byteCount: Int? { sink.byteCount }

    /// Stands before a sink.
    ///
    /// - Throws: Where no sum can be made.
    init(_ sink: any DiscSink, _ layout: DiscLayout) throws {
        self.sink = sink
        tracks = layout.tracks.filter { $0.mode.isData && $0.length > 0 }
        next = tracks.first?.start.rawValue ?? 0
        ring = ChunkRing(chunkSize: Self.piece * SectorForm.user.size, chunks: 32, consumers: 1)
        digests = try DigestThreads([.sha256], over: ring, firstConsumer: 0)
    }

    func begin() throws { try sink.begin() }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        take(sectors, address, request.form)
        try sink.write(sectors, subchannel: subchannel, at: address, for: request)
    }

    /// Reads for the sum what the other sink did not have to read, from where it was written: the
    /// source may have changed meanwhile.
    func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws -> FileRange?
    {
        guard let written = try sink.copy(bytes, at: address, for: request) else { return nil }
        let size = request.form.size
        let count = written.count / size
        guard isWanted(address..<(address + count)) else { return written }
        // Taken out of this object, so that it has one owner while it is filled.
        var buffer: [UInt8] = []
        swap(&buffer, &spare)
        defer { swap(&buffer, &spare) }
        if buffer.count < size { buffer = [UInt8](repeating: 0, count: Self.piece * size) }
        var done = 0
        while done < count {
            let wanted = min(buffer.count / size, count - done)
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<(wanted * size))
            let got = try written.file.read(at: written.offset + done * size, into: &part)
            // What is after the last byte that isn't zero need not be in the file yet.
            Bytes.fill(&part, got..<(wanted * size), with: 0)
            take(part.span, address + done, request.form)
            done += wanted
        }
        return written
    }

    private func isWanted(_ sectors: Range<Int>) -> Bool {
        isInOrder && tracks.contains { ($0.start.rawValue..<$0.end.rawValue).overlaps(sectors) }
    }

    private func take(_ sectors: Span<UInt8>, _ address: Int, _ form: SectorForm) {
        guard form != .absent, !sectors.isEmpty else { return }
        let count = sectors.count / form.size
        guard
            let track = tracks.first(where: {
                $0.start.rawValue < address + count && address < $0.end.rawValue
            })
        else { return }
        let range = max(address, track.start.rawValue)..<min(address + count, track.end.rawValue)
        isInOrder = isInOrder && range.lowerBound >= next
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
        _ = ring.produce { buffer in
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

    func complete() throws { try sink.complete() }

    func finish() throws { try sink.finish() }

    func abandon() {
        sink.abandon()
        end(isWhole: false)
    }

    private func end(isWhole: Bool) {
        guard !isOver else { return }
        isOver = true
        if isWhole { ring.finish() } else { ring.abandon() }
        // The thread must not outlive this: the process may be about to end.
        total = digests.finish()[.sha256]
    }

    /// The sum; nothing where there are no data, or they came in another order than on the disc.
    func sum() -> Checksum? {
        let isWhole = isInOrder && !tracks.isEmpty && next == tracks[tracks.count - 1].end.rawValue
        end(isWhole: isWhole)
        return total
    }

    deinit {
        end(isWhole: false)
    }
}
