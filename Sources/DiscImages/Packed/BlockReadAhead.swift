import LinuxCalls

/// Threads that unpack the blocks which will be wanted next, where blocks are wanted in order.
final class BlockReadAhead {
    /// A block to be unpacked.
    private struct Job: Sendable {
        /// Where it begins.
        var start: Int
        /// Its bytes, unpacked.
        var size: Int
        var piece: PackedPiece
        /// The round in which it was handed in.
        var round: Int
    }

    private struct State: Sendable {
        var waiting: [Job] = []
        /// How often what was handed in was forgotten: what was begun before is nobody's.
        var round = 0
        /// What became of blocks, by where they begin.
        var results: [Int: Result<[UInt8], any Error>] = [:]
        var isOver = false
    }

    /// No more threads than that: memory grows with them.
    private static let mostThreads = 16
    /// The most unpacked bytes that wait to be wanted, but for one block that is larger.
    private static let mostBytes = 1 << 22

    private let map: any DividedBlockMap
    private let state = Monitor(State())
    private let threads: [Thread]
    /// The blocks that were handed in and not wanted yet: where they begin, and their sizes.
    private var pending: [Int: Int] = [:]
    private var pendingBytes = 0
    /// Up to where blocks were handed in, or looked at.
    private var end = 0

    /// Starts the threads.
    ///
    /// - Throws: What the map's unpackers throw, or the system's error where there is no thread.
    init(_ map: any DividedBlockMap) throws {
        self.map = map
        let (state, make) = (state, map.makeUnpacker)
        // Whether there is memory is found here.
        _ = try make()
        threads = try (0..<min(Processors.count, Self.mostThreads)).map { _ in
            try Thread(name: "unpack") {
                let unpacker = Result { try make() }
                while let job = Self.next(state) {
                    let result = Result {
                        let unpacker = try unpacker.get()
                        var bytes = [UInt8](repeating: 0, count: job.size)
                        var span = bytes.mutableSpan
                        try unpacker.unpack(job.piece, into: &span)
                        return bytes
                    }
                    state.update { if $0.round == job.round { $0.results[job.start] = result } }
                }
            }
        }
    }

    deinit {
        state.update {
            $0.waiting.removeAll()
            $0.isOver = true
        }
        for thread in threads { thread.join() }
    }

    private static func next(_ state: Monitor<State>) -> Job? {
        state.wait { state -> Job?? in
            if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
            return state.isOver ? .some(nil) : nil
        }
    }

    /// A block of a row in order, unpacked, where it was handed in before; those behind it are handed
    /// in.
    ///
    /// - Returns: `nil` if it was not.
    /// - Throws: What unpacking it threw.
    func take(_ block: PackedBlock) throws -> [UInt8]? {
        let start = block.range.lowerBound
        guard let size = pending.removeValue(forKey: start) else {
            forget()
            end = block.range.upperBound
            handIn()
            return nil
        }
        pendingBytes -= size
        handIn()
        return try state.wait { $0.results.removeValue(forKey: start) }.get()
    }

    /// Hands in what is wanted next.
    private func handIn() {
        var looked = 0
        // A block that can't be read is left to whoever wants it.
        while end < map.byteCount, looked < 64, pendingBytes < Self.mostBytes,
            pending.count < 16 * threads.count, let block = try? map.block(holding: end)
        {
            looked += 1
            end = block.range.upperBound
            guard case .packed = block.content, let piece = try? map.piece(of: block) else {
                continue
            }
            let start = block.range.lowerBound
            pending[start] = block.range.count
            pendingBytes += block.range.count
            state.update {
                $0.waiting.append(
                    Job(start: start, size: block.range.count, piece: piece, round: $0.round)
                )
            }
        }
    }

    /// Forgets what was handed in, as other blocks are wanted.
    func forget() {
        guard !pending.isEmpty else { return }
        pending.removeAll()
        pendingBytes = 0
        state.update {
            $0.round += 1
            $0.waiting.removeAll()
            $0.results.removeAll()
        }
    }
}
