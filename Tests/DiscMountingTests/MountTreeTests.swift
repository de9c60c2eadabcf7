import DiscFiles
import DiscMounting
import LibFUSE
import LinuxCalls
import TestSupport
import Testing
import Transfer

/// A tree whose directories are given by their identities.
private final class GivenTree: FileTree {
    let kind = FileTreeKind.iso
    let root = FileEntry(name: "/", kind: .directory, identity: 1)
    let examinedBytes = 0
    let mostExamined = 1 << 20
    private let listings: [UInt64: [FileEntry]]

    init(_ listings: [UInt64: [FileEntry]]) { self.listings = listings }

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        DirectoryListing(listings[directory.identity] ?? [])
    }
}

@Suite struct MountTreeTests {
    private func file(_ name: String, _ sector: Int, _ size: Int) -> FileEntry {
        FileEntry(
            name: name,
            kind: .file,
            size: size,
            extents: [FileExtent(offset: sector * 2048, length: size)]
        )
    }

    private func built(
        _ listings: [UInt64: [FileEntry]],
        mask: UInt32? = nil
    ) throws -> (MountTree, MountTreeBuilder) {
        var attributes = MountedAttributes(user: (7, 8))
        attributes.mask = mask
        var builder = MountTreeBuilder(attributes)
        try builder.add(GivenTree(listings), in: builder.root) { true }
        return (builder.finish(), builder)
    }

    private func inode(_ tree: MountTree, _ path: String) -> UInt64? {
        var inode: UInt64? = 1
        for name in path.split(separator: "/") {
            guard let directory = inode else { return nil }
            inode = tree.inode(named: Array(name.utf8).span, in: directory)
        }
        return inode
    }

    private func names(_ tree: MountTree, _ directory: UInt64, from first: Int = 0) -> [String] {
        var names: [String] = []
        tree.list(directory, after: first) { name, _, _ in
            names.append(String(decoding: name.indices.map { name[$0] }, as: UTF8.self))
            return true
        }
        return names
    }

    @Test func `Names are found, and others are not`() throws {
        let deep = FileEntry(name: "deep", kind: .directory, identity: 3)
        let (tree, _) = try built([
            1: [
                file("b", 40, 10), file("a", 41, 10),
                FileEntry(name: "folder", kind: .directory, identity: 2), file("größe", 42, 1),
            ],
            2: [deep, file("b", 43, 5)],
            3: [file("x", 44, 4097)],
        ])
        #expect(names(tree, 1) == ["a", "b", "folder", "größe"])
        #expect(names(tree, 1, from: 2) == ["folder", "größe"])
        #expect(names(tree, 1, from: 9).isEmpty)
        let x = try #require(inode(tree, "folder/deep/x"))
        #expect(tree.attributes(of: x)?.size == 4097)
        #expect(inode(tree, "folder/deep/y") == nil)
        #expect(inode(tree, "a/b") == nil)
        #expect(inode(tree, "fold") == nil)
        let folder = try #require(inode(tree, "folder"))
        #expect(tree.attributes(of: folder)?.links == 3)
        #expect(tree.attributes(of: 1)?.links == 3)
        #expect(tree.parent(of: try #require(inode(tree, "folder/deep"))) == folder)
        #expect(tree.parent(of: 1) == 1)
        for wrong: UInt64 in [0, UInt64(tree.count) + 1, .max] {
            #expect(tree.attributes(of: wrong) == nil)
            #expect(names(tree, wrong).isEmpty)
        }
    }

    @Test func `One file with two names is one file`() throws {
        var other = file("third", 40, 10)
        other.mode = 0o100600
        let (tree, _) = try built([1: [file("first", 40, 10), file("second", 40, 10), other]])
        let first = try #require(inode(tree, "first"))
        #expect(inode(tree, "second") == first)
        #expect(tree.attributes(of: first)?.links == 2)
        let third = try #require(inode(tree, "third"))
        #expect(third != first)
        #expect(tree.attributes(of: third)?.mode == 0o100600)
        // Files without bytes have nothing in common.
        let (empty, _) = try built([1: [file("a", 40, 0), file("b", 40, 0)]])
        #expect(inode(empty, "a") != inode(empty, "b"))
    }

    @Test func `Of two of one name the second gets another one`() throws {
        let (tree, builder) = try built([
            1: [file("x", 40, 1), file("x", 41, 2), file("x~2", 42, 3)]
        ])
        #expect(names(tree, 1) == ["x", "x~2", "x~3"])
        #expect(tree.attributes(of: try #require(inode(tree, "x~3")))?.size == 2)
        #expect(builder.problems.count == 1)
    }

    @Test func `Rights and owners are the disc's unless others are wanted`() throws {
        var known = file("known", 40, 1)
        known.mode = 0o104751
        known.userID = 1000
        let entries = [known, file("unknown", 41, 1)]
        let (tree, _) = try built([1: entries])
        let attributes = try #require(inode(tree, "known").flatMap { tree.attributes(of: $0) })
        #expect(attributes.mode == 0o104751)
        #expect(attributes.owner == 1000 && attributes.group == 8)
        let other = try #require(inode(tree, "unknown").flatMap { tree.attributes(of: $0) })
        #expect(other.mode == 0o100644)
        #expect(other.owner == 7)
        let (masked, _) = try built([1: entries], mask: 0o027)
        let modes = ["known", "unknown"].compactMap { name in
            inode(masked, name).flatMap { masked.attributes(of: $0)?.mode }
        }
        #expect(modes == [0o100750, 0o100640])
        #expect(masked.attributes(of: 1)?.mode == 0o040750)
    }

    @Test func `Bytes come from extents, gaps and tracks of sound`() throws {
        let disc = (0..<(64 * 2048)).map { UInt8(truncatingIfNeeded: $0 / 2048 &+ $0) }
        var pieces = file("pieces", 10, 7000)
        pieces.extents = [
            FileExtent(offset: 10 * 2048 + 5, length: 3000), FileExtent(offset: nil, length: 1000),
            FileExtent(offset: 30 * 2048, length: 2000),
        ]
        var builder = MountTreeBuilder(MountedAttributes(user: (0, 0)))
        let source = MemorySource(disc, bad: [50])
        let bad = file("bad", 49, 3 * 2048)
        try builder.add(GivenTree([1: [pieces, bad]]), in: builder.root) { true }
        let place = builder.addDirectory("more", in: builder.root)
        builder.addFile(
            "track.iso",
            .data(FileExtent(offset: 20 * 2048, length: 2 * 2048)),
            in: place
        )
        let tree = builder.finish()
        let server = MountServer(
            tree,
            MountedContents(source: source, disc: DataDisc(source), plain: nil)
        )
        let number = try #require(inode(tree, "pieces"))
        let held =
            Array(disc[(10 * 2048 + 5)..<(10 * 2048 + 3005)]) + [UInt8](repeating: 0, count: 1000)
            + Array(disc[(30 * 2048)..<(30 * 2048 + 2000)])
        for (offset, count) in [(0, 6000), (2999, 1), (2990, 1500), (5998, 2)] {
            let expected = Array(held[offset..<offset + count])
            #expect(try server.bytes(of: number, at: offset, count: count) == expected)
        }
        // Nobody makes up what is beyond the extents.
        for (offset, count) in [(0, 9000), (5999, 2), (6999, 5)] {
            #expect(throws: SystemError.self) {
                try server.bytes(of: number, at: offset, count: count)
            }
        }
        #expect(try server.bytes(of: number, at: 7000, count: 5) == [])
        let track = try #require(inode(tree, "more/track.iso"))
        #expect(
            try server.bytes(of: track, at: 100, count: 10_000)
                == Array(disc[(20 * 2048 + 100)..<(22 * 2048)])
        )
        let damaged = try #require(inode(tree, "bad"))
        #expect(throws: SystemError.self) {
            try server.bytes(of: damaged, at: 2048, count: 2048)
        }
        #expect(
            try server.bytes(of: damaged, at: 0, count: 2048)
                == Array(disc[(49 * 2048)..<(50 * 2048)])
        )
    }
}
