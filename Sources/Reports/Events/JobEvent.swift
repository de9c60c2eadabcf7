/// What a job tells while it runs: a plan first, progress and messages, and the result last.
public enum JobEvent: Sendable {
    /// What will be done.
    case plan(JobPlan)
    /// How far it is.
    case progress(JobProgress)
    /// Something worth knowing.
    case message(JobMessage)
    /// How it ended.
    case result(JobResult)
}
