import SpindleJobs
public import SystemPackage

/// Makes a CD-RW or DVD-RW blank again, as `spindle blank` does.
///
/// It can't be stopped on the way.
public struct Blank: Job {
    /// The drive's device node.
    public var drive: FilePath
    /// Whether all of the disc is erased, which takes long.
    public var isFull = false

    /// Creates a job; whoever runs it agrees that the disc is unmounted and loses what is on it.
    public init(_ drive: FilePath) {
        self.drive = drive
    }

    /// What the job does.
    public var work: JobWork {
        let (drive, isFull) = (drive, isFull)
        return JobWork("blank") { _, tell throws(SpindleError) in
            try Writing.alone { () throws(SpindleError) in
                try BlankJob(drive: drive, full: isFull).run(confirm: { _ in true }, tell: tell)
            }
        }
    }
}
