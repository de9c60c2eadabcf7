/// The command's exit codes, which scripts rely upon.
public enum ExitCode: Int32, Sendable {
    /// Done, and verified where a check was asked for.
    case done = 0
    /// It went wrong, or the source is not what it should be.
    case failed = 1
    /// The data differ.
    case differs = 2
    /// Finished with unreadable sectors.
    case incomplete = 3
    /// No drive, a busy drive, or a disc that does not suit.
    case unsuitable = 4
    /// The command line can't be understood.
    case usage = 64
    /// The user stopped it.
    case interrupted = 130
}
