public import DiscFiles

/// Files, directories and links that are written to a disc.
///
/// A node is what an inode is elsewhere: directories name nodes, and a file that is named twice is a hard
/// link. The first node is the root directory.
public struct AuthoredTree: Sendable {
    /// What a disc keeps of a node besides its names and its bytes.
    public struct Attributes: Hashable, Sendable {
        /// When its content last changed.
        public var modified: FileTime
        /// When it was last read; ``modified`` if `nil`.
        public var accessed: FileTime?
        /// When it was made; ``modified`` if `nil`.
        public var created: FileTime?
        /// The POSIX permissions, the lowest twelve bits.
        public var permissions: UInt16
        /// The owner's number; `nil` if none is to be kept.
        public var userID: UInt32?
        /// The group's number; `nil` if none is to be kept.
        public var groupID: UInt32?

        /// Creates attributes.
        public init(
            modified: FileTime,
            accessed: FileTime? = nil,
            created: FileTime? = nil,
            permissions: UInt16,
            userID: UInt32? = nil,
            groupID: UInt32? = nil
        ) {
            self.modified = modified
            self.accessed = accessed
            self.created = created
            self.permissions = permissions & 0o7777
            self.userID = userID
            self.groupID = groupID
        }
    }

    /// A name in a directory, and the node that it names.
    public struct Entry: Sendable {
        /// The name.
        public var name: AuthoredName
        /// The node's number in the tree.
        public var node: Int
    }

    /// What a node is.
    public enum Kind: Sendable {
        /// A directory with its entries.
        case directory([Entry])
        /// A file with its bytes.
        case file(any AuthoredContent)
        /// A symbolic link with its target.
        case symlink(AuthoredName)
    }

    /// A file, a directory or a link.
    public struct Node: Sendable {
        /// What it is.
        public internal(set) var kind: Kind
        /// What is kept of it.
        public var attributes: Attributes
        /// How many names it has.
        public internal(set) var nameCount: Int

        /// The entries; none if it is no directory.
        public var entries: [Entry] {
            guard case .directory(let entries) = kind else { return [] }
            return entries
        }

        /// The bytes; `nil` if it is no file.
        public var content: (any AuthoredContent)? {
            guard case .file(let content) = kind else { return nil }
            return content
        }

        /// Whether it is a directory.
        public var isDirectory: Bool {
            guard case .directory = kind else { return false }
            return true
        }
    }

    /// The number of the root directory.
    public static let root = 0

    /// All nodes; their numbers are their places here.
    public internal(set) var nodes: [Node]

    /// Creates a tree of an empty root directory.
    public init(_ attributes: Attributes) {
        nodes = [Node(kind: .directory([]), attributes: attributes, nameCount: 1)]
    }

    /// Adds a directory.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - parent: The directory that it goes into.
    ///   - attributes: What is kept of it.
    /// - Returns: Its number.
    /// - Throws: ``AuthoringError`` if the name or the parent is none.
    @discardableResult
    public mutating func addDirectory(
        _ name: AuthoredName,
        in parent: Int = root,
        _ attributes: Attributes
    ) throws(AuthoringError) -> Int {
        try add(name, .directory([]), in: parent, attributes)
    }

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - content: Its bytes.
    ///   - parent: The directory that it goes into.
    ///   - attributes: What is kept of it.
    /// - Returns: Its number.
    /// - Throws: ``AuthoringError`` if the name or the parent is none.
    @discardableResult
    public mutating func addFile(
        _ name: AuthoredName,
        _ content: any AuthoredContent,
        in parent: Int = root,
        _ attributes: Attributes
    ) throws(AuthoringError) -> Int {
        try add(name, .file(content), in: parent, attributes)
    }

    /// Adds a symbolic link.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - target: Where it leads; not empty and without zeros.
    ///   - parent: The directory that it goes into.
    ///   - attributes: What is kept of it.
    /// - Returns: Its number.
    /// - Throws: ``AuthoringError`` if the name, the target or the parent is none.
    @discardableResult
    public mutating func addSymlink(
        _ name: AuthoredName,
        to target: AuthoredName,
        in parent: Int = root,
        _ attributes: Attributes
    ) throws(AuthoringError) -> Int {
        guard !target.bytes.isEmpty, !target.bytes.contains(0) else {
            throw AuthoringError(
                .unusableName,
                path: name.readableText,
                "A symbolic link can't have an empty target or one with a zero byte."
            )
        }
        return try add(name, .symlink(target), in: parent, attributes)
    }

    /// Adds a further name of a file or a symbolic link.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - node: What it names.
    ///   - parent: The directory that it goes into.
    /// - Throws: ``AuthoringError`` if the name or the parent is none, or the node is a directory.
    public mutating func addHardLink(
        _ name: AuthoredName,
        to node: Int,
        in parent: Int = root
    ) throws(AuthoringError) {
        guard nodes.indices.contains(node), !nodes[node].isDirectory else {
            throw AuthoringError(
                .wrongKind,
                path: name.readableText,
                "Only files and links can have several names."
            )
        }
        try link(name, node, in: parent)
        nodes[node].nameCount += 1
    }

    /// Brings all times that are later than one back to it, and drops when nodes were last read, so that the
    /// same files make the same image whenever they are read.
    ///
    /// - Parameter latest: The time, such as that of `SOURCE_DATE_EPOCH`.
    public mutating func limitTimes(to latest: FileTime) {
        func limited(_ time: FileTime) -> FileTime {
            time.seconds >= latest.seconds ? latest : time
        }
        for index in nodes.indices {
            nodes[index].attributes.modified = limited(nodes[index].attributes.modified)
            nodes[index].attributes.created = nodes[index].attributes.created.map(limited)
            nodes[index].attributes.accessed = nil
        }
    }

    /// The node that an entry of a directory names; `nil` if there is none of that name.
    ///
    /// It looks at one entry after the other.
    public func node(_ name: AuthoredName, in parent: Int = root) -> Int? {
        guard nodes.indices.contains(parent) else { return nil }
        return nodes[parent].entries.first { $0.name == name }?.node
    }

    private mutating func add(
        _ name: AuthoredName,
        _ kind: Kind,
        in parent: Int,
        _ attributes: Attributes
    ) throws(AuthoringError) -> Int {
        try link(name, nodes.count, in: parent)
        nodes.append(Node(kind: kind, attributes: attributes, nameCount: 1))
        return nodes.count - 1
    }

    private mutating func link(
        _ name: AuthoredName,
        _ node: Int,
        in parent: Int
    ) throws(AuthoringError) {
        guard name.isUsable else {
            throw AuthoringError(
                .unusableName,
                path: name.readableText,
                "No entry of a directory can have this name."
            )
        }
        guard nodes.indices.contains(parent), case .directory(var entries) = nodes[parent].kind
        else {
            throw AuthoringError(
                .wrongKind,
                path: name.readableText,
                "It can be put into a directory only."
            )
        }
        // The array is moved out and back, so that it is not copied for each entry.
        nodes[parent].kind = .directory([])
        entries.append(Entry(name: name, node: node))
        nodes[parent].kind = .directory(entries)
    }
}

extension AuthoredTree {
    /// Puts the entries of each directory in the order of their names.
    ///
    /// - Throws: ``AuthoringError`` if two entries of a directory have the same name.
    mutating func sort() throws(AuthoringError) {
        for index in nodes.indices {
            guard case .directory(var entries) = nodes[index].kind else { continue }
            entries.sort { $0.name < $1.name }
            for (one, next) in zip(entries, entries.dropFirst()) where one.name == next.name {
                throw AuthoringError(
                    .sameName,
                    path: one.name.readableText,
                    "Two entries of a directory have this name."
                )
            }
            nodes[index].kind = .directory(entries)
        }
    }

    /// The tree in preorder: each directory before what is in it, and each node once.
    ///
    /// - Returns: The nodes, and of each the directory that holds its first name.
    func preorder() -> (order: [Int], parents: [Int]) {
        var order: [Int] = []
        order.reserveCapacity(nodes.count)
        var parents = [Int](repeating: -1, count: nodes.count)
        parents[Self.root] = Self.root
        var stack = [Self.root]
        while let node = stack.popLast() {
            order.append(node)
            for entry in nodes[node].entries.reversed() where parents[entry.node] < 0 {
                parents[entry.node] = node
                stack.append(entry.node)
            }
        }
        return (order, parents)
    }
}
