import DiscFiles
import DiscImages
import DiscVerification
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Compares the files of two discs, images or directories.
///
/// Its statuses, and with them the exit codes, are those of `verify`: verified, differs, incomplete, not verified.
public struct FilesCheck {
    private let paths: [FilePath]
    private let tree: String?
    private let ignored: Set<TreeDifference.Subject>
    private let secrets: ImageSecrets?

    /// Prepares a check; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - first: A directory, a drive's device node, an image or a virtual disc.
    ///   - second: The same kinds.
    ///   - tree: The tree of discs and images that is compared; the best one if `nil`.
    ///   - ignored: What is not compared.
    ///   - secrets: What gives the passwords of images, where they need one.
    public init(
        _ first: FilePath,
        _ second: FilePath,
        tree: String? = nil,
        ignoring ignored: Set<TreeDifference.Subject> = [],
        secrets: ImageSecrets? = nil
    ) {
        paths = [first, second]
        self.tree = tree
        self.ignored = ignored
        self.secrets = secrets
    }

    /// Whether a path names a directory.
    public static func isDirectory(_ path: String?) -> Bool {
        guard let path else { return false }
        return (try? FileSystem.status(FilePath(text: path)))?.kind == .directory
    }

    /// Compares.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan and the progress.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if there is no such disc or tree, or the job was stopped.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        var trees: [any ComparedTree] = []
        var notes: [String] = []
        // The discs, for as long as they are read.
        var listings: [FileListing] = []
        for path in paths {
            if Self.isDirectory(path.text) {
                trees.append(ComparedDirectory(path))
                continue
            }
            let listing = try FileListing(
                path,
                treeName: tree,
                secrets: secrets,
                cancellation: cancellation
            )
            listings.append(listing)
            notes += listing.notes
            notes.append(
                "Of \(path) the files of the \(listing.tree.kind.displayName) tree are compared."
            )
            trees.append(
                ComparedDiscTree(listing.tree, listing.disc.source, named: path.string)
            )
        }
        let job = TreeVerifyJob(trees[0], trees[1], ignoring: ignored, notes: notes)
        let result = try job.run(cancellation: cancellation, tell: tell)
        return withExtendedLifetime(listings) { result }
    }
}
