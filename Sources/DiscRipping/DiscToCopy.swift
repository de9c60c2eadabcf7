public import DiscDrives
import DiscModel
public import Reports

/// The disc in a drive as one to burn with another drive, with no image in between.
public struct DiscToCopy {
    /// The disc; of plain data only what belongs to the image on it.
    public let disc: DriveDisc
    /// What a person should know about it, a sentence each.
    public let notes: [String]

    /// Looks at the disc in a drive.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    ///   - rereads: How often a sector that can't be read is asked for once more.
    /// - Throws: ``Reports/Failure`` where there is nothing to read, or the drive can't be reached.
    public init(_ drive: Drive, _ report: DiscReport, rereads: Int) throws(Failure) {
        var reading = DriveDisc.Options()
        reading.rereads = rereads
        guard Self.isPlain(report) else {
            try RipJob.checkDisc(report, drive)
            disc = try DriveDisc(drive, report, reading)
            disc.leaveOutLinks()
            notes = []
            return
        }
        let extent = try ImageExtent.find(drive, report)
        guard extent.missingSectors == 0 else {
            throw Failure(
                .unsuitable,
                .truncated,
                "The disc's file system has \(extent.missingSectors) sector\(extent.missingSectors == 1 ? "" : "s") more than can be read.",
                meaning: "Nothing was written: the copy would lack them, too.",
                advice:
                    "Rip the disc with “spindle rip”, and burn the image with --allow-truncated."
            )
        }
        disc = DriveDisc(drive, report, reading, sectors: extent.sectors, gaps: extent.gaps)
        notes = extent.notes
    }

    /// Whether a disc is one session of nothing but data, of which a plain image holds all.
    public static func isPlain(_ report: DiscReport) -> Bool {
        report.layout.tracks.allSatisfy { $0.content == .data }
            && report.layout.sessions.count < 2
    }
}
