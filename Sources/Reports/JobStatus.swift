/// How a job ended, by the name that its JSON result uses.
public enum JobStatus: String, Codable, Sendable {
    /// Done, and what was written or read was checked and is right.
    case verified
    /// Done; no check was asked for.
    case done
    /// The data differ.
    case differs
    /// Done as far as the disc let; some sectors could not be read.
    case incomplete
    /// Written, but the check that was asked for could not be made.
    case notVerified = "not-verified"
    /// It went wrong.
    case failed
    /// It was not begun: nothing was changed.
    case refused
    /// The user stopped it.
    case interrupted
}
