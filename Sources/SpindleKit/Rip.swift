public import DiscModel
import SpindleJobs
public import SystemPackage

/// Reads a disc into an image, as `spindle rip` does.
public struct Rip: Job {
    /// The drive's device node.
    public var drive: FilePath
    /// The image to make; its file extension selects the format.
    public var output: FilePath
    /// Whether a file of that name is replaced.
    public var replaces = false
    /// Whether it goes on with what an earlier rip left.
    public var resumes = false
    /// Whether what the format can't hold may be lost.
    public var allowsLoss = false
    /// The number of retry passes over bad sectors; `nil` for 1, and 3 on discs with audio.
    public var retries: Int?
    /// The read speed; `nil` for the drive's maximum.
    public var speed: DriveSpeed?
    /// Whether the tray is opened once every sector was read.
    public var ejects = false

    /// Creates a job.
    public init(_ drive: FilePath, to output: FilePath) {
        self.drive = drive
        self.output = output
    }

    /// What the job does.
    public var work: JobWork {
        var options = RipOptions(
            output: output,
            replaces: replaces,
            retries: retries,
            speed: speed,
            ejects: ejects
        )
        options.resumes = resumes
        options.allowsLoss = allowsLoss
        let (drive, wanted) = (drive, options)
        return JobWork("rip") { cancellation, tell throws(SpindleError) in
            try RipJob.checkOutput(wanted)
            return try RipJob(drive: try .unclaimed(drive), options: wanted)
                .run(cancellation: cancellation, tell: tell)
        }
    }
}
