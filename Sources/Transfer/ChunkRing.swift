import LinuxCalls

/// A ring of buffers between one thread that fills them and several that each use all of them.
///
/// So data are read once, and hashed, written and compared at the same time; memory stays what it
/// was when the ring was made, however much goes through.
public final class ChunkRing: Sendable {
    /// A buffer of the ring.
    final class Chunk: @unchecked Sendable {
        // Safe to share: the ring's state lets the producer touch a chunk only while no consumer
        // may, and consumers only look.
        var bytes: [UInt8]
        var count = 0

        init(size: Int) {
            bytes = [UInt8](repeating: 0, count: size)
        }
    }

    private struct State {
        /// Chunks filled so far.
        var filled = 0
        /// Chunks that each consumer is through with; nothing for one that has left.
        var used: [Int?]
        var isFinished = false
        var isAbandoned = false

        var slowest: Int { used.compactMap { $0 }.min() ?? filled }
    }

    private let chunks: [Chunk]
    private let state: Monitor<State>

    /// Creates a ring.
    ///
    /// - Parameters:
    ///   - chunkSize: Bytes in a buffer.
    ///   - chunks: How many buffers there are, at least 2.
    ///   - consumers: How many consumers there will be; they are known by their numbers from 0.
    public init(chunkSize: Int, chunks: Int, consumers: Int) {
        self.chunks = (0..<max(2, chunks)).map { _ in Chunk(size: chunkSize) }
        state = Monitor(State(used: Array(repeating: 0, count: consumers)))
    }

    /// Waits for a free buffer and has it filled.
    ///
    /// - Parameter fill: Returns how many bytes it put in.
    /// - Returns: False where all consumers have left, or the ring was abandoned.
    public func produce(_ fill: (inout MutableSpan<UInt8>) throws -> Int) rethrows -> Bool {
        let capacity = chunks.count
        let index = state.wait { state -> Int?? in
            if state.isAbandoned || state.used.allSatisfy({ $0 == nil }) { return .some(nil) }
            return state.filled - state.slowest < capacity ? .some(state.filled) : nil
        }
        guard let index else { return false }
        let chunk = chunks[index % capacity]
        do {
            // Taken out of the chunk, so that the array has one owner and is not copied; back in it
            // before a consumer may look.
            var bytes: [UInt8] = []
            swap(&bytes, &chunk.bytes)
            defer { swap(&bytes, &chunk.bytes) }
            var span = bytes.mutableSpan
            chunk.count = try fill(&span)
        }
        state.update { $0.filled = index + 1 }
        return true
    }

    /// Says that nothing more will come.
    public func finish() {
        state.update { $0.isFinished = true }
    }

    /// Has producer and consumers stop at once: what is in the ring counts as nothing.
    public func abandon() {
        state.update { $0.isAbandoned = true }
    }

    /// Waits for the next buffer and has it used.
    ///
    /// - Parameters:
    ///   - consumer: The consumer's number.
    ///   - use: The use of it; a consumer that throws has to abandon or leave the ring.
    /// - Returns: False at the end, where nothing was used.
    /// - Throws: What the use throws.
    public func consume<Failure: Error>(
        _ consumer: Int,
        _ use: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard let chunk = next(for: consumer) else { return false }
        let bytes = chunk.bytes
        try use(bytes.span.extracting(first: chunk.count))
        release(by: consumer)
        return true
    }

    /// Waits until a consumer's next buffer is filled, or until it is certain that none will be.
    ///
    /// - Returns: Whether one is filled; `nil` if the time ran out first.
    public func waitForNext(_ consumer: Int, atMost time: Duration) -> Bool? {
        state.wait(atMost: time) { state in
            guard !state.isAbandoned, let used = state.used[consumer] else { return false }
            return used < state.filled ? true : state.isFinished ? false : nil
        }
    }

    /// Waits for a consumer's next buffer; nothing at the end.
    func next(for consumer: Int) -> Chunk? {
        let index = state.wait { state -> Int?? in
            guard !state.isAbandoned, let used = state.used[consumer] else { return .some(nil) }
            if used < state.filled { return .some(used) }
            return state.isFinished ? .some(nil) : nil
        }
        return index.map { chunks[$0 % chunks.count] }
    }

    /// Says that a consumer is through with the buffer that ``next(for:)`` gave it.
    func release(by consumer: Int) {
        state.update { state in
            if let used = state.used[consumer] { state.used[consumer] = used + 1 }
        }
    }

    /// Takes a consumer out, so that nobody waits for it.
    public func leave(_ consumer: Int) {
        state.update { $0.used[consumer] = nil }
    }

    /// How many buffers a consumer is through with; `nil` if it has left.
    public func position(of consumer: Int) -> Int? { state.read { $0.used[consumer] } }

    /// How many buffers the slowest consumer is through with.
    public var slowestPosition: Int { state.read(\.slowest) }

    /// How full the ring is for the slowest consumer, from 0 to 1.
    public var fill: Double {
        state.read { Double($0.filled - $0.slowest) / Double(chunks.count) }
    }

    /// Waits until the first buffer is filled, or until it is certain that none will be.
    ///
    /// - Returns: Whether one is filled; `nil` if the time ran out first.
    public func waitForFirst(atMost time: Duration) -> Bool? {
        state.wait(atMost: time) { state in
            state.filled > 0 ? true : state.isFinished || state.isAbandoned ? false : nil
        }
    }

    /// Whether the ring was abandoned.
    public var isAbandoned: Bool { state.read(\.isAbandoned) }
}
