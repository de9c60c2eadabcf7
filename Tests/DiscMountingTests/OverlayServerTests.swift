import DiscFiles
import DiscMounting
import Foundation
import LibFUSE
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// A tree of a few files and directories.
private final class FewFiles: FileTree {
    let kind = FileTreeKind.iso
    let root = FileEntry(name: "/", kind: .directory, identity: 1)
    let examinedBytes = 0
    let mostExamined = 1 << 20

    func entries(of directory: FileEntry) throws -> DirectoryListing {
        func file(_ name: String, _ sector: Int) -> FileEntry {
            FileEntry(
                name: name,
                kind: .file,
                size: 3000,
                extents: [FileExtent(offset: sector * 2048, length: 3000)]
            )
        }
        func folder(_ name: String, _ identity: UInt64) -> FileEntry {
            FileEntry(name: name, kind: .directory, identity: identity)
        }
        let listings: [UInt64: [FileEntry]] = [
            1: [
                file("a", 20), file("same", 22), file("twin", 22), folder("in", 2),
                folder("out", 3),
            ],
            2: [file("b", 24), folder("deep", 4)], 3: [], 4: [file("c", 26)],
        ]
        return DirectoryListing(listings[directory.identity] ?? [])
    }
}

/// What takes the changes of a mounted disc, without the kernel.
@Suite struct OverlayServerTests {
    private let user: (owner: UInt32, group: UInt32) = (UInt32(1000), UInt32(100))
    private let record = OverlayRecord(
        source: "/disc.iso",
        files: [],
        sectors: 64,
        volume: "",
        tree: "iso",
        session: 1
    )

    /// Gives a test a folder for overlays.
    private func inFolder(_ body: (FilePath) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory
            .appendingPathComponent("overlay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        try body(FilePath(place.path))
    }

    private func tree() throws -> MountTree {
        var builder = MountTreeBuilder(MountedAttributes(user: (0, 0)))
        try builder.add(FewFiles(), in: builder.root) { true }
        return builder.finish()
    }

    private func serve(_ folder: FilePath) throws -> OverlayServer {
        let disc = (0..<(64 * 2048)).map { UInt8(truncatingIfNeeded: $0 / 2048 &+ $0) }
        let source = MemorySource(disc)
        return try OverlayServer(
            tree(),
            MountedContents(source: source, disc: DataDisc(source), plain: nil),
            OverlayFolder(folder),
            for: record
        )
    }

    private func inode(_ server: OverlayServer, _ path: String) -> UInt64? {
        var inode: UInt64? = 1
        for name in path.split(separator: "/") {
            guard let directory = inode else { return nil }
            inode = server.inode(named: Array(name.utf8).span, in: directory)
        }
        return inode
    }

    private func bytes(_ name: String) -> [UInt8] { Array(name.utf8) }

    /// Changes files in ways that a list of changes has to tell apart.
    private func change(_ server: OverlayServer) throws {
        let inside = try #require(inode(server, "in"))
        let made = try server.make(
            .directory(permissions: 0o750),
            named: bytes("made"),
            in: 1,
            by: user
        )
        try server.move(bytes("in"), from: 1, to: bytes("moved"), in: made, .replace)
        try server.move(bytes("deep"), from: inside, to: bytes("deep"), in: 1, .keep)
        let file = try server.make(
            .file(permissions: 0o600),
            named: [0xFF, 0x20, 0x25],
            in: made,
            by: user
        )
        #expect(try server.write(bytes("text").span, at: 2, to: file) == 4)
        try server.remove(bytes("out"), from: 1, isDirectory: true)
        try server.remove(bytes("twin"), from: 1, isDirectory: false)
        var change = AttributeChange()
        change.permissions = 0o4711
        try server.change(change, of: try #require(inode(server, "a")))
    }

    @Test func `Changes outlive the server that made them`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            do { try change(serve(folder)) }
            let server = try serve(folder)
            #expect(inode(server, "in") == nil && inode(server, "out") == nil)
            #expect(inode(server, "made/moved/b") != nil && inode(server, "deep/c") != nil)
            #expect(inode(server, "twin") == nil)
            let same = try #require(inode(server, "same"))
            #expect(server.attributes(of: same)?.links == 1)
            let made = try #require(inode(server, "made"))
            let name: [UInt8] = [0xFF, 0x20, 0x25]
            let found = server.inode(named: name.span, in: made)
            let file = try #require(found)
            let attributes = try #require(server.attributes(of: file))
            #expect(attributes.size == 6 && attributes.mode == 0o100600)
            #expect(attributes.owner == 1000 && attributes.group == 100)
            #expect(server.attributes(of: made)?.links == 3)
            #expect(server.attributes(of: 1)?.links == 4)
            let a = try #require(inode(server, "a"))
            #expect(server.attributes(of: a)?.mode == 0o104711)
        }
    }

    @Test func `What was added, changed, removed and moved is told apart`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let server = try serve(folder)
            try change(server)
            let found = try OverlayContents(OverlayFolder(folder), of: tree()).difference
            #expect(found.added.map(\.path.shown) == ["made", "made/\\xFF %"])
            #expect(found.removed.map(\.path.text) == ["out", "twin"])
            #expect(found.moved.map(\.from.text) == ["in/deep", "in"])
            #expect(found.moved.map(\.to.text) == ["deep", "made/moved"])
            #expect(found.changed.map(\.path.text) == ["a"])
            #expect(found.changed.map(\.hasNewPermissions) == [true])
            #expect(found.changed.map(\.hasNewContent) == [false])
        }
    }

    @Test func `A file of the disc is copied when it is written to, as far as it is kept`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let server = try serve(folder)
            let a = try #require(inode(server, "a"))
            #expect(try server.write([1, 2].span, at: 2999, to: a) == 2)
            #expect(server.attributes(of: a)?.size == 3001)
            var cut = AttributeChange()
            cut.size = 10
            let b = try #require(inode(server, "in/b"))
            try server.change(cut, of: b)
            #expect(server.attributes(of: b)?.size == 10)
            let stored = try FileManager.default.contentsOfDirectory(
                atPath: folder.appending("files").string
            )
            let sizes = try stored.map {
                try FileSystem.status(folder.appending("files").appending($0)).size
            }
            #expect(sizes.sorted() == [10, 3001])
        }
    }

    @Test func `What can't be done leaves no trace`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let server = try serve(folder)
            let inside = try #require(inode(server, "in"))
            let deep = try #require(inode(server, "in/deep"))
            let size = try FileSystem.status(folder.appending("journal")).size
            func fails(_ errno: CInt, _ body: () throws -> Void) {
                #expect { try body() } throws: { ($0 as? SystemError)?.errno == errno }
            }
            // The numbers of <errno.h>.
            fails(39) { try server.remove(bytes("in"), from: 1, isDirectory: true) }
            fails(21) { try server.remove(bytes("in"), from: 1, isDirectory: false) }
            fails(20) { try server.remove(bytes("a"), from: 1, isDirectory: true) }
            fails(2) { try server.remove(bytes("none"), from: 1, isDirectory: false) }
            fails(22) {
                try server.move(bytes("in"), from: 1, to: bytes("x"), in: deep, .replace)
            }
            fails(17) { try server.move(bytes("a"), from: 1, to: bytes("b"), in: inside, .keep) }
            fails(1) { try server.link(inside, named: bytes("x"), in: 1) }
            let long = [UInt8](repeating: 0x78, count: 256)
            fails(36) {
                _ = try server.make(.file(permissions: 0o600), named: long, in: 1, by: user)
            }
            #expect(try FileSystem.status(folder.appending("journal")).size == size)
            #expect(
                try FileManager.default.contentsOfDirectory(
                    atPath: folder.appending("files").string
                ).isEmpty
            )
        }
    }

    @Test func `A listing goes on where it was, whatever is removed meanwhile`() throws {
        try inFolder { place in
            let server = try serve(place.appending("changes"))
            let out = try #require(inode(server, "out"))
            for number in 0..<300 {
                _ = try server.make(
                    .file(permissions: 0o600),
                    named: bytes("\(number)"),
                    in: out,
                    by: user
                )
            }
            var place = 0
            var seen: [[UInt8]] = []
            while true {
                var some: [[UInt8]] = []
                server.list(out, after: place) { name, _, next in
                    guard some.count < 7 else { return false }
                    some.append(name.indices.map { name[$0] })
                    place = next
                    return true
                }
                if some.isEmpty { break }
                for name in some { try server.remove(name, from: out, isDirectory: false) }
                seen += some
            }
            #expect(seen.count == 300 && Set(seen).count == 300)
            try server.remove(bytes("out"), from: 1, isDirectory: true)
        }
    }

    @Test func `An overlay is claimed once, and belongs to one disc`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let server = try serve(folder)
            #expect { _ = try serve(folder) } throws: { ($0 as? Failure)?.reason == .inUse }
            withExtendedLifetime(server) {}
            var other = record
            other.sectors = 65
            #expect { try OverlayFolder(folder).check(record, other) } throws: {
                ($0 as? Failure)?.reason == .sourceChanged
            }
        }
    }
}
