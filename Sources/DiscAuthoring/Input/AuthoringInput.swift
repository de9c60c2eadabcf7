public import SystemPackage

/// What goes into an image, and what stays out.
public struct AuthoringInput: Sendable {
    /// A file or a directory, and the place that it gets.
    public struct Graft: Hashable, Sendable {
        /// The place in the image: of a directory the path that its contents get, of a file its own
        /// path, or with a slash at the end that of the directory that it goes into.
        public var place: String
        /// What is put there.
        public var path: FilePath

        /// Creates one.
        public init(place: String, path: FilePath) {
            self.place = place
            self.path = path
        }
    }

    /// Files and directories: the contents of a single directory become the root; of several operands
    /// each becomes an entry of the root, under its own name.
    public var paths: [FilePath] = []
    /// Files and directories with places of their own.
    public var grafts: [Graft] = []
    /// Patterns of shells for what stays out: with a slash they are of paths in the image, else of names.
    public var excluded: [String] = []
    /// Whether what links lead to goes in, in place of the links.
    public var followsLinks = false
    /// Whether extended attributes of the namespace `user` go in.
    public var keepsAttributes = false
    /// Whether access control lists go in.
    public var keepsAccessLists = false
    /// A file that never goes in: the one that is made.
    public var output: FilePath?

    /// Creates an input of nothing.
    public init() {}
}
