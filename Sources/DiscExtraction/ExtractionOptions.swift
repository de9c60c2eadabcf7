public import SystemPackage

/// What is taken out of a disc's tree of files, and where it goes.
public struct ExtractionOptions: Sendable {
    /// The directory that it goes into; it is made if it is not there.
    public var target: FilePath
    /// The files and directories that are wanted, each with all that is in it; everything if empty.
    public var paths: [String] = []
    /// Whether files that are there already are replaced.
    public var replaces = false
    /// Whether permissions are taken as the disc has them; otherwise the owner may always write, and this
    /// process's mask counts.
    public var keepsPermissions = false
    /// Whether extended attributes are taken.
    public var keepsAttributes = false
    /// Whether access control lists are taken.
    public var keepsAccessLists = false
    /// Whether named streams and resource forks are taken, each as a file of the name `FILE:STREAM`.
    public var takesStreams = false

    /// Creates options.
    public init(target: FilePath) {
        self.target = target
    }
}
