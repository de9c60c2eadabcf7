import SpindleJobs
public import SystemPackage

/// Compares two discs or images, or one with published checksums, as `spindle verify` does.
public struct Verify: Job {
    /// A drive's device node, an image or a virtual disc.
    public var first: FilePath
    /// Another one, or a list of checksums; `nil` for the lists next to the first one.
    public var second: FilePath?

    /// Creates a job.
    public init(_ first: FilePath, against second: FilePath? = nil) {
        self.first = first
        self.second = second
    }

    /// What the job does.
    public var work: JobWork {
        let (first, second) = (first, second)
        return JobWork("verify") { cancellation, tell throws(SpindleError) in
            try VerifyJob(first, against: second, cancellation: cancellation).run(
                cancellation: cancellation,
                tell: tell
            )
        }
    }
}
