import Synchronization

/// A wish to stop, made on one thread and heeded on others.
public final class Cancellation: Sendable {
    private struct State {
        var isRequested = false
        var action: (@Sendable () -> Void)?
    }

    private let flag = Atomic(false)
    private let state = Mutex(State())

    /// Creates one that nobody has made yet.
    public init() {}

    /// Asks those who work to stop at the next safe place.
    public func request() {
        flag.store(true, ordering: .releasing)
        let action = state.withLock { state in
            state.isRequested = true
            defer { state.action = nil }
            return state.action
        }
        action?()
    }

    /// Whether stopping was asked for.
    public var isRequested: Bool { flag.load(ordering: .acquiring) }

    /// Does something once, when stopping is asked for: at once if it has been already.
    ///
    /// - Parameter action: What is done, on the thread of whoever asks; it takes the place of an
    ///   earlier one.
    public func whenRequested(_ action: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isRequested { state.action = action }
            return state.isRequested
        }
        if isLate { action() }
    }
}
