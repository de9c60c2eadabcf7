public import DiscModel
import SpindleJobs
public import SystemPackage

/// Writes an image to a disc and reads the disc back, as `spindle burn` does.
public struct Burn: Job {
    /// The image, of any format.
    public var image: FilePath
    /// The drive's device node.
    public var drive: FilePath
    /// The write speed; `nil` for the drive's maximum.
    public var speed: DriveSpeed?
    /// Whether the laser stays low.
    public var simulates = false
    /// Whether the disc is read back and compared.
    public var verifies = true
    /// Whether the tray is opened when all went well.
    public var ejects = false
    /// Whether the disc stays open for further sessions.
    public var keepsOpen = false
    /// Whether a CD-RW or DVD-RW that contains something is blanked first.
    public var blanks = false
    /// Whether data on the disc may be overwritten, and whatever else a person would be asked.
    public var overwrites = false
    /// Whether an image is burned that is shorter than its own file system.
    public var allowsTruncated = false
    /// Whether what can't be written may be lost.
    public var allowsLoss = false

    /// Creates a job.
    public init(_ image: FilePath, in drive: FilePath) {
        self.image = image
        self.drive = drive
    }

    /// What the job does.
    public var work: JobWork {
        let options = BurnOptions(
            speed: speed,
            simulates: simulates,
            verifies: verifies,
            ejects: ejects,
            blanks: blanks,
            keepsOpen: keepsOpen,
            allowsTruncated: allowsTruncated,
            allowsLoss: allowsLoss
        )
        let (path, drive, agrees) = (image, drive, overwrites)
        return JobWork("burn") { cancellation, tell throws(SpindleError) in
            try Writing.alone { () throws(SpindleError) in
                let image = try ImageToBurn(
                    path,
                    allowsTruncated: options.allowsTruncated,
                    cancellation: cancellation
                )
                return try BurnJob(image: image, drive: drive, options: options)
                    .run(cancellation: cancellation, confirm: { _ in agrees }, tell: tell)
            }
        }
    }
}
