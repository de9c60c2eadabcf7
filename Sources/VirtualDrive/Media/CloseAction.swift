/// What CLOSE TRACK/SESSION does.
enum CloseAction: Sendable {
    /// Ends a track.
    case track
    /// Ends the session; the next can follow, unless write parameters say otherwise.
    case session
    /// Ends the session, and with it the disc.
    case finalize
    /// Stops formatting in the background.
    case stopFormat
}
