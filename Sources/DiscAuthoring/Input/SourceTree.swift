import DiscFiles
import LibISOFS
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// The tree that goes into an image, gathered from files and directories.
///
/// Whatever the system gives as the order of names, the tree has one order, and its files have numbers
/// in that order.
final class SourceTree {
    /// The directory that holds all others.
    let root: SourceNode
    /// What goes wrong with its files later.
    let problems = SourceProblems()
    /// What can't be read, by its path and the reason, and is left out.
    private(set) var unreadable: [(path: String, reason: String, code: Failure.Reason)] = []
    /// The extended attributes whose names can't be kept, by the path of what has them.
    private(set) var unkeptAttributes: [(path: String, name: String)] = []
    /// What a person should know of it: a sentence each.
    private(set) var notes: [String] = []
    /// How many nodes there are, without the root.
    private(set) var entries = 0
    /// The bytes of all files, each counted once.
    private(set) var bytes = 0
    /// All files, each once, in their order.
    private(set) var files: [SourceFile] = []

    private let input: AuthoringInput
    private let patterns: [(pattern: NamePattern, isOfPaths: Bool)]
    private let output: FileIdentity?
    private var known: [FileIdentity: SourceFile] = [:]
    private var serial: UInt64 = 0
    private var leftOut = 0

    /// Gathers the tree.
    ///
    /// - Parameters:
    ///   - input: What goes in.
    ///   - time: The time of directories that only the image has, in seconds since 1970.
    ///   - cancellation: Heeded between two files.
    /// - Throws: ``Reports/Failure`` if an operand is not there, two files have one place, or there is
    ///   nothing.
    init(_ input: AuthoringInput, time: Int, _ cancellation: Cancellation) throws(Failure) {
        self.input = input
        patterns = input.excluded.map { pattern in
            let plain = pattern.hasPrefix("/") ? String(pattern.dropFirst()) : pattern
            return (NamePattern(plain), pattern.contains("/"))
        }
        output = input.output.flatMap { FileSystem.identity($0) }
        let made = ISOAttributes(permissions: 0o755, time: time)
        root = SourceNode([], made, .directory([]))
        let only = input.paths.count == 1 ? input.paths[0] : nil
        if let only, Self.isDirectory(only) {
            try add(only, at: [], made, cancellation)
        } else {
            for path in input.paths {
                try add(path, at: [try Self.ownName(of: path)], made, cancellation)
            }
        }
        for graft in input.grafts {
            try add(graft.path, at: try Self.place(of: graft), made, cancellation)
        }
        guard !cancellation.isRequested else { throw .stoppedAuthoring }
        root.sort()
        number()
        try checkReadable()
        if leftOut > 0 {
            let what = Wording.counted(leftOut, "entry is", "entries are")
            notes.append("\(what) left out, as --exclude says.")
        }
        guard entries > 0 else {
            // An operand of which nothing is known isn't empty.
            if let first = unreadable.first {
                throw Failure(
                    .source,
                    first.code,
                    "\(first.path) can't be read: \(first.reason).",
                    meaning: "Nothing else is there for the image; nothing was written.",
                    advice: "See that you may read it."
                )
            }
            throw Failure(
                .source,
                "There is nothing to put into the image.",
                meaning: "Nothing was written.",
                advice: "Name a directory that holds something, or files."
            )
        }
    }

    /// Refuses what could not be read back: directories that lie too deep, and names that look the same.
    private func checkReadable() throws(Failure) {
        var deep: [UInt8]?
        var twins: [UInt8]?
        root.forEach { node, path in
            guard node.isDirectory else { return }
            let depth = path.isEmpty ? 0 : path.count { $0 == 0x2F } + 1
            // In Latin-1 a byte becomes two of UTF-8.
            if depth >= FileWalk.greatestDepth || path.count * 2 >= FileWalk.longestPath {
                deep = deep ?? path
            }
            // Only a name that is no UTF-8 can look like another one.
            guard
                node.children.contains(where: { String(validating: $0.name, as: UTF8.self) == nil })
            else { return }
            var seen: Set<[UInt8]> = []
            for child in node.children where !seen.insert(Array(child.text.utf8)).inserted {
                twins = twins ?? (path.isEmpty ? child.name : path + [0x2F] + child.name)
            }
        }
        if let deep {
            let shown = FileName.shown(SourceNode.text(Array(deep.prefix(200))))
            throw Failure(
                .source,
                "Directories lie more than \(FileWalk.greatestDepth - 1) deep in each other, or their path is longer than \(FileWalk.longestPath / 2) bytes, which Spindle could not read back: “\(shown)…”.",
                meaning: "Nothing was written.",
                advice: "Leave them out with --exclude, or put them into an archive first."
            )
        }
        if let twins {
            throw Failure(
                .source,
                .loss,
                "Two names would both be read as “\(FileName.shown(SourceNode.text(twins)))”: one is written in UTF-8, and the other one in Latin-1.",
                meaning: "Nothing was written.",
                advice: "Rename one of them, or leave it out with --exclude."
            )
        }
    }

    // MARK: Places

    /// The bytes of a name: POSIX's `NAME_MAX`, which no system's files exceed.
    static let longestName = 255

    /// A name that is too long for other systems to read.
    static func tooLong(_ name: [UInt8]) -> Failure {
        Failure(
            .usage,
            "“\(FileName.shown(SourceNode.text(name)))” has \(name.count) bytes, and a name has no more than \(longestName).",
            meaning: "Nothing was written.",
            advice: "Choose a shorter name."
        )
    }

    private static func isDirectory(_ path: FilePath) -> Bool {
        (try? FileDetails(path, followsLinks: true))?.kind == .directory
    }

    /// The name that an operand has itself, also where it is written as “.” or “..”.
    static func ownName(of path: FilePath) throws(Failure) -> [UInt8] {
        var last = path.lastComponent
        if last == nil || last?.kind != .regular {
            last = FileSystem.resolve(path)?.lastComponent
        }
        guard let last, last.kind == .regular else {
            throw Failure(
                .usage,
                "\(path) has no name that it could have in the image.",
                meaning: "Nothing was written.",
                advice: "Name it alone, or give it a place with --map."
            )
        }
        return bytes(last)
    }

    private static func place(of graft: AuthoringInput.Graft) throws(Failure) -> [[UInt8]] {
        var names: [[UInt8]] = []
        for name in PathText.bytes(of: graft.place).split(separator: UInt8(ascii: "/")) {
            let name = Array(name)
            if name == Array(".".utf8) { continue }
            guard name.count <= longestName else { throw tooLong(name) }
            guard name != Array("..".utf8) else {
                throw Failure(
                    .usage,
                    "“\(graft.place)” is no place in an image.",
                    meaning: "Nothing was written.",
                    advice: "Write --map /DIRECTORY/NAME=PATH."
                )
            }
            names.append(name)
        }
        if graft.place.hasSuffix("/") || names.isEmpty, !isDirectory(graft.path) {
            names.append(try ownName(of: graft.path))
        }
        return names
    }

    private static func bytes(_ component: FilePath.Component) -> [UInt8] {
        component.bytes
    }

    /// Puts what a path names at a place; directories on the way are made.
    private func add(
        _ path: FilePath,
        at place: [[UInt8]],
        _ made: ISOAttributes,
        _ cancellation: Cancellation
    ) throws(Failure) {
        let details: FileDetails
        do {
            // An operand that is a link means what it leads to, unless it is put in as an entry.
            details = try FileDetails(path, followsLinks: place.isEmpty || input.followsLinks)
        } catch {
            throw Failure(
                .source,
                Failure.Reason(ofSource: error),
                "\(path) can't be read: \(error.reason).",
                meaning: "Nothing was written.",
                advice: "See that it is there and that you may read it."
            )
        }
        let at = Array(place.joined(separator: [0x2F]))
        guard let node = node(path, place.last ?? [], details, at: at, [], cancellation) else {
            return
        }
        var parent = root
        for name in place.dropLast() {
            if let next = parent.children.first(where: { $0.name == name }) {
                guard next.isDirectory else { throw Self.conflict(at) }
                parent = next
            } else {
                let next = SourceNode(name, made, .directory([]))
                parent.content = .directory(parent.children + [next])
                parent = next
            }
        }
        if place.isEmpty {
            root.attributes = node.attributes
            root.extended = node.extended
            try merge(node.children, into: root, at: [])
        } else {
            try merge([node], into: parent, at: at)
        }
    }

    private func merge(_ nodes: [SourceNode], into parent: SourceNode, at place: [UInt8])
        throws(Failure)
    {
        var children = parent.children
        var index: [[UInt8]: SourceNode] = [:]
        for child in children { index[child.name] = child }
        for node in nodes {
            guard let old = index[node.name] else {
                children.append(node)
                continue
            }
            guard old.isDirectory, node.isDirectory else { throw Self.conflict(node.name) }
            try merge(node.children, into: old, at: place + [0x2F] + node.name)
        }
        parent.content = .directory(children)
    }

    private static func conflict(_ place: [UInt8]) -> Failure {
        Failure(
            .usage,
            "Two things would be “\(SourceNode.text(place))” in the image.",
            meaning: "Nothing was written.",
            advice: "Give one of them another place with --map, or leave it out."
        )
    }

    // MARK: Reading directories

    private func isExcluded(_ name: [UInt8], _ place: [UInt8]) -> Bool {
        patterns.contains { $0.pattern.matches($0.isOfPaths ? place : name) }
    }

    /// What a path names, with its extended attributes as far as they are kept; `nil` if it stays out.
    private func node(
        _ path: FilePath,
        _ name: [UInt8],
        _ details: FileDetails,
        at place: [UInt8],
        _ above: Set<FileIdentity>,
        _ cancellation: Cancellation
    ) -> SourceNode? {
        let node = plainNode(path, name, details, at: place, above, cancellation)
        if let node, details.kind != .link {
            // Links are followed as they were for the details: what becomes the root is no link.
            let followsLinks = place.isEmpty || input.followsLinks
            do throws(SystemError) {
                if !input.keepsAccessLists {
                    try node.attributes.limitGroup(asListOf: path, followsLinks: followsLinks)
                }
                if input.keepsAttributes || input.keepsAccessLists {
                    node.extended = try attributes(of: path, followsLinks: followsLinks)
                }
            } catch {
                unreadable.append(
                    (
                        path.string, "its attributes: \(error.reason)",
                        Failure.Reason(ofSource: error)
                    )
                )
            }
        }
        return node
    }

    /// The extended attributes of what a path names, as far as they are kept.
    private func attributes(of path: FilePath, followsLinks: Bool)
        throws(SystemError) -> [FileAttribute]
    {
        var found: [FileAttribute] = []
        let names = try FileSystem.attributeNames(of: path, followsLinks: followsLinks)
        for bytes in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                if input.keepsAttributes, bytes.starts(with: "user.".utf8) {
                    unkeptAttributes.append((path.string, FileName.shown(SourceNode.text(bytes))))
                }
                continue
            }
            let attribute = FileAttribute(name: name, value: [])
            let isWanted =
                attribute.isAccessControl
                ? input.keepsAccessLists : input.keepsAttributes && name.hasPrefix("user.")
            guard isWanted,
                // What went away since the names were read is not there any more.
                let value = try FileSystem.attribute(name, of: path, followsLinks: followsLinks)
            else { continue }
            found.append(FileAttribute(name: name, value: value))
        }
        return found
    }

    private func plainNode(
        _ path: FilePath,
        _ name: [UInt8],
        _ details: FileDetails,
        at place: [UInt8],
        _ above: Set<FileIdentity>,
        _ cancellation: Cancellation
    ) -> SourceNode? {
        guard !cancellation.isRequested else { return nil }
        if !name.isEmpty, isExcluded(name, place) {
            leftOut += 1
            return nil
        }
        let attributes = ISOAttributes(details)
        switch details.kind {
        case .file:
            if details.identity == output {
                notes.append("\(path) is the image itself, and is left out.")
                return nil
            }
            guard let file = file(path, details) else { return nil }
            return SourceNode(name, attributes, .file(file))
        case .link:
            do {
                return SourceNode(name, attributes, .link(try FileSystem.linkTargetBytes(path)))
            } catch {
                unreadable.append((path.string, error.reason, Failure.Reason(ofSource: error)))
                return nil
            }
        case .directory:
            guard !above.contains(details.identity) else {
                notes.append("\(path) leads back to a directory above it, and is left out.")
                return nil
            }
            return directory(path, name, details, attributes, at: place, above, cancellation)
        case .blockDevice, .characterDevice:
            return SourceNode(name, attributes, .special(details.kind, device: details.device))
        case .fifo, .socket:
            return SourceNode(name, attributes, .special(details.kind, device: 0))
        }
    }

    private func directory(
        _ path: FilePath,
        _ name: [UInt8],
        _ details: FileDetails,
        _ attributes: ISOAttributes,
        at place: [UInt8],
        _ above: Set<FileIdentity>,
        _ cancellation: Cancellation
    ) -> SourceNode? {
        let names: [[UInt8]]
        do {
            names = try FileSystem.nameBytes(in: path)
        } catch {
            unreadable.append((path.string, error.reason, Failure.Reason(ofSource: error)))
            return nil
        }
        var children: [SourceNode] = []
        children.reserveCapacity(names.count)
        let here = input.followsLinks ? above.union([details.identity]) : above
        for name in names {
            let childPath = path.pushing(FilePath(bytes: name))
            let childPlace = place.isEmpty ? name : place + [0x2F] + name
            guard let child = self.details(of: childPath) else { continue }
            if let node = node(childPath, name, child, at: childPlace, here, cancellation) {
                children.append(node)
            }
        }
        return SourceNode(name, attributes, .directory(children))
    }

    /// Looks at an entry of a directory; a link that leads nowhere stays a link.
    private func details(of path: FilePath) -> FileDetails? {
        if input.followsLinks, let details = try? FileDetails(path, followsLinks: true) {
            return details
        }
        do {
            return try FileDetails(path, followsLinks: false)
        } catch {
            // What went away since the directory was read is not in it any more.
            if !error.isNoSuchFile {
                unreadable.append((path.string, error.reason, Failure.Reason(ofSource: error)))
            }
            return nil
        }
    }

    private func file(_ path: FilePath, _ details: FileDetails) -> SourceFile? {
        let isShared = details.linkCount > 1 || input.followsLinks
        if isShared, let file = known[details.identity] { return file }
        // Better told now than after half of the image is written.
        do {
            _ = try File(path, .read, nonBlocking: true)
        } catch {
            unreadable.append((path.string, error.reason, Failure.Reason(ofSource: error)))
            return nil
        }
        let file = SourceFile(path, details, problems)
        if isShared { known[details.identity] = file }
        return file
    }

    /// Puts a file from outside at a place that is free, to boot from it.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be read.
    func addBootFile(_ path: FilePath, time: Int) throws(Failure) -> [UInt8] {
        let name = try Self.ownName(of: path)
        let place = [Array("boot".utf8), name]
        let made = ISOAttributes(permissions: 0o755, time: time)
        try add(path, at: place, made, Cancellation())
        root.sort()
        number()
        return Array(place.joined(separator: [0x2F]))
    }

    /// Numbers the files in the order of the tree, and counts.
    private func number() {
        (entries, bytes, serial, files) = (-1, 0, 0, [])
        var seen: Set<ObjectIdentifier> = []
        root.forEach { node, _ in
            entries += 1
            guard case .file(let file) = node.content,
                seen.insert(ObjectIdentifier(file)).inserted
            else { return }
            serial += 1
            file.serial = serial
            files.append(file)
            bytes += file.byteCount
        }
    }
}

extension ISOAttributes {
    /// What is recorded of what the system knows.
    init(_ details: FileDetails) {
        self.init(
            permissions: details.permissions,
            userID: details.userID,
            groupID: details.groupID,
            time: details.modified.seconds
        )
        accessed = details.accessed.seconds
        changed = details.changed.seconds
    }

    /// Takes from the group what the file's access control list does not allow it.
    ///
    /// The mode of a file with such a list has the list's mask in place of the group's permissions: without
    /// the list they would be the group's.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - followsLinks: Whether a link in the path's last place is followed, or is the file meant.
    /// - Throws: The system's error.
    mutating func limitGroup(asListOf path: FilePath, followsLinks: Bool) throws(SystemError) {
        guard permissions & 0o070 != 0,
            let list = try FileSystem.attribute(
                AccessControlList.accessName,
                of: path,
                followsLinks: followsLinks
            ),
            let group = AccessControlList.groupPermissions(in: list)
        else { return }
        permissions &= ~0o070 | group << 3
    }
}

extension Failure {
    /// The user stopped the job before anything was written.
    static let stoppedAuthoring = Failure(
        .interruption,
        "The making of the image was stopped.",
        meaning: "No partial output was kept.",
        advice: "Start again from the beginning."
    )
}
