import SpindleJobs
public import SystemPackage

/// Takes files out of a disc or an image, as `spindle extract` does.
public struct Extract: Job {
    /// A drive's device node, an image or a virtual disc.
    public var disc: FilePath
    /// The directory that the files go into.
    public var target: FilePath
    /// The files and directories to take; all if empty.
    public var paths: [String] = []
    /// Whether files that exist are replaced.
    public var replaces = false

    /// Creates a job.
    public init(_ disc: FilePath, to target: FilePath) {
        self.disc = disc
        self.target = target
    }

    /// What the job does.
    public var work: JobWork {
        var options = ExtractionOptions(target: target)
        options.paths = paths
        options.replaces = replaces
        let (disc, wanted) = (disc, options)
        return JobWork("extract") { cancellation, tell throws(SpindleError) in
            let listing = try FileListing(disc, cancellation: cancellation)
            let job = ExtractionJob(
                listing.tree,
                listing.disc.source,
                named: disc.string,
                notes: listing.notes,
                options: wanted
            )
            return try job.run(cancellation: cancellation, tell: tell)
        }
    }
}
