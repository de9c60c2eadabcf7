import LinuxCalls
import SpindleJobs
public import SystemPackage

/// Copies a disc to another one by way of an image, as `spindle copy` does.
///
/// If a sector can't be read, nothing is written.
public struct Copy: Job {
    /// The device node of the drive that reads.
    public var source: FilePath
    /// The device node of the drive that writes; another one.
    public var target: FilePath
    /// The image that is kept; `nil` keeps none.
    public var image: FilePath?
    /// Whether the copy is read back and compared.
    public var verifies = true
    /// Whether data on the disc may be overwritten, and the disc be unmounted for that.
    public var overwrites = false

    /// Creates a job.
    public init(_ source: FilePath, to target: FilePath) {
        self.source = source
        self.target = target
    }

    /// What the job does.
    public var work: JobWork {
        var options = CopyOptions(
            folder: NamelessFile.folder,
            burning: BurnOptions(verifies: verifies, appends: false)
        )
        options.image = image
        let (source, target, wanted, agrees) = (source, target, options, overwrites)
        return JobWork("copy") { cancellation, tell throws(SpindleError) in
            try Writing.alone { () throws(SpindleError) in
                try CopyJob(from: source, to: target, options: wanted).run(
                    cancellation: cancellation,
                    change: { false },
                    confirm: { _ in agrees },
                    tell: tell
                )
            }
        }
    }
}
