import DiscMounting
public import Reports
public import SystemPackage

/// Takes a mounted disc away.
public struct UnmountJob {
    private let path: FilePath
    private let force: Bool

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - path: The directory that the disc is mounted on, or the disc.
    ///   - force: Whether it goes even if programs use it; they get errors then.
    public init(_ path: FilePath, force: Bool = false) {
        self.path = path
        self.force = force
    }

    /// Unmounts.
    ///
    /// - Returns: How it went.
    /// - Throws: ``Reports/Failure`` if it is not mounted, or programs use it.
    public func run() throws(Failure) -> JobResult {
        let disc = try MountedDisc.find(path)
        let hasEnded = try disc.unmount(force: force)
        if !hasEnded, !force, let process = disc.process {
            throw Failure(
                .unsuitable,
                .inUse,
                "\(disc.path) is no longer mounted on \(disc.directory), but process \(process), which served it, has not ended.",
                meaning:
                    "The disc, and its overlay if it has one, are still in use: a container may have the mount, too, or the process waits for the disc.",
                advice: "End the container, or the process."
            )
        }
        var result = JobResult(.done, verb: "unmount")
        result.output = disc.directory
        result.sentences = ["\(disc.path) is no longer mounted on \(disc.directory)."]
        if !hasEnded, let process = disc.process {
            result.sentences.append(
                "Process \(process), which served it, goes on until no program has its files open."
            )
        }
        // Others that were left behind go as well.
        result.sentences += MountedDisc.removeStale().map {
            "The stale mount on \($0.directory) was removed."
        }
        return result
    }
}
