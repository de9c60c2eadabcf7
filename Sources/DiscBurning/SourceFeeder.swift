import LinuxCalls
import Transfer

/// Reads an image into a ring, on a thread of its own, byte for byte.
final class SourceFeeder: Sendable {
    private struct State {
        var bytes = 0
        var failure: String?
    }

    private let thread: Thread
    private let state: Monitor<State>

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
                        if let pipe = source as? PipeSource { bytes = pipe.byteCount - before }
                        state.update { $0.bytes += bytes }
                        return bytes
                    }
                    if !goesOn { break }
                }
                ring.finish()
            } catch {
                state.update { $0.failure = "\(error)" }
                ring.abandon()
            }
        }
        self.state = state
    }

    /// Why the image could not be read on, where that is so by now.
    var failure: String? { state.read(\.failure) }

    /// The bytes that went into the ring so far.
    var byteCount: Int { state.read(\.bytes) }

    /// Waits for the image's end, where all of it was taken.
    func finish() {
        thread.join()
    }

    /// Leaves the thread to itself, where the ring was abandoned: it may be waiting for a pipe in
    /// which nothing comes any more.
    func leave() {
        thread.detach()
    }

    /// A source on its way to the one thread that will use it from then on.
    private struct Handover: @unchecked Sendable {
        let source: any SectorSource
        let byteCount: Int?
    }
}
