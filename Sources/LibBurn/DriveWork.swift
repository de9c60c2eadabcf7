/// What a drive says of its work when it is asked past libburn.
public enum DriveWork: Hashable, Sendable {
    /// It is at work on the disc; `progress` is how far it is, of 65,536, if it says so.
    case busy(progress: Int?)
    /// It is about to be ready.
    case gettingReady
    /// It has nothing to do: it is ready, or says what keeps it from working.
    case idle
}
