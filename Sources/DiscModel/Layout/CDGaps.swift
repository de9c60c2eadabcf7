/// Lengths of the parts of a CD that hold no track, in sectors.
public enum CDGaps {
    /// The pause before the first track of a session: two seconds (ECMA-130 §20).
    public static let firstPause = 150
    /// The shortest track: four seconds (ECMA-130 §20.2).
    public static let shortestTrack = 300
    /// From the first session's lead-out to the next session's first pause: a lead-out of 90 s and
    /// a lead-in of 60 s (Orange Book part II; MMC-6 §4.2.3).
    public static let afterFirstSession = 11_250
    /// From a later session's lead-out to the next session's first pause: a lead-out of 30 s and a
    /// lead-in of 60 s.
    public static let afterLaterSession = 6_750

    /// Where the second area of a GD-ROM begins, which is denser than a CD.
    public static let highDensityArea = 45_000
    /// The first sector behind that area.
    public static let endOfHighDensityArea = 549_150

    /// From a session's lead-out to the first track's index 1 in the next session.
    public static func fromLeadOut(ofSession number: Int) -> Int {
        (number == 1 ? afterFirstSession : afterLaterSession) + firstPause
    }
}
