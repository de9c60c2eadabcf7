public import DiscFiles
import LinuxCalls
public import SystemPackage

/// Gathers files and directories of this system into a tree for a disc.
///
/// It only looks: links are not followed, and no file's content is read.
public struct TreeScan: Sendable {
    /// Something that was left out of the tree.
    public struct Problem: Hashable, Sendable {
        /// Why.
        public enum Reason: Hashable, Sendable {
            /// The system could not read it; the text is the system's reason.
            case unreadable(String)
            /// It is a device, a pipe or a socket.
            case specialFile
            /// Another file has its name already.
            case sameName
        }

        /// What was left out.
        public var path: String
        /// Why.
        public var reason: Reason

        /// Creates a problem.
        public init(path: String, reason: Reason) {
            self.path = path
            self.reason = reason
        }
    }

    /// Directories in each other that are entered.
    private static let greatestDepth = 1024

    /// What was gathered.
    public private(set) var tree: AuthoredTree
    /// What was left out.
    public private(set) var problems: [Problem] = []
    /// The nodes of files that have several names.
    private var linked: [FileIdentity: Int] = [:]

    /// Begins with an empty root directory.
    ///
    /// - Parameter time: The time that the root directory gets, unless it gets that of a directory.
    public init(time: FileTime) {
        tree = AuthoredTree(AuthoredTree.Attributes(modified: time, permissions: 0o755))
    }

    /// Adds what is in a directory to the root, and gives the root the directory's attributes.
    ///
    /// - Parameter directory: The directory; a link to one is followed.
    /// - Throws: The system's error if the directory itself can't be read; ``AuthoringError``.
    public mutating func add(contentsOf directory: FilePath) throws {
        let opened = directory.appending(bytes: [0x2E])
        tree.nodes[AuthoredTree.root].attributes = Self.kept(try FileSystem.attributes(opened))
        _ = try FileSystem.byteNames(in: directory)
        try scan(directory, into: AuthoredTree.root, depth: 0)
    }

    /// Adds a file, a link or a directory with all that is in it.
    ///
    /// - Parameters:
    ///   - path: What is added.
    ///   - name: Its name on the disc; its own if `nil`.
    ///   - parent: The directory of the tree that it goes into.
    /// - Throws: The system's error if the path can't be looked at; ``AuthoringError`` if it has no
    ///   name, as `/` has none.
    public mutating func add(
        _ path: FilePath,
        as name: AuthoredName? = nil,
        in parent: Int = AuthoredTree.root
    ) throws {
        let attributes = try FileSystem.attributes(path)
        guard let name = name ?? path.lastNameBytes.map(AuthoredName.init(bytes:)) else {
            throw AuthoringError(
                .unusableName,
                path: path.string,
                "It has no name that it could have on the disc."
            )
        }
        let known = tree.node(name, in: parent)
        if let directory = try add(path, attributes, name, in: parent, known: known) {
            try scan(path, into: directory, depth: 1)
        }
    }

    private mutating func scan(_ path: FilePath, into node: Int, depth: Int) throws {
        var waiting = [(path: path, node: node, depth: depth)]
        while let (path, node, depth) = waiting.popLast() {
            let names: [[UInt8]]
            do {
                names = try FileSystem.byteNames(in: path)
            } catch {
                problems.append(Problem(path: path.string, reason: .unreadable(error.reason)))
                continue
            }
            // A directory that another path led into has entries already.
            let known = Dictionary(tree.nodes[node].entries.map { ($0.name, $0.node) }) { a, _ in a
            }
            for name in names {
                let below = path.appending(bytes: name)
                let attributes: FileAttributes
                do {
                    attributes = try FileSystem.attributes(below)
                } catch {
                    problems.append(Problem(path: below.string, reason: .unreadable(error.reason)))
                    continue
                }
                let name = AuthoredName(bytes: name)
                let added = try add(below, attributes, name, in: node, known: known[name])
                guard let added else { continue }
                if depth < Self.greatestDepth {
                    waiting.append((below, added, depth + 1))
                } else {
                    problems.append(
                        Problem(path: below.string, reason: .unreadable("it lies too deep"))
                    )
                }
            }
        }
    }

    /// Adds one entry.
    ///
    /// - Returns: The number of a directory whose entries are to be added.
    private mutating func add(
        _ path: FilePath,
        _ attributes: FileAttributes,
        _ name: AuthoredName,
        in parent: Int,
        known: Int?
    ) throws -> Int? {
        if let known {
            if attributes.isDirectory, tree.nodes[known].isDirectory { return known }
            problems.append(Problem(path: path.string, reason: .sameName))
            return nil
        }
        let kept = Self.kept(attributes)
        if attributes.isDirectory { return try tree.addDirectory(name, in: parent, kept) }
        if attributes.linkCount > 1, let known = linked[attributes.identity] {
            try tree.addHardLink(name, to: known, in: parent)
            return nil
        }
        var added: Int?
        if attributes.isRegular {
            guard FileSystem.isReadable(path) else {
                problems.append(
                    Problem(path: path.string, reason: .unreadable("Permission denied"))
                )
                return nil
            }
            added = try tree.addFile(name, StoredContent(path, attributes), in: parent, kept)
        } else if attributes.isSymlink {
            guard let target = FileSystem.linkTargetBytes(path) else {
                problems.append(
                    Problem(path: path.string, reason: .unreadable("its target can't be read"))
                )
                return nil
            }
            added = try tree.addSymlink(name, to: AuthoredName(bytes: target), in: parent, kept)
        } else {
            problems.append(Problem(path: path.string, reason: .specialFile))
        }
        if let added, attributes.linkCount > 1 { linked[attributes.identity] = added }
        return nil
    }

    private static func kept(_ attributes: FileAttributes) -> AuthoredTree.Attributes {
        AuthoredTree.Attributes(
            modified: FileTime(
                seconds: attributes.modified.seconds,
                nanoseconds: attributes.modified.nanoseconds
            ),
            accessed: FileTime(
                seconds: attributes.accessed.seconds,
                nanoseconds: attributes.accessed.nanoseconds
            ),
            permissions: UInt16(truncatingIfNeeded: attributes.mode & 0o7777),
            userID: attributes.userID,
            groupID: attributes.groupID
        )
    }
}
