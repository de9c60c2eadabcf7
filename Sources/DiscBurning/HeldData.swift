import DiscDrives
import DiscFiles
import DiscModel
import MMC
import Reports

/// What is known of the data on a disc: the volume's name, and where it ends.
public struct HeldData: Hashable, Sendable {
    /// The volume's name, if it has one.
    public var name: String?
    /// The sector behind the end that file systems and partition tables claim; `nil` if none does.
    public var end: Int?

    /// Creates what is known.
    public init(name: String?, end: Int?) {
        self.name = name
        self.end = end
    }

    /// Looks at the disc in a drive; what can't be read is not known.
    init(_ drive: Drive, _ report: DiscReport) {
        let sessions = report.layout.dataSessions
        let sectors = max(report.capacity?.sectors ?? 0, sessions.last?.end ?? 0)
        let start = report.isOverwritable ? 0 : sessions.last?.start ?? 0
        let content = try? DiscContent.examine(
            DriveSource(drive, report, sectors: sectors),
            sessionStart: start
        )
        self.init(name: content?.volumeIdentifier, end: content?.claimedEnd)
    }

    /// “ (the volume “HOLIDAY”, 1.2 GB)”; empty if nothing is known.
    var inBrackets: String {
        let size = end.map { Wording.size($0 * 2048) }
        let parts = [name.map { "the volume “\($0)”" }, size].compactMap(\.self)
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }
}
