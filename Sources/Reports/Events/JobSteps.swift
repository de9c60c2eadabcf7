/// The steps of a job that its plan foresees, and which of them it is at.
///
/// Of a burn that is read back these are the formatting or blanking, if there is one, the writing and the reading. Other phases
/// of a job are no steps.
public struct JobSteps: Sendable {
    /// The verbs that write something and then read it back.
    private static let verbs: Set = ["burn", "copy", "create"]

    private let steps: [Set<JobProgress.Phase>]
    private var times: [PhaseTime] = []

    /// Takes what a plan foresees; `nil` stands for a job without a plan.
    public init(_ plan: JobPlan?) {
        guard let plan, plan.verify == true, plan.resumedSectors == nil,
            Self.verbs.contains(plan.verb)
        else {
            steps = []
            return
        }
        let first: [Set<JobProgress.Phase>] = plan.preparation == nil ? [] : [[.format, .blank]]
        steps = first + [[.write, .close], [.read, .verify]]
    }

    /// What each phase has taken so far, in the order in which they began.
    public var phases: [PhaseTime] { times }

    /// Takes counts, and adds to them which step they are of, and what is left of the whole job.
    ///
    /// Before the disc is read back nobody knows how fast that goes: it is taken to be as fast as the writing has been.
    public mutating func take(_ progress: JobProgress) -> JobProgress {
        note(progress)
        var progress = progress
        guard let index = steps.firstIndex(where: { $0.contains(progress.phase) }) else {
            return progress
        }
        progress.step = index + 1
        progress.steps = steps.count
        let isLast = index == steps.count - 1
        guard let left = progress.secondsLeft else { return progress }
        if isLast {
            progress.jobSecondsLeft = left
        } else if progress.phase == .write, let total = progress.totalBytes, progress.bytes > 0,
            let elapsed = progress.elapsed, elapsed > 0
        {
            progress.jobSecondsLeft = left + Double(total) * elapsed / Double(progress.bytes)
        }
        return progress
    }

    private mutating func note(_ progress: JobProgress) {
        guard let elapsed = progress.elapsed, progress.phase != .close else { return }
        let time = PhaseTime(phase: progress.phase, bytes: progress.bytes, seconds: elapsed)
        if times.last?.phase == progress.phase {
            times[times.count - 1] = time
        } else if times.count < Self.mostPhases {
            times.append(time)
        }
    }

    /// No job has more phases; copies of discs in turns would fill the memory otherwise.
    private static let mostPhases = 32
}

/// What a phase of a job has taken.
public struct PhaseTime: Codable, Hashable, Sendable {
    /// The phase.
    public var phase: JobProgress.Phase
    /// The bytes that were done when it was looked at last.
    public var bytes: Int
    /// The seconds until then.
    public var seconds: Double

    /// Creates counts.
    public init(phase: JobProgress.Phase, bytes: Int, seconds: Double) {
        self.phase = phase
        self.bytes = bytes
        self.seconds = seconds
    }

    /// The average rate in bytes a second; `nil` if it was too short for one.
    public var bytesPerSecond: Double? {
        seconds >= 1 && bytes > 0 ? Double(bytes) / seconds : nil
    }
}
