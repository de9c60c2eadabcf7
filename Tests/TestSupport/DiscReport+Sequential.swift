package import DiscDrives
import DiscModel
package import MMC

extension DiscReport {
    /// A disc that is written in order, as a drive tells of it: one track, with room from sector 0 on.
    ///
    /// - Parameters:
    ///   - profile: The kind of disc; a CD-R if it is not given.
    ///   - status: How far it is recorded.
    ///   - free: The free sectors that the drive counts.
    ///   - size: The track's sectors; as many as are free if it is not given.
    ///   - lastPossibleLeadOut: Where its lead-out can begin at the latest, as the drive writes it:
    ///     one byte each for minutes, seconds and frames.
    /// - Returns: The report, of a blank disc.
    package static func sequential(
        profile: Int = 9,
        status: DiscInformation.Status = .blank,
        free: Int,
        size: Int? = nil,
        lastPossibleLeadOut: UInt32 = .max
    ) -> DiscReport {
        var report = DiscReport(profile: Profile(rawValue: profile), state: .blank)
        report.information = DiscInformation(
            status: status,
            lastSession: .empty,
            isErasable: false,
            lastPossibleLeadOut: lastPossibleLeadOut
        )
        report.trackStates = [
            TrackInformation(
                number: 1,
                session: 1,
                start: .zero,
                nextWritable: .zero,
                freeBlocks: free,
                size: size ?? free
            )
        ]
        return report
    }
}
