import Synchronization

/// A track's part of an input that holds those of several.
final class LimitedInput: BurnInput {
    private let input: any BurnInput
    private let left: Atomic<Int>

    init(_ input: any BurnInput, byteCount: Int) {
        self.input = input
        left = Atomic(byteCount)
    }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        let count = min(buffer.count, left.load(ordering: .relaxed))
        guard count > 0 else { return 0 }
        var part = buffer._mutatingExtracting(..<count)
        guard let delivered = input.read(into: &part) else { return nil }
        left.wrappingSubtract(delivered, ordering: .relaxed)
        return delivered
    }
}
