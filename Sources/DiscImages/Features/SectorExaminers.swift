import DiscModel
import LinuxCalls
import Transfer

/// Threads that look at sectors while the next ones are read.
final class SectorExaminers<Found: Sendable> {
    private struct State: Sendable {
        var waiting: [SectorPiece] = []
        /// Buffers that nobody uses.
        var spare: [[UInt8]] = []
        /// What was found.
        var found: Found
        var isOver = false
    }

    /// No more threads than that: one that reads can't feed them.
    private let mostThreads = 8

    private let examine: @Sendable (SectorPiece) -> Found
    private let join: @Sendable (inout Found, Found) -> Void
    private let state: Monitor<State>
    private var threads: [Thread] = []
    /// Buffers that were made.
    private var buffers = 0

    /// Prepares; the threads begin with the first sectors.
    ///
    /// - Parameters:
    ///   - nothing: What is found where nothing is looked at.
    ///   - examine: Looks at sectors.
    ///   - join: Adds what was found; in no order.
    init(
        _ nothing: Found,
        _ examine: @escaping @Sendable (SectorPiece) -> Found,
        join: @escaping @Sendable (inout Found, Found) -> Void
    ) {
        state = Monitor(State(found: nothing))
        self.examine = examine
        self.join = join
    }

    /// Reads sectors of a track and hands them in, in as many reads as it takes.
    ///
    /// - Parameters:
    ///   - sectors: No more than ``SectorPiece/most``.
    ///   - content: What is read of them.
    ///   - disc: The disc.
    ///   - storage: What it keeps of them.
    ///   - track: Their track.
    /// - Returns: How many can't be read.
    /// - Throws: What the disc throws besides `UnreadableSectors`, and the system's error where it has
    ///   no thread to give.
    func read(
        _ sectors: Range<Int>,
        _ content: SectorPiece.Content,
        of disc: any DiscSource,
        _ storage: SectorStorage,
        _ track: Track
    ) throws -> Int {
        var address = sectors.lowerBound
        var unreadable = 0
        while address < sectors.upperBound {
            var bytes = try buffer(SectorPiece.most * RawSector.size)
            do {
                let wanted = min(bytes.count, (sectors.upperBound - address) * content.size)
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting(..<wanted)
                let read =
                    content == .sectors
                    ? try disc.readRaw(at: address, into: &part)
                    : try disc.readSubchannel(at: address, into: &part)
                let count = min(max(1, read), sectors.upperBound - address)
                submit(
                    SectorPiece(
                        content: content,
                        bytes: bytes,
                        sectors: address..<(address + count),
                        storage: storage,
                        track: track
                    )
                )
                address += count
            } catch is UnreadableSectors {
                giveBack(bytes)
                unreadable += 1
                address += 1
            }
        }
        return unreadable
    }

    /// A buffer to read into, to be handed in or given back.
    ///
    /// - Throws: The system's error where it has no thread to give.
    private func buffer(_ size: Int) throws -> [UInt8] {
        if threads.isEmpty { try begin() }
        if buffers < 2 * threads.count + 1 {
            buffers += 1
            return [UInt8](repeating: 0, count: size)
        }
        return state.wait { $0.spare.popLast() }
    }

    private func begin() throws {
        let (state, examine, join) = (state, examine, join)
        for _ in 0..<min(Processors.count, mostThreads) {
            threads.append(
                try Thread(name: "examine") {
                    while var piece = Self.next(state) {
                        let found = examine(piece)
                        state.update {
                            join(&$0.found, found)
                            // Moved, so that it is not copied when it is filled again.
                            var bytes: [UInt8] = []
                            swap(&bytes, &piece.bytes)
                            $0.spare.append(bytes)
                        }
                    }
                }
            )
        }
    }

    private static func next(_ state: Monitor<State>) -> SectorPiece? {
        state.wait { state -> SectorPiece?? in
            if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
            return state.isOver ? .some(nil) : nil
        }
    }

    /// Hands sectors in.
    private func submit(_ piece: SectorPiece) {
        state.update { $0.waiting.append(piece) }
    }

    /// Gives a buffer back without sectors.
    private func giveBack(_ bytes: [UInt8]) {
        state.update { $0.spare.append(bytes) }
    }

    /// Waits until all that was handed in has been looked at.
    ///
    /// - Returns: What was found.
    func finish() -> Found {
        end()
        return state.read(\.found)
    }

    /// Ends the threads; sectors that wait are forgotten.
    func stop() {
        state.update { $0.waiting.removeAll() }
        end()
    }

    private func end() {
        state.update { $0.isOver = true }
        for thread in threads { thread.join() }
        threads.removeAll()
    }
}
