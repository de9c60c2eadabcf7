import DiscAuthoring
import DiscFiles
import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Trees that are gathered from directories of this system.
@Suite struct TreeScanTests {
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
        var scan = TreeScan(time: SampleTree.time)
        try scan.add(contentsOf: folder.path("tree"))
        #expect(
            scan.problems == [
                TreeScan.Problem(path: folder.path("tree/pipe").string, reason: .specialFile)
            ]
        )
        let paths = scan.tree.paths()
        #expect(Set(paths.keys) == ["a", "a/file", "a/link", "hard"])
        #expect(paths["hard"] == paths["a/file"])
        let file = scan.tree.nodes[try #require(paths["hard"])]
        #expect(file.nameCount == 2)
        #expect(file.attributes.permissions == 0o4711)
        #expect(file.attributes.modified.description == "2001-02-03T04:05:06Z")
        guard case .symlink(let target) = scan.tree.nodes[try #require(paths["a/link"])].kind else {
            Issue.record("The link was followed.")
            return
        }
        #expect(target.text == "../nowhere")
    }

    @Test func `Several paths meet in one root`() throws {
        let folder = try Folder()
        try folder.write("one/same/a", [1])
        try folder.write("two/same/b", [2])
        try folder.write("two/same/a", [3])
        var scan = TreeScan(time: SampleTree.time)
        try scan.add(folder.path("one/same"))
        try scan.add(folder.path("two/same"))
        try scan.add(folder.path("two/same/b"), as: AuthoredName("c"))
        #expect(Set(scan.tree.paths().keys) == ["same", "same/a", "same/b", "c"])
        #expect(
            scan.problems == [
                TreeScan.Problem(path: folder.path("two/same/a").string, reason: .sameName)
            ]
        )
        #expect(throws: AuthoringError.self) { try scan.add("/") }
        #expect(throws: SystemError.self) { try scan.add(folder.path("nothing")) }
        #expect(throws: SystemError.self) { try scan.add(contentsOf: folder.path("nothing")) }
    }

    @Test func `Names that are not UTF-8 keep their bytes`() throws {
        let folder = try Folder()
        let name: [UInt8] = [0x66, 0xFC, 0x72]
        try FileSystem.makeDirectory(folder.path("tree"))
        try File(folder.path("tree").appending(bytes: name), .createNew)
            .write([9].span, at: 0)
        var scan = TreeScan(time: SampleTree.time)
        try scan.add(contentsOf: folder.path("tree"))
        let node = try #require(scan.tree.node(AuthoredName(bytes: name)))
        #expect(scan.tree.nodes[node].content?.size == 1)
        let image = try UDFImage(scan.tree, SampleTree.options(.v1_02))
        #expect(try Listing(image).bytes("für") == [9])
        try FileSystem.remove(folder.path("tree").appending(bytes: name))
    }
}
