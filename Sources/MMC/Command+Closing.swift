import DiscModel

extension Command {
    /// What CLOSE TRACK SESSION ends (MMC-6 §6.3, table 277).
    public enum Closing: Int, Sendable {
        /// A track.
        case track = 1
        /// The session; on CD, DVD-R and DVD-RW the write parameters page tells whether another may follow.
        case session = 2
        /// The disc, of DVD+R and BD-R.
        case disc = 6
    }

    /// Has a drive write what is in its buffer, and waits for that.
    ///
    /// - Returns: The command (MMC-6 §6.45).
    public static let synchronizeCache = Command(
        "SYNCHRONIZE CACHE",
        cdb: [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        timeout: .seconds(600)
    )

    /// Ends a track, the session or the disc, and waits for that: a lead-out takes minutes.
    ///
    /// - Parameters:
    ///   - what: What is ended.
    ///   - track: The track's number; 0 where there is none to name.
    /// - Returns: The command (MMC-6 §6.3).
    public static func close(_ what: Closing, track: Int = 0) -> Command {
        Command(
            "CLOSE TRACK SESSION",
            cdb: [0x5B, 0, UInt8(what.rawValue), 0] + be16(track) + [0, 0, 0, 0],
            timeout: .seconds(3600)
        )
    }
}
