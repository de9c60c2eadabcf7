public import LinuxCalls
public import SystemPackage

/// What an overlay belongs to: a disc, as it was when the overlay was begun, and one of its trees.
public struct OverlayRecord: Codable, Hashable, Sendable {
    /// A file of an image.
    public struct Part: Codable, Hashable, Sendable {
        /// Its path, as `PathText`.
        public var path: String
        /// Its bytes.
        public var size: Int
        /// When it was changed last: seconds and nanoseconds since 1970.
        public var modified: [Int]

        /// Looks at a file.
        ///
        /// - Throws: The system's error, such as `ENOENT`.
        public init(_ path: FilePath) throws(SystemError) {
            let details = try FileDetails(path, followsLinks: true)
            self.path = path.text
            size = details.size
            modified = [details.modified.seconds, details.modified.nanoseconds]
        }
    }

    /// The version of the form of overlays.
    private var version = 1
    /// The path of the image, or of the drive, as `PathText`.
    public var source: String
    /// The files of the image; none of a drive.
    public var files: [Part]
    /// The sectors of the disc.
    public var sectors: Int
    /// The SHA-256 of the sectors that describe the volume; empty if they can't be read.
    public var volume: String
    /// The name of the tree that is changed.
    public var tree: String
    /// The number of its session.
    public var session: Int
    /// The SHA-256 of the sectors that describe the volume of that session; empty if they can't be read, `nil` in
    /// overlays that were begun before this was recorded.
    public var sessionVolume: String?

    /// Describes a disc.
    public init(
        source: String,
        files: [Part],
        sectors: Int,
        volume: String,
        tree: String,
        session: Int,
        sessionVolume: String? = nil
    ) {
        self.source = source
        self.files = files
        self.sectors = sectors
        self.volume = volume
        self.tree = tree
        self.session = session
        self.sessionVolume = sessionVolume
    }

    /// What is no longer as it was recorded, in one sentence; `nil` if it is the same disc and tree.
    func difference(from found: OverlayRecord) -> String? {
        guard version == found.version else {
            return "The overlay was made by another version of Spindle."
        }
        guard source == found.source else { return "The overlay belongs to \(source)." }
        for (old, new) in zip(files, found.files) where old != new {
            if old.path != new.path { return "\(source) has other files than before." }
            return old.size == new.size
                ? "\(new.path) was changed after the overlay was begun."
                : "\(new.path) had \(old.size) bytes when the overlay was begun, and has \(new.size) now."
        }
        guard files.count == found.files.count, volume == found.volume,
            sectors == found.sectors || hasGrown(into: found)
        else { return "\(source) is another disc than when the overlay was begun." }
        guard tree == found.tree, session == found.session else {
            return
                "The overlay changes the tree \(tree) of session \(session), and not \(found.tree) of session \(found.session)."
        }
        return nil
    }

    /// Whether it is the same disc in a drive with further sessions, such as one that a commit has burned: what
    /// the overlay belongs to is all there still.
    private func hasGrown(into found: OverlayRecord) -> Bool {
        guard files.isEmpty, found.files.isEmpty, let sessionVolume, !sessionVolume.isEmpty else {
            return false
        }
        return found.sectors > sectors && session == found.session
            && sessionVolume == found.sessionVolume
    }
}
