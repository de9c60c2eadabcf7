import DiscFiles
import LibFUSE
import LinuxCalls

/// What an overlay changes of a disc's files.
///
/// What went is named by its path on the disc, and what came or was changed by the path that it has now.
public struct OverlayDifference: Hashable, Sendable {
    /// What kind of file it is.
    public enum Kind: String, Hashable, Sendable, Codable {
        case file, directory, symlink, other

        init(_ node: OverlayNode?) {
            switch (node?.attributes.mode ?? 0) & 0o170000 {
            case 0o100000: self = .file
            case 0o040000: self = .directory
            case 0o120000: self = .symlink
            default: self = .other
            }
        }
    }

    /// A name that is new: of a new file, or a further one of a file that was there.
    public struct Addition: Hashable, Sendable {
        /// The file's number.
        var inode: UInt64
        /// Its path now.
        public var path: OverlayPath
        /// What it is.
        public var kind: Kind
    }

    /// A file of the disc that is no longer there.
    public struct Removal: Hashable, Sendable {
        /// Its path on the disc.
        public var path: OverlayPath
        /// What it is.
        public var kind: Kind
    }

    /// A file or a directory of the disc, with all that is in it, that has another path.
    public struct Move: Hashable, Sendable {
        /// Its path on the disc.
        public var from: OverlayPath
        /// Its path now.
        public var to: OverlayPath
        /// What it is.
        public var kind: Kind
    }

    /// A file of the disc whose bytes or attributes were changed.
    public struct Change: Hashable, Sendable {
        /// The file's number.
        var inode: UInt64
        /// Its path now.
        public var path: OverlayPath
        /// What it is.
        public var kind: Kind
        /// Whether it was written to.
        public var hasNewContent: Bool
        /// Whether its permissions were set.
        public var hasNewPermissions: Bool
        /// Whether its owner or its group was set.
        public var hasNewOwner: Bool
        /// Whether its times were set.
        public var hasNewTimes: Bool
    }

    /// What is new, in the order of the paths.
    public private(set) var added: [Addition] = []
    /// What went, in the order of the paths; of a directory only itself.
    public private(set) var removed: [Removal] = []
    /// What was moved, in the order of the paths.
    public private(set) var moved: [Move] = []
    /// What was changed where it was, in the order of the paths.
    public private(set) var changed: [Change] = []

    /// Whether nothing was changed.
    public var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && moved.isEmpty && changed.isEmpty
    }

    /// Compares a tree with the disc's.
    init(_ tree: OverlayTree, _ paths: OverlayPaths) {
        let names = OverlayNames(tree, paths)
        var gone = names.gone
        for (place, inode) in names.came {
            let path = names.path(place)
            let kind = Kind(tree.node(inode))
            if tree.serial(of: inode) == nil, var left = gone[inode], !left.isEmpty {
                let from = names.basePath(left.removeFirst())
                gone[inode] = left
                moved.append(Move(from: from, to: path, kind: kind))
            } else {
                added.append(Addition(inode: inode, path: path, kind: kind))
            }
        }
        for (inode, places) in gone {
            for place in places where tree.node(place.directory)?.isNamed == true {
                let kind = Kind(tree.node(inode))
                removed.append(Removal(path: names.basePath(place), kind: kind))
            }
        }
        for (inode, node) in tree.nodes where node.isNamed && tree.serial(of: inode) == nil {
            let isStored = node.content != .base && !node.isDirectory
            let set = node.changed
            guard isStored || !set.isEmpty else { continue }
            changed.append(
                Change(
                    inode: inode,
                    path: names.path(of: inode),
                    kind: Kind(node),
                    hasNewContent: isStored,
                    hasNewPermissions: set.permissions != nil,
                    hasNewOwner: set.owner != nil || set.group != nil,
                    hasNewTimes: set.accessed != nil || set.modified != nil
                )
            )
        }
        added.sort { $0.path < $1.path }
        removed.sort { $0.path < $1.path }
        moved.sort { $0.to < $1.to }
        changed.sort { $0.path < $1.path }
    }
}

/// The path of a file from the root of a tree on: bytes, which need not be UTF-8.
public struct OverlayPath: Hashable, Sendable, Comparable {
    /// The names, without slashes between them.
    public var names: [[UInt8]]

    /// The bytes with slashes between the names.
    public var bytes: [UInt8] { Array(names.joined(separator: [0x2F])) }

    /// The path as text; what is not UTF-8 becomes replacement characters.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The path for a person: on one line, and no two paths look the same.
    public var shown: String {
        if let text = String(validating: bytes, as: UTF8.self) { return FileName.shown(text) }
        return bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return byte > 0x1F && byte < 0x7F && byte != 0x5C
                ? String(UnicodeScalar(byte)) : "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }

    /// Orders paths by the bytes of their names.
    public static func < (a: OverlayPath, b: OverlayPath) -> Bool {
        for (one, other) in zip(a.names, b.names) where one != other {
            return one.lexicographicallyPrecedes(other)
        }
        return a.names.count < b.names.count
    }
}

/// The names that came and went, and the paths that files have now.
struct OverlayNames {
    /// The names of files of the disc that are no longer theirs, by the files' numbers.
    private(set) var gone: [UInt64: [OverlayPlace]] = [:]
    /// The names that are new, and their files.
    private(set) var came: [(place: OverlayPlace, inode: UInt64)] = []
    /// A new name of each file that has one.
    private var newNames: [UInt64: OverlayPlace] = [:]
    private let tree: OverlayTree
    private let paths: OverlayPaths

    init(_ tree: OverlayTree, _ paths: OverlayPaths) {
        self.tree = tree
        self.paths = paths
        for directory in tree.directories.keys.sorted() {
            if tree.serial(of: directory) == nil {
                tree.base.list(directory, after: 0) { name, inode, _ in
                    let place = OverlayPlace(
                        directory: directory,
                        name: name.indices.map { name[$0] }
                    )
                    if tree.inode(at: place) != inode { gone[inode, default: []].append(place) }
                    return true
                }
            }
            guard tree.node(directory)?.isNamed == true else { continue }
            for (name, inode) in tree.entries(of: directory)
            where tree.base.inode(named: name.span, in: directory) != inode {
                let place = OverlayPlace(directory: directory, name: name)
                came.append((place, inode))
                newNames[inode] = place
            }
        }
    }

    /// The path of a name on the disc.
    func basePath(_ place: OverlayPlace) -> OverlayPath {
        OverlayPath(names: paths.way(to: place.directory).map(\.name) + [place.name])
    }

    /// The path of a name now.
    func path(_ place: OverlayPlace) -> OverlayPath {
        OverlayPath(names: path(of: place.directory).names + [place.name])
    }

    /// A path that a file has now.
    func path(of inode: UInt64) -> OverlayPath {
        var names: [[UInt8]] = []
        var file = inode
        while file != 1, let place = place(of: file) {
            names.append(place.name)
            file = place.directory
        }
        return OverlayPath(names: names.reversed())
    }

    /// A name that a file has now; `nil` if it has none.
    private func place(of inode: UInt64) -> OverlayPlace? {
        if let place = newNames[inode] { return place }
        guard tree.serial(of: inode) == nil else { return nil }
        if let place = paths.way(to: inode).last, tree.inode(at: place) == inode { return place }
        // A further name on the disc of a file whose first one went.
        let text = tree.base.text.span
        for (index, node) in tree.base.nodes.enumerated() {
            guard case .directory(let range, _) = node.content else { continue }
            for entry in tree.base.entries[range] where UInt64(entry.node) + 1 == inode {
                let name = text.extracting(entry.name)
                let place = OverlayPlace(
                    directory: UInt64(index) + 1,
                    name: name.indices.map { name[$0] }
                )
                if tree.inode(at: place) == inode { return place }
            }
        }
        return nil
    }
}
