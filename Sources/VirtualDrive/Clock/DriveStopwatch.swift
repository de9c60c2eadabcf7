import Synchronization

/// How long a drive has worked, for those who look from another thread.
public final class DriveStopwatch: Sendable {
    private let state = Mutex((seconds: 0.0, commands: 0))

    /// The drive's time in all.
    public var total: Duration { .seconds(state.withLock { $0.seconds }) }
    /// How many commands it took.
    public var commands: Int { state.withLock { $0.commands } }

    func add(_ seconds: Double) {
        state.withLock {
            $0.seconds += seconds
            $0.commands += 1
        }
    }
}
