import Synchronization

/// A wish to stop, made on one thread and heeded on others.
public final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Creates one that nobody has made yet.
    public init() {}

    /// Asks those who work to stop at the next safe place.
    public func request() {
        flag.store(true, ordering: .releasing)
    }

    /// Whether stopping was asked for.
    public var isRequested: Bool { flag.load(ordering: .acquiring) }
}
