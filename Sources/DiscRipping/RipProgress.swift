import LinuxCalls
import Reports
import Transfer

/// Tells how a rip goes on, at a steady beat also while the drive struggles with one command.
final class RipProgress: Sendable {
    private struct State {
        var meter: RateMeter
        /// What is told next, but for the time.
        var finished = 0
        var bad = 0
        var areas = 0
        var position = 0
        var activity = SalvageMapFile.Activity.copying
        var pass = 1
        /// When sectors were read last, and when some could not be, by the clock.
        var lastRead: Double
        var lastFailure: Double?
        var lastTold: Double
        var isOver = false
    }

    /// Seconds without a word after which the beat tells of the time that passes.
    private static let silence = 1.0
    /// Seconds after a failure during which the rate foretells nothing.
    private static let unrest = 10.0

    private let state: Monitor<State>
    private let bytesPerSector: Double
    private let done: @Sendable (Recovery) -> Int
    private let tell: @Sendable (JobEvent) -> Void
    private let thread: Thread

    /// Starts the beat.
    ///
    /// - Parameters:
    ///   - meter: Measures how fast it goes on.
    ///   - bytesPerSector: The bytes of a sector, on average.
    ///   - done: How many sectors are done; those that have been read if left out.
    ///   - tell: Told of it.
    /// - Throws: The system's error if it has no thread to give.
    init(
        _ meter: RateMeter,
        bytesPerSector: Double,
        done: @escaping @Sendable (Recovery) -> Int = { $0.readCount },
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(SystemError) {
        let now = Clock.seconds
        let state = Monitor(State(meter: meter, lastRead: now, lastTold: now))
        self.state = state
        self.bytesPerSector = bytesPerSector
        self.done = done
        self.tell = tell
        thread = try Thread(name: "progress") {
            while state.wait(atMost: .milliseconds(500), { $0.isOver ? true : nil }) == nil {
                state.update { state in
                    guard Clock.seconds - state.lastTold >= Self.silence else { return }
                    tell(.progress(Self.next(&state, bytesPerSector)))
                }
            }
        }
    }

    deinit { stop() }

    /// Takes how far a recovery is and how its last attempt went, and tells of it when it is time to.
    func update(_ recovery: Recovery, _ outcome: Salvage.Outcome? = nil) {
        let now = Clock.seconds
        let file = recovery.file
        state.update { state in
            state.finished = done(recovery)
            state.bad =
                file.map.count(.bad) + file.map.count(.unscraped) + file.map.count(.untrimmed)
            state.position = file.position
            state.activity = file.activity
            state.pass = file.pass
            switch outcome {
            case .read: state.lastRead = now
            case .failed, .hung, .refused: state.lastFailure = now
            case nil: break
            }
            guard state.meter.isDue else { return }
            state.areas = file.map.badAreas
            // Told under the lock, so that no older count follows a newer one.
            tell(.progress(Self.next(&state, bytesPerSector)))
        }
    }

    /// Tells once more, and ends the beat.
    func finish(_ recovery: Recovery) {
        stop()
        update(recovery)
        state.update { state in
            state.areas = recovery.map.badAreas
            tell(.progress(Self.next(&state, bytesPerSector)))
        }
    }

    private func stop() {
        state.update { $0.isOver = true }
        thread.join()
    }

    private static func next(_ state: inout State, _ bytesPerSector: Double) -> JobProgress {
        let now = Clock.seconds
        state.lastTold = now
        let bytes = Double(state.finished) * bytesPerSector
        var progress = state.meter.progress(bytes: Int(bytes.rounded()))
        progress.position = state.position
        guard state.bad > 0 || state.lastFailure != nil else { return progress }
        progress.activity = state.activity.name
        progress.pass = state.pass
        progress.badSectors = state.bad
        progress.badAreas = state.areas
        progress.secondsSinceRead = now - state.lastRead
        let isEasy = state.lastFailure.map { now - $0 > unrest } ?? true
        if !isEasy || state.activity != .copying || state.pass > 1 { progress.secondsLeft = nil }
        return progress
    }
}
