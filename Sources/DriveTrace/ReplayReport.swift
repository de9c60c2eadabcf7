import Synchronization

/// Where programs asked a replayed drive for something else than the trace has.
public final class ReplayReport: Sendable {
    private struct State {
        var lines: [String] = []
        var count = 0
        var answered = 0
    }

    /// The most differences that are kept as sentences.
    private static let limit = 50
    private let state = Mutex(State())

    /// Creates a report.
    public init() {}

    /// The first differences, each a sentence.
    public var differences: [String] { state.withLock { $0.lines } }
    /// How many differences there were.
    public var count: Int { state.withLock { $0.count } }
    /// How many commands of programs were answered as the trace has them.
    public var answered: Int { state.withLock { $0.answered } }

    func add(_ line: String) {
        state.withLock { state in
            state.count += 1
            if state.lines.count < Self.limit { state.lines.append(line) }
        }
    }

    func countAnswer() {
        state.withLock { $0.answered += 1 }
    }
}
