import DiscModel
import LinuxCalls

/// Threads that look at sectors while the next ones are read.
final class SectorExaminers {
    private struct State: Sendable {
        var waiting: [SectorPiece] = []
        /// Buffers that nobody uses.
        var spare: [[UInt8]] = []
        /// What was found, by the number of the track.
        var found: [Int: SectorFindings] = [:]
        var isOver = false
    }

    /// No more threads than that: one that reads can't feed them.
    private static let mostThreads = 8

    private let layout: DiscLayout
    private let state = Monitor(State())
    private var threads: [Thread] = []
    /// Buffers that were made.
    private var buffers = 0

    /// Prepares; the threads begin with the first sectors.
    init(_ layout: DiscLayout) {
        self.layout = layout
    }

    /// A buffer to read into, to be handed in or given back.
    ///
    /// - Throws: The system's error where it has no thread to give.
    func buffer(_ size: Int) throws -> [UInt8] {
        if threads.isEmpty { try begin() }
        if buffers < 2 * threads.count + 1 {
            buffers += 1
            return [UInt8](repeating: 0, count: size)
        }
        return state.wait { $0.spare.popLast() }
    }

    private func begin() throws {
        let (state, layout) = (state, layout)
        for _ in 0..<min(Processors.count, Self.mostThreads) {
            threads.append(
                try Thread(name: "examine") {
                    while var piece = Self.next(state) {
                        let found = piece.examined(in: layout)
                        state.update {
                            $0.found[piece.track.number, default: []].formUnion(found)
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
    func submit(_ piece: SectorPiece) {
        state.update { $0.waiting.append(piece) }
    }

    /// Gives a buffer back without sectors.
    func giveBack(_ bytes: [UInt8]) {
        state.update { $0.spare.append(bytes) }
    }

    /// Waits until all that was handed in has been looked at.
    ///
    /// - Returns: What was found, by the numbers of the tracks.
    func finish() -> [Int: SectorFindings] {
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
