import DiscDrives
import DiscFiles
import DiscModel
import LibBurn
import LibCrypto
import LinuxCalls
import Reports
import Transfer

/// Reads an image into a ring, track by track, on a thread of its own, and makes the sums.
final class Feeder: Sendable {
    private struct State {
        /// Bytes that went into the ring.
        var bytes = 0
        var sums: [Checksum] = []
        var sum: Checksum?
        var isAtEnd = false
        var failure: String?
        /// The beginning of a pipe, which can't be read again.
        var beginning: [UInt8] = []
        /// Whether anything but zeros lies where every sector of a disc is looked at.
        var isSeen = false
    }

    /// Bytes of a pipe that are kept: volume descriptors and anchors are in there.
    private static let beginningSize = 1 << 20

    private let disc: DiscPlan
    private let thread: Thread
    private let state: Monitor<State>
    /// Ends the waiting for a pipe.
    private let stopper: WakeUp?

    /// Begins to read.
    ///
    /// - Parameters:
    ///   - image: What is read.
    ///   - disc: Its tracks.
    ///   - known: Sectors at the beginning that are on the disc already: they are in the sums, and don't
    ///     go into the ring.
    ///   - ring: Where all others go.
    /// - Throws: The system's error if no thread can be started.
    init(_ image: ImageToBurn, _ disc: DiscPlan, behind known: Int = 0, into ring: ChunkRing)
        throws(SystemError)
    {
        let state = Monitor(State())
        let handover = Handover(image: image)
        thread = try Thread(name: "source") {
            do {
                try Self.feed(handover.image, disc, behind: known, into: ring, state)
            } catch is PipeSource.Stopped {
                ring.abandon()
            } catch {
                state.update { $0.failure = "\(error)" }
                ring.abandon()
            }
        }
        self.disc = disc
        self.state = state
        stopper = (image.source as? PipeSource)?.stopper
    }

    private static func feed(
        _ image: ImageToBurn,
        _ disc: DiscPlan,
        behind known: Int,
        into ring: ChunkRing,
        _ state: Monitor<State>
    ) throws {
        var sum = try Digest(.sha256)
        let isSeveral = disc.tracks.count > 1
        for (index, track) in disc.tracks.enumerated() {
            var own = try Digest(.sha256)
            var address = track.payload.lowerBound
            var left = track.byteCount
            if index == 0, known > 0 {
                let bytes = try pass(image, disc, track, known, ring, &own, state)
                guard let bytes else { return }
                address += known
                left = left.map { max(0, $0 - bytes) }
                state.update { state in
                    state.bytes += bytes
                    state.isAtEnd = left == 0
                }
            }
            var isAtEnd = left == 0
            while !isAtEnd {
                let goesOn = try ring.produce { buffer in
                    let size = track.kind.sectorSize
                    let fits = min(buffer.count / size, left.map { ($0 + size - 1) / size } ?? .max)
                    var part = buffer._mutatingExtracting(..<(fits * size))
                    let sectors = try image.read(disc, track.kind, at: address, into: &part)
                    address += sectors
                    // The zeros that fill up a last sector are not the image's.
                    var bytes = min(sectors * size, left ?? .max)
                    left = left.map { $0 - bytes }
                    // A read may end earlier, where the image changes; 0 is the end.
                    isAtEnd = sectors == 0 || left == 0
                    var beginning: [UInt8] = []
                    if let pipe = image.source as? PipeSource {
                        let before = state.read(\.bytes)
                        // What comes beyond a size that was told is not the image's.
                        bytes = min(
                            pipe.byteCount - before,
                            track.byteCount.map { $0 - before } ?? .max
                        )
                        isAtEnd = isAtEnd || pipe.hasEnded
                        let kept = max(0, min(bytes, beginningSize - before))
                        beginning = (0..<kept).map { buffer[$0] }
                    }
                    own.update(buffer.span.extracting(0..<bytes))
                    let place = disc.point.address + address - sectors - track.payload.lowerBound
                    note(buffer.span.extracting(0..<bytes), at: place, state)
                    if isSeveral { sum.update(buffer.span.extracting(0..<bytes)) }
                    let isAll = isAtEnd && index + 1 == disc.tracks.count
                    state.update { state in
                        state.beginning += beginning
                        state.bytes += bytes
                        state.isAtEnd = isAll
                    }
                    return bytes
                }
                guard goesOn else { return }
            }
            let finished = own.finish()
            state.update { $0.sums.append(finished) }
        }
        let finished = sum.finish()
        state.update { $0.sum = isSeveral ? finished : $0.sums.first }
        ring.finish()
    }

    /// Reads a track's first sectors for its sum alone.
    ///
    /// - Returns: Their bytes; `nil` if nobody waits for the rest any more.
    /// - Throws: What the image throws, also if it ends before.
    private static func pass(
        _ image: ImageToBurn,
        _ disc: DiscPlan,
        _ track: DiscPlan.PlannedTrack,
        _ count: Int,
        _ ring: ChunkRing,
        _ sum: inout Digest,
        _ state: Monitor<State>
    ) throws -> Int? {
        let size = track.kind.sectorSize
        var buffer = [UInt8](repeating: 0, count: 512 * size)
        var (done, bytes) = (0, 0)
        while done < count {
            guard !ring.isAbandoned else { return nil }
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<(min(512, count - done) * size))
            let address = track.payload.lowerBound + done
            let sectors = try image.read(disc, track.kind, at: address, into: &part)
            guard sectors > 0 else {
                throw UnreadableSectors(start: address, count: 1, reason: "the image ends there")
            }
            // The zeros that fill up a last sector are not the image's.
            let fresh = min(sectors * size, (track.byteCount ?? .max) - bytes)
            sum.update(buffer.span.extracting(0..<fresh))
            note(buffer.span.extracting(0..<fresh), at: disc.point.address + done, state)
            done += sectors
            bytes += fresh
        }
        return bytes
    }

    /// Notes whether bytes that go to a place of the disc will show there.
    private static func note(_ bytes: Span<UInt8>, at sector: Int, _ state: Monitor<State>) {
        let seen = min(bytes.count, max(0, DataSearch.beginning - sector) * 2048)
        guard seen > 0, !Bytes.areZero(bytes.extracting(0..<seen)) else { return }
        state.update { $0.isSeen = true }
    }

    /// Why the image could not be read on, where that is so by now.
    var failure: String? { state.read(\.failure) }

    /// Fails if the image can't be read, or if all that comes is known by now and is nothing, or less
    /// than was told or its file system has.
    func checkBeginning(of image: ImageToBurn, _ options: BurnOptions) throws(Failure) {
        let (bytes, hasEnded, failure) = state.read { ($0.bytes, $0.isAtEnd, $0.failure) }
        if let failure {
            throw Failure(
                notBurned: "\(image.name) can't be read: \(failure)",
                "Find out what is wrong with the image, and burn again."
            )
        }
        let missing = options.allowsTruncated ? 0 : missingBytes
        let shortfall = shortfall(of: image)
        guard hasEnded, bytes == 0 || missing > 0 || shortfall != nil else { return }
        throw Failure(
            notBurned: bytes == 0
                ? "Nothing came from \(image.name)."
                : shortfall
                    ?? "\(image.name) ended after \(bytes) bytes, and its file system has \(missing) more.",
            "\(Self.remedy), and burn again."
        )
    }

    /// What to do about a program whose output is not what it should be.
    private static let remedy = "Find out what is wrong with the program that makes the image"

    /// That a pipe ended before the size that was told, in a sentence.
    private func shortfall(of image: ImageToBurn) -> String? {
        let (bytes, hasEnded) = state.read { ($0.bytes, $0.isAtEnd) }
        guard image.source is PipeSource, hasEnded, let size = image.byteCount, bytes < size else {
            return nil
        }
        return "\(image.name) ended after \(bytes) bytes, and \(size) were to come."
    }

    /// What was wrong with the size of what came through a pipe, where that ended a write: libburn and the
    /// drive know only that data, or room, were missing.
    ///
    /// - Parameters:
    ///   - image: What was read.
    ///   - plan: What was to be written.
    ///   - error: What libburn said.
    /// - Returns: `nil` if something else ended the write.
    func wrongSize(of image: ImageToBurn, _ plan: BurnPlan, _ error: BurnError) -> ImageTrouble? {
        guard image.source is PipeSource, error.code == .failed else { return nil }
        let bytes = state.read(\.bytes)
        if let sentence = shortfall(of: image), error.bytes >= bytes, error.complaint() == nil {
            return ImageTrouble(sentence: sentence, remedy: Self.remedy, bytes: bytes)
        }
        // Up to the disc's end there may be a fault of the disc, too; that more came than fits is so
        // all the same.
        guard image.byteCount == nil, let room = plan.capacity, bytes > room * 2048,
            error.bytes >= room * 2048
        else { return nil }
        return ImageTrouble(
            sentence:
                "More came from \(image.name) than the \(Wording.sectors(room)) that the disc has room for.",
            remedy: "Use a larger disc, or have the program make less",
            bytes: room * 2048
        )
    }

    /// What a person has to agree to, where what comes through a pipe was made for another place.
    func question(about plan: BurnPlan) -> BurnQuestion? {
        let beginning = state.read(\.beginning)
        guard !beginning.isEmpty,
            let madeFor = try? DiscContent.examine(BytesSource(beginning)).firstSector,
            madeFor != plan.point.address
        else { return nil }
        return .misplacing(
            plan.medium.displayName,
            at: plan.point.address,
            madeFor: madeFor,
            isBlankable: plan.medium.facts.recording == .blankable
        )
    }

    /// Bytes that a file system in what came has behind its end; nothing but a pipe is looked at, for
    /// others were before.
    var missingBytes: Int {
        let (beginning, bytes) = state.read { ($0.beginning, $0.bytes) }
        guard !beginning.isEmpty,
            let end = try? DiscContent.examine(BytesSource(beginning)).volumeEnd
        else { return 0 }
        return end > UInt64(bytes) ? Int(clamping: end - UInt64(bytes)) : 0
    }

    /// Waits for the image's end, where all of it was taken.
    ///
    /// - Returns: What was read; `nil` if that was not all.
    func finish() -> Written? {
        thread.join()
        let (bytes, sums, sum, isSeen) = state.read { ($0.bytes, $0.sums, $0.sum, $0.isSeen) }
        return sum.map {
            Written(disc: disc.measured(bytes), sums: sums, sum: $0, isSeen: isSeen)
        }
    }

    /// Ends the reading: the ring is abandoned, and so is a wait for a pipe in which nothing comes any
    /// more.
    func stop(_ ring: ChunkRing) {
        ring.abandon()
        stopper?.wake()
        thread.join()
    }

    /// An image on its way to the one thread that will use its sources from then on.
    private struct Handover: @unchecked Sendable {
        let image: ImageToBurn
    }
}

extension ImageToBurn {
    /// Reads sectors in the form in which libburn takes them.
    fileprivate func read(
        _ plan: DiscPlan,
        _ kind: TrackJob.Kind,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        guard !plan.isPlainData, let disc else {
            return try source.read(at: address, into: &buffer)
        }
        return try disc.read(kind.form, at: address, into: &buffer)
    }
}
