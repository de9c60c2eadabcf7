import DiscAuthoring
import DiscFiles
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Images with UDF of directories of this system.
@Suite struct UDFAuthoringTests {
    private func authoring(_ paths: [FilePath], _ change: (inout AuthoringInput) -> Void = { _ in })
        throws -> UDFAuthoring
    {
        var input = AuthoringInput()
        input.paths = paths
        change(&input)
        return try UDFAuthoring(input, UDFAuthoringOptions(), Cancellation())
    }

    private func readAll(_ authoring: UDFAuthoring) throws {
        let source = authoring.source()
        var buffer = [UInt8](repeating: 0, count: 256 * 2048)
        var sector = 0
        while sector * 2048 < authoring.byteCount {
            var span = buffer.mutableSpan
            sector += try source.read(at: sector, into: &span)
        }
    }

    @Test func `A directory is gathered with links, permissions and times`() throws {
        let folder = try Folder()
        try folder.write("tree/a/file", [1, 2, 3])
        for command in [
            ["ln", "-s", "../nowhere", "tree/a/link"], ["ln", "tree/a/file", "tree/hard"],
            ["mkfifo", "tree/pipe"], ["chmod", "4711", "tree/a/file"],
            ["touch", "-d", "2001-02-03T04:05:06Z", "tree/a/file"],
        ] {
            #expect(try Programs.run(command, in: folder).status == 0)
        }
        let authoring = try authoring([folder.path("tree")])
        #expect(authoring.graveLosses.map(\.feature) == ["special-files"])
        #expect(authoring.losses.first?.text.contains("pipe") == true)
        let listing = try Listing(authoring.source())
        #expect(listing.problems == [])
        #expect(Set(listing.entries.keys) == ["a", "a/file", "a/link", "hard"])
        let file = try #require(listing.entries["a/file"])
        #expect(listing.entries["hard"]?.extents == file.extents)
        #expect(file.mode.map { $0 & 0o7777 } == 0o4711)
        #expect(file.modified?.description == "2001-02-03T04:05:06Z")
        #expect(listing.entries["a/link"]?.target == "../nowhere")
        #expect(try listing.bytes("hard") == [1, 2, 3])
    }

    /// The mode has the list's mask in place of the group's rights.
    @Test func `The group gets no more than an access control list gave it`() throws {
        let folder = try Folder()
        try folder.write("tree/none", [1])
        try folder.write("tree/some", [2])
        let script = """
            import os, struct
            for name, rights in ("none", 0), ("some", 6):
                entries = (1, 6, -1), (2, 7, 1000), (4, rights, -1), (16, 5, -1), (32, 0, -1)
                value = b"".join(struct.pack("<HHi", *entry) for entry in entries)
                os.setxattr("tree/" + name, "system.posix_acl_access", b"\\2\\0\\0\\0" + value)
            """
        try #require(Programs.run(["python3", "-c", script], in: folder).status == 0)
        let mode = try FileDetails(folder.path("tree/none"), followsLinks: false).permissions
        #expect(mode == 0o650)
        let listing = try Listing(try authoring([folder.path("tree")]).source())
        #expect(listing.problems == [])
        #expect(listing.entries["none"]?.mode.map { $0 & 0o7777 } == 0o600)
        #expect(listing.entries["some"]?.mode.map { $0 & 0o7777 } == 0o640)
    }

    @Test func `Several paths meet in one root`() throws {
        let folder = try Folder()
        try folder.write("one/same/a", [1])
        try folder.write("two/same/b", [2])
        let (one, two) = (folder.path("one/same"), folder.path("two/same"))
        let both = try authoring([one, two]) {
            $0.grafts = [AuthoringInput.Graft(place: "/c", path: folder.path("two/same/b"))]
        }
        let listing = try Listing(both.source())
        #expect(Set(listing.entries.keys) == ["same", "same/a", "same/b", "c"])
        try folder.write("two/same/a", [3])
        let twice = #expect(throws: Failure.self) { _ = try self.authoring([one, two]) }
        #expect(twice?.sentences.first?.contains("Two things would be “a”") == true)
        #expect(throws: Failure.self) { _ = try self.authoring([folder.path("nothing")]) }
    }

    @Test func `Names that are not UTF-8 keep their bytes`() throws {
        let folder = try Folder()
        let name: [UInt8] = [0x66, 0xFC, 0x72]
        try FileSystem.makeDirectory(folder.path("tree"))
        let path = folder.path("tree").pushing(FilePath(bytes: name))
        try File(path, .createNew).write([9].span, at: 0)
        let listing = try Listing(try authoring([folder.path("tree")]).source())
        #expect(try listing.bytes("für") == [9])
        try FileSystem.remove(path)
    }

    @Test func `A file that changes after it was found ends the reading`() throws {
        let folder = try Folder()
        try folder.write("tree/file", SampleTree.bytes(5000))
        let before = try authoring([folder.path("tree")])
        #expect(try Listing(before.source()).bytes("file") == SampleTree.bytes(5000))
        let changed = try authoring([folder.path("tree")])
        try folder.write("tree/file", SampleTree.bytes(5001))
        let late = #expect(throws: (any Error).self) { try self.readAll(changed) }
        #expect(late.map { "\($0)" }?.contains("changed while it was read") == true)
        let missing = try authoring([folder.path("tree")])
        try FileSystem.remove(folder.path("tree/file"))
        let gone = #expect(throws: (any Error).self) { try self.readAll(missing) }
        #expect(gone.map { "\($0)" }?.contains("can't be read") == true)
    }
}
