import DiscAuthoring
import DiscFiles
import LinuxCalls
import SystemPackage
import TestSupport
import Transfer

/// Trees that tests make images of.
enum SampleTree {
    /// 2026-11-29T10:20:30Z.
    static let time = FileTime(seconds: 1_795_947_630)

    static func attributes(
        _ permissions: UInt16 = 0o644,
        modified: FileTime = FileTime(seconds: 1_700_000_000, nanoseconds: 123_456_000),
        user: UInt32? = 1000,
        group: UInt32? = 100
    ) -> AuthoredTree.Attributes {
        AuthoredTree.Attributes(
            modified: modified,
            accessed: FileTime(seconds: 1_700_000_500),
            created: FileTime(seconds: 1_600_000_000),
            permissions: permissions,
            userID: user,
            groupID: group
        )
    }

    static func empty() -> AuthoredTree { AuthoredTree(attributes(0o755)) }

    /// Bytes that differ from place to place.
    static func bytes(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8)) &+ seed }
    }

    /// Sizes about the ends of blocks, names of many kinds, links of both kinds, and deep directories.
    static func mixed(hasLinks: Bool = true) throws -> AuthoredTree {
        var tree = empty()
        for size in [0, 1, 2047, 2048, 2049, 70_000] {
            try tree.addFile(
                AuthoredName("size \(size)"),
                BytesContent(bytes(size)),
                attributes()
            )
        }
        let folder = try tree.addDirectory("Ordner", attributes(0o2750))
        let names = ["ä.txt", "日本語.txt", "with space.and.dots", "UPPER.TXT", "e\u{301}"]
        for (index, name) in names.enumerated() {
            try tree.addFile(
                AuthoredName(name),
                BytesContent(bytes(100 + index, seed: UInt8(index))),
                in: folder,
                attributes(0o4755)
            )
        }
        let linked = try tree.addFile("linked", BytesContent(bytes(5000)), in: folder, attributes())
        try tree.addHardLink("linked too", to: linked)
        let links = [
            ("absolute", "/usr/share/日本"), ("relative", "../x/./y"), ("dots", ".."),
            ("long", String(repeating: "long path/", count: 250) + "end"),
        ]
        for (name, target) in hasLinks ? links : [] {
            try tree.addSymlink(
                AuthoredName(name),
                to: AuthoredName(target),
                in: folder,
                attributes(0o777)
            )
        }
        var parent = folder
        for depth in 1...12 {
            parent = try tree.addDirectory(
                AuthoredName("depth \(depth)"),
                in: parent,
                attributes(0o711)
            )
        }
        try tree.addFile("bottom", BytesContent(bytes(3)), in: parent, attributes())
        try tree.addDirectory("empty", attributes(0o1777))
        return tree
    }

    static func options(
        _ revision: UDFRevision,
        label: String = "Größe 1"
    ) -> UDFImageOptions {
        UDFImageOptions(revision: revision, label: label, time: time)
    }
}

extension AuthoredTree {
    @discardableResult
    mutating func addDirectory(_ name: String, in parent: Int = root, _ attributes: Attributes)
        throws -> Int
    {
        try addDirectory(AuthoredName(name), in: parent, attributes)
    }

    @discardableResult
    mutating func addFile(
        _ name: String,
        _ content: any AuthoredContent,
        in parent: Int = root,
        _ attributes: Attributes
    ) throws -> Int {
        try addFile(AuthoredName(name), content, in: parent, attributes)
    }

    mutating func addHardLink(_ name: String, to node: Int, in parent: Int = root) throws {
        try addHardLink(AuthoredName(name), to: node, in: parent)
    }

    /// What readers should find: each path with what stands there.
    func paths() -> [String: Int] {
        var found: [String: Int] = [:]
        var waiting = [(path: "", node: Self.root)]
        while let (path, node) = waiting.popLast() {
            for entry in nodes[node].entries {
                let below = (path.isEmpty ? "" : path + "/") + entry.name.readableText
                found[below] = entry.node
                waiting.append((below, entry.node))
            }
        }
        return found
    }
}

extension UDFImage {
    /// All bytes, read in pieces of some sectors.
    func allBytes(piece: Int = 37) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        var buffer = [UInt8](repeating: 0xAA, count: piece * 2048)
        while bytes.count < byteCount {
            var span = buffer.mutableSpan
            let count = try read(at: bytes.count / 2048, into: &span)
            guard count > 0 else { break }
            bytes += buffer[..<(count * 2048)]
        }
        return bytes
    }

    /// Writes the image to a file, with holes where it is zeros.
    func write(to path: FilePath) throws {
        let file = try File(path, .createNew)
        var buffer = [UInt8](repeating: 0, count: 512 * 2048)
        var sector = 0
        while true {
            var span = buffer.mutableSpan
            let count = try read(at: sector, into: &span)
            guard count > 0 else { break }
            try file.writeSparsely(buffer.span.extracting(..<(count * 2048)), at: sector * 2048)
            sector += count
        }
        try file.setSize(byteCount)
    }
}

/// What Spindle's own reader finds in a tree.
struct Listing {
    private(set) var entries: [String: FileEntry] = [:]
    private(set) var problems: [String] = []
    let source: any SectorSource

    init(_ source: any SectorSource, _ kind: FileTreeKind = .udf) throws {
        self.source = source
        let trees = try DiscTrees(source)
        guard let tree = trees.tree(kind) else {
            problems = ["There is no tree \(kind): \(trees.broken)"]
            return
        }
        var walk = FileWalk(tree)
        while let visit = try walk.next() { entries[visit.path] = visit.entry }
        problems = walk.problems.map(\.sentence)
    }

    /// The bytes of a file.
    func bytes(_ path: String) throws -> [UInt8] {
        guard let entry = entries[path] else { return [] }
        let contents = try FileContents(source, entry)
        var result = [UInt8](repeating: 0, count: contents.count)
        var done = 0
        while done < result.count {
            var span = result.mutableSpan
            var part = span._mutatingExtracting(done...)
            let count = try contents.read(at: done, into: &part)
            guard count > 0 else { break }
            done += count
        }
        return result
    }
}
