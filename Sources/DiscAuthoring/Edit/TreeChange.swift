public import DiscFiles
public import Reports
public import SystemPackage

/// A change of the files in an image.
///
/// Paths in the image have slashes between the names, as `spindle list` writes them; a slash at the
/// beginning says no more than none. Changes are made one after the other, so that each finds what those
/// before it have left.
public enum TreeChange: Hashable, Sendable {
    /// Puts a file, a link or a directory with all that is in it at a place: of a directory the path that
    /// its contents get, which may be that of a directory that is there already; of anything else its own
    /// path, or with a slash at the end that of the directory that it goes into. Directories on the way
    /// are made.
    case add(FilePath, at: String)
    /// Makes an empty directory, and those on the way to it; one that is there already is left as it is.
    case makeDirectory(String)
    /// Takes a file, a link or a directory with all that is in it out.
    case remove(String)
    /// Gives a file, a link or a directory another path; the directory that it goes into must be there.
    /// If the path is that of a directory, it goes into that under its own name.
    case move(String, to: String)

    /// Gives a file, a link or a directory in the image the permissions, owners and times of one outside;
    /// its bytes, and what is in it, stay as they are. Only Rock Ridge keeps such.
    case setAttributes(String, of: FilePath)

    /// Puts a file, a link or a directory under its own name into a directory of the image.
    ///
    /// - Parameters:
    ///   - path: What is added.
    ///   - directory: The directory's path in the image.
    /// - Returns: The change.
    /// - Throws: ``Reports/Failure`` if it has no name, as `/` has none.
    public static func add(_ path: FilePath, into directory: String) throws(Failure) -> TreeChange {
        let name = SourceNode.text(try SourceTree.ownName(of: path))
        return .add(path, at: directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)")
    }
}

/// What an image is to become: changes in their order, and how those are meant.
public struct TreeChanges: Hashable, Sendable {
    /// The changes, in their order.
    public var list: [TreeChange]
    /// Whether what is added, or gets another path, takes the place of a file that is there; else that is
    /// refused.
    public var replacesFiles = false
    /// Patterns of shells for what of an added directory stays out: with a slash they are of paths in the
    /// image, else of names.
    public var excluded: [String] = []
    /// Whether what links lead to goes in, in place of the links.
    public var followsLinks = false
    /// The tree whose paths they have; the one that is listed if `nil`.
    public var tree: FileTreeKind?

    /// Creates changes.
    public init(_ list: [TreeChange] = []) { self.list = list }

    /// All paths in the image that they name, those of the directories on the way among them.
    var paths: Set<String> {
        var paths: Set<String> = []
        for change in list {
            let named: [String]
            switch change {
            case .add(_, let path), .makeDirectory(let path), .remove(let path),
                .setAttributes(let path, _):
                named = [path]
            case .move(let from, let to): named = [from, to]
            }
            for path in named {
                var way = ""
                for name in path.split(separator: "/") {
                    way += way.isEmpty ? "" : "/"
                    way += name
                    paths.insert(way)
                }
            }
        }
        return paths
    }
}
