import Synchronization

/// A wish to stop, made on one thread and heeded on others.
///
/// While there is work that can be left out (``beginSparing()``), a first wish may end that alone.
public final class Cancellation: Sendable {
    private struct State {
        var isRequested = false
        var action: (@Sendable () -> Void)?
        /// What a first wish ends, and whether it has.
        var part: Cancellation?
        var isPartEnded = false
    }

    private let flag = Atomic(false)
    private let state = Mutex(State())

    /// Creates one that nobody has made yet.
    public init() {}

    /// Asks those who work to stop at the next safe place.
    public func request() {
        flag.store(true, ordering: .releasing)
        let (action, part) = state.withLock { state in
            state.isRequested = true
            defer { (state.action, state.part) = (nil, nil) }
            return (state.action, state.part)
        }
        part?.request()
        action?()
    }

    /// Asks for the end of what can be left out; or of everything, if there is nothing of that kind or it was asked
    /// for already.
    public func requestSparing() {
        let part = state.withLock { state -> Cancellation? in
            guard !state.isPartEnded else { return nil }
            state.isPartEnded = state.part != nil
            return state.part
        }
        if let part { part.request() } else { request() }
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

    // MARK: Sparing

    /// Begins work of which a first wish to stop ends only what can be left out.
    ///
    /// - Returns: The wish to end that; who wishes to stop everything wishes this, too.
    public func beginSparing() -> Cancellation {
        let part = Cancellation()
        let isLate = state.withLock { state in
            (state.part, state.isPartEnded) = (part, false)
            return state.isRequested
        }
        if isLate { part.request() }
        return part
    }

    /// Ends that: from now on each wish to stop is one to stop everything.
    public func endSparing() {
        state.withLock { ($0.part, $0.isPartEnded) = (nil, false) }
    }
}
