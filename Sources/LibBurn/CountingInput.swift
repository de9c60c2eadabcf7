import Synchronization

/// An input that counts what libburn took from it.
final class CountingInput: BurnInput {
    private let input: any BurnInput
    private let count = Atomic(0)

    init(_ input: any BurnInput) {
        self.input = input
    }

    /// Bytes that libburn took so far.
    var bytes: Int { count.load(ordering: .relaxed) }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        guard let delivered = input.read(into: &buffer) else { return nil }
        count.wrappingAdd(delivered, ordering: .relaxed)
        return delivered
    }
}
