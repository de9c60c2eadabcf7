import DiscFiles
import LinuxCalls
import Reports
import Transfer

/// Reads an image into a ring, on a thread of its own, byte for byte.
final class SourceFeeder: Sendable {
    private struct State {
        var bytes = 0
        var isAtEnd = false
        var failure: String?
        /// The beginning of a pipe, which can't be read again.
        var beginning: [UInt8] = []
    }

    /// Bytes of a pipe that are kept: volume descriptors and anchors are in there.
    private static let beginningSize = 1 << 20

    private let thread: Thread
    private let state: Monitor<State>
    /// Ends the waiting for a pipe.
    private let stopper: WakeUp?

    init(_ image: ImageToBurn, into ring: ChunkRing) throws(SystemError) {
        let state = Monitor(State())
        let handover = Handover(source: image.source, byteCount: image.byteCount)
        thread = try Thread(name: "source") {
            let (source, limit) = (handover.source, handover.byteCount)
            var sector = 0
            var isAtEnd = false
            do {
                while !isAtEnd {
                    let goesOn = try ring.produce { buffer in
                        let count = try source.read(at: sector, into: &buffer)
                        sector += count
                        // A read may end earlier, where the image changes; 0 is the end.
                        isAtEnd = count == 0 || source.sectorCount.map { sector >= $0 } ?? false
                        let before = state.read(\.bytes)
                        var bytes = count * source.sectorSize
                        // The zeros that fill up a last sector are not the image's.
                        if let limit { bytes = min(bytes, limit - before) }
                        if let pipe = source as? PipeSource {
                            bytes = pipe.byteCount - before
                            if before < Self.beginningSize {
                                let kept = min(bytes, Self.beginningSize - before)
                                let beginning = (0..<kept).map { buffer[$0] }
                                state.update { $0.beginning += beginning }
                            }
                        }
                        let ended = isAtEnd || (source as? PipeSource)?.hasEnded ?? false
                        state.update { state in
                            state.bytes += bytes
                            state.isAtEnd = ended
                        }
                        return bytes
                    }
                    if !goesOn { break }
                }
                ring.finish()
            } catch is PipeSource.Stopped {
                ring.abandon()
            } catch {
                state.update { $0.failure = "\(error)" }
                ring.abandon()
            }
        }
        self.state = state
        stopper = (image.source as? PipeSource)?.stopper
    }

    /// Why the image could not be read on, where that is so by now.
    var failure: String? { state.read(\.failure) }

    /// The bytes that went into the ring so far.
    var byteCount: Int { state.read(\.bytes) }

    /// Fails if the image can't be read, or if all that comes is known by now and is nothing, or less
    /// than its file system has.
    func checkBeginning(of image: ImageToBurn, _ options: BurnOptions) throws(Failure) {
        let (bytes, hasEnded, failure) = state.read { ($0.bytes, $0.isAtEnd, $0.failure) }
        if let failure {
            throw Failure(
                notBurned: "\(image.name) can't be read: \(failure)",
                "See what is wrong with the image, and burn again."
            )
        }
        guard hasEnded else { return }
        guard bytes > 0 else {
            throw Failure(
                notBurned: "Nothing came from \(image.name).",
                "See what is wrong with the program that makes the image, and burn again."
            )
        }
        guard missingBytes == 0 || options.allowsTruncated else {
            throw Failure(
                notBurned:
                    "\(image.name) ended after \(bytes) bytes, and its file system has \(missingBytes) more.",
                "See what is wrong with the program that makes the image, and burn again."
            )
        }
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
    func finish() {
        thread.join()
    }

    /// Ends the reading where the ring was abandoned, and a wait for a pipe in which nothing comes any
    /// more.
    func stop() {
        stopper?.wake()
        thread.join()
    }

    /// A source on its way to the one thread that will use it from then on.
    private struct Handover: @unchecked Sendable {
        let source: any SectorSource
        let byteCount: Int?
    }
}
