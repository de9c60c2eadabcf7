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
        func file(_ name: String, _ sector: Int, names: Int = 1, owner: UInt32 = 0) -> FileEntry {
            var entry = FileEntry(
                name: name,
                kind: .file,
                size: 3000,
                extents: [FileExtent(offset: sector * 2048, length: 3000)]
            )
            entry.linkCount = names
            entry.userID = owner
            return entry
        }
        func folder(_ name: String, _ identity: UInt64) -> FileEntry {
            FileEntry(name: name, kind: .directory, identity: identity)
        }
        let listings: [UInt64: [FileEntry]] = [
            1: [
                file("a", 20), file("same", 22, names: 2), file("twin", 22, names: 2),
                folder("in", 2), folder("out", 3),
            ],
            2: [file("b", 24), folder("deep", 4)], 3: [],
            4: [file("c", 26), file("d", 26), file("e", 26, owner: 7)],
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

    private func tree(_ attributes: MountedAttributes = MountedAttributes(user: (0, 0))) throws
        -> MountTree
    {
        var builder = MountTreeBuilder(attributes, isWritable: true)
        try builder.add(FewFiles(), in: builder.root) { true }
        return builder.finish()
    }

    private func serve(
        _ folder: FilePath,
        _ attributes: MountedAttributes = MountedAttributes(user: (0, 0))
    ) throws -> OverlayServer {
        let disc = (0..<(64 * 2048)).map { UInt8(truncatingIfNeeded: $0 / 2048 &+ $0) }
        let source = MemorySource(disc)
        return try OverlayServer(
            tree(attributes),
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

    /// All that a server shows: paths with attributes, and what files hold.
    private func shown(_ server: OverlayServer) throws -> [String: String] {
        var found: [String: String] = [:]
        var numbers: [UInt64: String] = [:]
        var waiting: [(inode: UInt64, path: String)] = [(1, "")]
        while let (inode, path) = waiting.popLast() {
            let known = try #require(server.attributes(of: inode), "\(path)")
            let isDirectory = known.mode & 0o170000 == 0o040000
            let target = server.linkTarget(of: inode).map { String(decoding: $0, as: UTF8.self) }
            // Names of one file are told by the first of them.
            let first = numbers[inode] ?? path
            numbers[inode] = first
            found[path] =
                "\(known.mode) \(isDirectory ? 0 : known.links) \(known.owner) \(known.group) "
                + "\(known.size) \(known.modified) \(known.accessed) \(target ?? "") \(first)"
            guard isDirectory else { continue }
            var names: [(String, UInt64)] = []
            server.list(inode, after: 0) { name, inode, _ in
                let bytes = name.indices.map { name[$0] }
                names.append((bytes.map { String($0, radix: 16) }.joined(), inode))
                return true
            }
            for (name, inode) in names.sorted(by: { $0.0 > $1.0 }) {
                waiting.append((inode, "\(path)/\(name)"))
            }
        }
        return found
    }

    /// A change at random, which may be refused.
    private func change(_ server: OverlayServer, _ random: inout SeededGenerator) {
        var directories: [UInt64] = [1]
        var entries: [(directory: UInt64, name: [UInt8], inode: UInt64, isDirectory: Bool)] = []
        var index = 0
        while index < directories.count {
            let directory = directories[index]
            index += 1
            server.list(directory, after: 0) { name, inode, _ in
                let mode = server.attributes(of: inode)?.mode ?? 0
                let isDirectory = mode & 0o170000 == 0o040000
                let bytes = name.indices.map { name[$0] }
                entries.append((directory, bytes, inode, isDirectory))
                if isDirectory { directories.append(inode) }
                return true
            }
        }
        let folder = directories.randomElement(using: &random) ?? 1
        let names = ["a", "b", "in", "out", "x", "deep", "y z", "0"].map { Array($0.utf8) }
        let name = names.randomElement(using: &random) ?? []
        guard let old = entries.randomElement(using: &random),
            let other = entries.randomElement(using: &random)
        else { return }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: _ = try? server.make(.file(permissions: 0o640), named: name, in: folder, by: user)
        case 1:
            _ = try? server.make(.directory(permissions: 0o710), named: name, in: folder, by: user)
        case 2: _ = try? server.make(.link(target: name), named: name, in: folder, by: user)
        case 3: try? server.link(old.inode, named: name, in: folder)
        case 4:
            try? server.remove(old.name, from: old.directory, isDirectory: old.isDirectory)
        case 5, 6:
            try? server.move(old.name, from: old.directory, to: name, in: folder, .replace)
        case 7:
            try? server.move(
                old.name,
                from: old.directory,
                to: other.name,
                in: other.directory,
                .exchange
            )
        case 8: _ = try? server.write([1, 2, 3].span, at: 5, to: old.inode)
        default:
            var change = AttributeChange()
            change.permissions = UInt32.random(in: 0..<0o7777, using: &random)
            if Bool.random(using: &random) { change.modified = .init(seconds: 77, nanoseconds: 5) }
            try? server.change(change, of: old.inode)
        }
    }

    @Test(arguments: 1...12)
    func `A journal that says it at once makes the same files and tells the same changes`(
        seed: UInt64
    ) throws {
        try inFolder { place in
            let folder = place.appending("changes")
            var random = SeededGenerator(seed: seed)
            for round in 0..<4 {
                let server = try serve(folder)
                for _ in 0..<40 { change(server, &random) }
                let before = try shown(server)
                func told() throws -> OverlayDifference {
                    try OverlayContents(OverlayFolder(folder), of: tree()).difference
                }
                let difference = try told()
                try #require(server.shortenJournal(), "round \(round)")
                #expect(try shown(server) == before)
                let now = try told()
                #expect(now.added.map(\.path) == difference.added.map(\.path))
                #expect(now.removed.map(\.path) == difference.removed.map(\.path))
                #expect(now.moved.map(\.to) == difference.moved.map(\.to))
                #expect(now.changed == difference.changed)
                // The process that serves goes on with it.
                change(server, &random)
                server.finish()
            }
            let last = try serve(folder)
            let shownLast = try shown(last)
            #expect(last.notes == [] && shownLast.count > 1)
        }
    }

    @Test func `A journal of changes that undo each other stays short`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let journal = folder.appending("journal")
            var before: [String: String] = [:]
            do {
                let server = try serve(folder)
                // As a program does that saves a file again and again.
                for round in 0..<6000 {
                    let file = try server.make(
                        .file(permissions: 0o600),
                        named: bytes("new"),
                        in: 1,
                        by: user
                    )
                    if round % 1000 == 0 {
                        _ = try server.write(bytes("\(round)").span, at: 0, to: file)
                    }
                    try server.move(bytes("new"), from: 1, to: bytes("a"), in: 1, .replace)
                    #expect(try FileSystem.status(journal).size < 1 << 20 + 4096)
                }
                server.finish()
                before = try shown(server)
            }
            #expect(try FileSystem.status(journal).size < 1 << 20)
            #expect(try shown(serve(folder)) == before)
        }
    }

    @Test func `What a killed process leaves of a shorter journal is not taken for one`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            do { try change(serve(folder)) }
            let before = try shown(serve(folder))
            let part = folder.appending("journal.part")
            try Data("spindle-overlay 1\n".utf8).write(to: URL(fileURLWithPath: part.string))
            #expect(try shown(serve(folder)) == before)
            #expect(!FileSystem.exists(part))
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

    @Test func `A disc in a drive may have got further sessions, and no other change`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let server = try serve(folder)
            withExtendedLifetime(server) {}
            var old = record
            old.sessionVolume = "a"
            var grown = old
            grown.sectors = 96
            try OverlayFolder(folder).check(old, grown)
            func refuses(_ old: OverlayRecord, _ found: OverlayRecord) {
                #expect { try OverlayFolder(folder).check(old, found) } throws: {
                    ($0 as? Failure)?.reason == .sourceChanged
                }
            }
            // Of an old overlay, or of a disc that can't be read, it is not known.
            refuses(record, grown)
            for unknown in ["", "b"] {
                var other = grown
                other.sessionVolume = unknown
                refuses(old, other)
            }
            var unread = old
            unread.sessionVolume = ""
            var found = grown
            found.sessionVolume = ""
            refuses(unread, found)
            var shorter = old
            shorter.sectors = 32
            refuses(old, shorter)
            var later = grown
            later.session = 2
            refuses(old, later)
            var other = grown
            other.volume = "c"
            refuses(old, other)
        }
    }

    // MARK: Identity

    private func make(_ server: OverlayServer, _ name: String) throws -> UInt64 {
        try server.make(.file(permissions: 0o600), named: bytes(name), in: 1, by: user)
    }

    /// The size of a file; `nil` if there is none of that path.
    private func size(_ server: OverlayServer, _ path: String) -> Int? {
        inode(server, path).flatMap { server.attributes(of: $0) }?.size
    }

    @Test func `Files that share their bytes stay separate, whatever attributes are shown`() throws
    {
        try inFolder { place in
            let folder = place.appending("changes")
            var shown = MountedAttributes(user: (5, 5))
            (shown.owner, shown.group, shown.mask) = (0, 0, 0o022)
            do {
                let server = try serve(folder, shown)
                for name in ["c", "d"] {
                    let deep = try #require(inode(server, "in/deep"))
                    try server.remove(bytes(name), from: deep, isDirectory: false)
                }
                let e = try #require(inode(server, "in/deep/e"))
                #expect(try server.write(bytes("day").span, at: 4000, to: e) == 3)
                try server.synchronize(e)
                server.finish()
            }
            let server = try serve(folder)
            #expect(inode(server, "in/deep/c") == nil && inode(server, "in/deep/d") == nil)
            #expect(size(server, "in/deep/e") == 4003)
            #expect(inode(server, "same") == inode(server, "twin"))
            let found = try OverlayContents(OverlayFolder(folder), of: tree()).difference
            #expect(found.changed.map(\.path.text) == ["in/deep/e"])
        }
    }

    @Test func `What is written to one entry does not show in another one`() throws {
        try inFolder { place in
            let server = try serve(place.appending("changes"))
            let c = try #require(inode(server, "in/deep/c"))
            #expect(try server.write(bytes("x").span, at: 4000, to: c) == 1)
            #expect(size(server, "in/deep/c") == 4001)
            #expect(size(server, "in/deep/d") == 3000)
        }
    }

    // MARK: Power

    @Test func `What was synced is there after the power failed, whatever came behind it`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let journal = folder.appending("journal")
            var synced = 0
            do {
                let server = try serve(folder)
                for name in ["kept", "new"] {
                    let file = try make(server, name)
                    #expect(try server.write(bytes("old").span, at: 0, to: file) == 3)
                    try server.synchronize(file)
                }
                synced = try FileSystem.status(journal).size
                try server.remove(bytes("kept"), from: 1, isDirectory: false)
                let other = try make(server, "other")
                #expect(try server.write(bytes("newer").span, at: 0, to: other) == 5)
                try server.move(bytes("other"), from: 1, to: bytes("new"), in: 1, .replace)
            }
            try File(journal, .update).setSize(synced)
            let server = try serve(folder)
            #expect(size(server, "kept") == 3 && size(server, "new") == 3)
            #expect(inode(server, "other") == nil)
        }
    }

    @Test func `Files that nothing needs go, and so does what they took`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let server = try serve(folder)
            for number in 0..<20 {
                _ = try make(server, "\(number)")
                try server.remove(bytes("\(number)"), from: 1, isDirectory: false)
            }
            server.finish()
            // The thread that takes some of them away may still be at it.
            func left() throws -> [String] { try FileSystem.names(in: folder.appending("files")) }
            for _ in 0..<100 {
                if try left().isEmpty { break }
                Clock.sleep(seconds: 0.1)
            }
            #expect(try left().isEmpty)
        }
    }

    /// Serves an overlay with one synced file and many directories behind it, and stops.
    private func fill(_ folder: FilePath) throws {
        let server = try serve(folder)
        let file = try make(server, "synced")
        #expect(try server.write(bytes("text").span, at: 0, to: file) == 4)
        try server.synchronize(file)
        for number in 0..<150 {
            _ = try server.make(
                .directory(permissions: 0o700),
                named: bytes("d\(number)"),
                in: 1,
                by: user
            )
        }
    }

    @Test func `A hole in what was not synced costs that, and a hole before it is damage`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            try fill(folder)
            let journal = folder.appending("journal")
            let zeros = [UInt8](repeating: 0, count: 4096)
            try File(journal, .update).write(zeros.span, at: 4096)
            do {
                let server = try serve(folder)
                #expect(server.notes.count == 1)
                #expect(size(server, "synced") == 4)
                #expect(inode(server, "d0") != nil && inode(server, "d149") == nil)
                server.finish()
            }
            do {
                let server = try serve(folder)
                #expect(server.notes.isEmpty && inode(server, "d0") != nil)
            }
            try File(journal, .update).write([UInt8](repeating: 0, count: 20).span, at: 1000)
            #expect { _ = try serve(folder) } throws: { ($0 as? Failure)?.reason == .badSource }
        }
    }

    @Test func `A new file whose bytes were lost is told`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            do { _ = try make(serve(folder), "lost") }
            try FileSystem.remove(folder.appending("files").appending("1"))
            let server = try serve(folder)
            #expect(server.notes.count == 1 && server.notes[0].contains("“lost”"))
            #expect(size(server, "lost") == 0)
        }
    }

    // MARK: Folders that are not as they were made

    @Test func `Files elsewhere are left alone, wherever the folder of files leads`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            do { _ = try serve(folder) }
            let victim = place.appending("victim")
            try FileSystem.makeDirectory(victim)
            _ = try File(victim.appending("1"), .createNew)
            let files = folder.appending("files")
            try FileSystem.removeDirectory(files)
            try FileManager.default.createSymbolicLink(
                atPath: files.string,
                withDestinationPath: victim.string
            )
            #expect { _ = try serve(folder) } throws: { ($0 as? Failure)?.reason == .badSource }
            try OverlayFolder(folder).discard()
            #expect(try FileSystem.names(in: victim) == ["1"])
        }
    }

    @Test func `Names that no file of the overlay has are left alone`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            let files = folder.appending("files")
            do {
                let server = try serve(folder)
                for number in 1...8 {
                    let file = try make(server, "n\(number)")
                    #expect(try server.write(bytes("x").span, at: 0, to: file) == 1)
                }
            }
            for name in ["07", "+3", "08"] { _ = try File(files.appending(name), .createNew) }
            do {
                let server = try serve(folder)
                for number in 1...8 { #expect(size(server, "n\(number)") == 1) }
            }
            try OverlayFolder(folder).discard()
            #expect(Set(try FileSystem.names(in: files)) == ["07", "+3", "08"])
        }
    }

    @Test func `A journal without end is refused`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            do { try change(serve(folder)) }
            try File(folder.appending("journal"), .update).setSize(1 << 40)
            #expect { _ = try serve(folder) } throws: { ($0 as? Failure)?.reason == .badSource }
        }
    }

    @Test func `An overlay that was begun is gone on with, and something else is not`() throws {
        try inFolder { place in
            let folder = place.appending("changes")
            try FileSystem.makeDirectory(folder)
            try FileSystem.makeDirectory(folder.appending("files"))
            _ = try File(folder.appending("journal"), .createNew)
            do { _ = try serve(folder) }
            try OverlayFolder(folder).discard()
            #expect(!FileSystem.exists(folder))
            try FileSystem.makeDirectory(folder)
            let journal = try File(folder.appending("journal"), .createNew)
            try journal.write(bytes("a journal of somebody else").span, at: 0)
            #expect { _ = try serve(folder) } throws: { ($0 as? Failure)?.reason == .outputExists }
        }
    }
}
