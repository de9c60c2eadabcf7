import DiscImages
import LinuxCalls
import SystemPackage
import TestSupport
import Testing

struct UnfinishedFilesTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private var names: Set<String> {
        get throws { Set(try FileSystem.names(in: folder.path)) }
    }

    private func plan(_ names: String..., replaces: Bool = false) throws -> UnfinishedFiles {
        try UnfinishedFiles(names.map { folder.path.appending($0) }, replaces: replaces)
    }

    @Test func `files get their names together`() throws {
        let plan = try plan("a", "b")
        let files = try plan.begin()
        try files[0].write([1, 2, 3].span, at: 0)
        #expect(try names == ["a.part", "b.part"])
        try plan.finish()
        #expect(try names == ["a", "b"])
        plan.abandon()
        #expect(try names == ["a", "b"])
        #expect(try folder.read("a") == [1, 2, 3])
    }

    @Test func `what is given up, or forgotten, leaves nothing`() throws {
        let given = try plan("a", "b")
        _ = try given.begin()
        given.abandon()
        #expect(try names.isEmpty)
        var forgotten: UnfinishedFiles? = try plan("a", "b")
        _ = try forgotten?.begin()
        forgotten = nil
        #expect(try names.isEmpty)
        _ = try plan("a")
        #expect(try names.isEmpty)
    }

    @Test func `a file that is there is not replaced unasked`() throws {
        try folder.write("a", [9])
        #expect(throws: SystemError.self) { try plan("b", "a") }
        let replacing = try plan("a", replaces: true)
        let files = try replacing.begin()
        try files[0].write([1].span, at: 0)
        #expect(try folder.read("a") == [9])
        try replacing.finish()
        #expect(try folder.read("a") == [1])
    }

    @Test func `what an interrupted process left is replaced`() throws {
        try folder.write("a.part", [9, 9, 9])
        // And no link is followed to someone's file.
        try folder.write("mine", [7])
        let link = folder.path.appending("b.part")
        #expect(try Programs.run(["ln", "-s", "mine", link.string]).status == 0)
        let plan = try plan("a", "b")
        let files = try plan.begin()
        #expect(try files[0].status().size == 0)
        try files[1].write([1].span, at: 0)
        try plan.finish()
        #expect(try folder.read("mine") == [7])
        #expect(try folder.read("b") == [1])
    }

    @Test func `what another one is writing is left alone`() throws {
        let first = try plan("a")
        let files = try first.begin()
        try files[0].write([1].span, at: 0)
        do {
            let second = try plan("a")
            #expect(throws: SystemError.self) { try second.begin() }
        }
        #expect(try folder.read("a.part") == [1])
        try first.finish()
        #expect(try names == ["a"])
    }

    @Test func `a name that can't be had takes all of them away`() throws {
        let directory = folder.path.appending("b")
        let plan = try plan("a", "b")
        _ = try plan.begin()
        #expect(try Programs.run(["mkdir", directory.string]).status == 0)
        #expect(throws: SystemError.self) { try plan.finish() }
        plan.abandon()
        #expect(try names == ["b"])
        try FileSystem.removeDirectory(directory)
    }
}
