import Synchronization

/// An input that counts what libburn took from it.
final class CountingInput: BurnInput {
    private let input: any BurnInput
    private let beforeFirst: (@Sendable () -> Void)?
    private let wasAsked = Atomic(false)
    private let count = Atomic(0)
    private let ended = Atomic(false)

    /// Creates an input.
    ///
    /// - Parameters:
    ///   - input: What is read.
    ///   - beforeFirst: Called on libburn's thread before it gets its first bytes.
    init(_ input: any BurnInput, beforeFirst: (@Sendable () -> Void)? = nil) {
        self.input = input
        self.beforeFirst = beforeFirst
    }

    /// Bytes that libburn took so far.
    var bytes: Int { count.load(ordering: .relaxed) }

    /// Whether libburn took all that there was.
    var hasEnded: Bool { ended.load(ordering: .relaxed) }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        if !wasAsked.exchange(true, ordering: .relaxed) { beforeFirst?() }
        guard let delivered = input.read(into: &buffer) else { return nil }
        count.wrappingAdd(delivered, ordering: .relaxed)
        if delivered < buffer.count { ended.store(true, ordering: .relaxed) }
        return delivered
    }
}
