import DiscModel
import LinuxCalls

/// Threads that pack hunks, several at a time.
final class ChdWorkers: Sendable {
    /// What became of a hunk.
    struct Result: Sendable {
        /// The packed bytes; absent where they are not shorter.
        var packed: ChdPacker.Packed?
        /// The hunk where it is kept as it is; else empty.
        var hunk: [UInt8]
        /// The checksum of the hunk.
        var crc: UInt16
    }

    private struct State: Sendable {
        var waiting: [(number: Int, hunk: [UInt8])] = []
        var results: [Int: Result] = [:]
        var isOver = false
    }

    /// No more threads than that: memory grows with them.
    private static let mostThreads = 16

    /// How many hunks are worth handing in before the first is asked for.
    let depth: Int
    private let state: Monitor<State>
    private let threads: [Thread]

    /// Starts the threads.
    ///
    /// - Throws: `CodecError` or the system's error where there is no memory.
    init(_ codecs: [ChdCodec], hunk: Int) throws {
        let count = min(Processors.count, Self.mostThreads)
        depth = 4 * count
        let state = Monitor(State())
        self.state = state
        // Whether there is memory is found here, before anything waits for a thread.
        _ = try ChdPacker(codecs, hunk: hunk)
        var threads: [Thread] = []
        do {
            for _ in 0..<count {
                threads.append(
                    try Thread(name: "chd") { Self.work(state, try? ChdPacker(codecs, hunk: hunk)) }
                )
            }
        } catch {
            // Those that started wait for hunks that nobody will hand in.
            Self.stop(state, threads)
            throw error
        }
        self.threads = threads
    }

    /// What each of the threads does.
    private static func work(_ state: Monitor<State>, _ packer: ChdPacker?) {
        var packer = packer
        while let (number, bytes) = next(state) {
            let packed = packer?.pack(bytes.span)
            let result = Result(
                packed: packed,
                hunk: packed == nil ? bytes : [],
                crc: CRC16.sum(of: bytes.span, continuing: ChdMap.sumStart)
            )
            state.update { $0.results[number] = result }
        }
    }

    private static func next(_ state: Monitor<State>) -> (number: Int, hunk: [UInt8])? {
        state.wait { state -> (number: Int, hunk: [UInt8])?? in
            if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
            return state.isOver ? .some(nil) : nil
        }
    }

    /// Hands a hunk in.
    func submit(_ number: Int, _ hunk: [UInt8]) {
        state.update { $0.waiting.append((number, hunk)) }
    }

    /// Waits for a hunk that was handed in.
    func result(_ number: Int) -> Result {
        state.wait { $0.results.removeValue(forKey: number) }
    }

    /// Ends the threads; hunks that wait are forgotten.
    func stop() { Self.stop(state, threads) }

    private static func stop(_ state: Monitor<State>, _ threads: [Thread]) {
        state.update {
            $0.waiting.removeAll()
            $0.isOver = true
        }
        for thread in threads { thread.join() }
    }
}
