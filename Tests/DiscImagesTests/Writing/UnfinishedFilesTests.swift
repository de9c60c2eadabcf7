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

    @Test func `what an interrupted conversion left is replaced`() throws {
        // Its process ends without a chance to take the file away.
        let command =
            "import os, sys; f = open(sys.argv[1], 'x'); os.setxattr(f.fileno(), 'user.spindle.unfinished', b'1')"
        let left = folder.path.appending("a.part").string
        #expect(try Programs.run(["/usr/bin/python3", "-c", command, left]).status == 0)
        let plan = try plan("a")
        let files = try plan.begin()
        try files[0].write([1].span, at: 0)
        try plan.finish()
        #expect(try names == ["a"])
        #expect(try folder.read("a") == [1])
    }

    @Test func `what somebody else left is replaced only if that was asked for`() throws {
        try folder.write("a.part", [9, 9, 9])
        // Nothing is begun that can't be ended.
        let error = #expect(throws: SystemError.self) { try plan("a") }
        #expect(error?.isFileExists == true && error?.path?.hasSuffix("a.part") == true)
        #expect(try folder.read("a.part") == [9, 9, 9])
        let replacing = try plan("a", replaces: true)
        let files = try replacing.begin()
        #expect(try files[0].status().size == 0)
        try replacing.finish()
        #expect(try names == ["a"])
    }

    @Test(arguments: [false, true])
    func `what a rip left is never replaced`(_ replaces: Bool) throws {
        try folder.write("a.part", [9, 9, 9])
        try folder.write("a.map", [8])
        #expect(throws: SystemError.self) { try plan("a", replaces: replaces) }
        #expect(UnfinishedFiles.isRipped(folder.path.appending("a")))
        #expect(try folder.read("a.part") == [9, 9, 9])
        #expect(try folder.read("a.map") == [8])
    }

    @Test(arguments: [false, true])
    func `no link is followed`(_ replaces: Bool) throws {
        try folder.write("mine", [7])
        for name in replaces ? ["a", "a.part"] : ["a.part"] {
            let link = folder.path.appending(name)
            #expect(try Programs.run(["/bin/ln", "-s", "mine", link.string]).status == 0)
        }
        if replaces {
            let plan = try plan("a", replaces: true)
            let files = try plan.begin()
            try files[0].write([1].span, at: 0)
            try plan.finish()
            #expect(try folder.read("a") == [1])
        } else {
            #expect(throws: SystemError.self) { try plan("a") }
        }
        #expect(try folder.read("mine") == [7])
        #expect(try names == (replaces ? ["a", "mine"] : ["a.part", "mine"]))
    }

    @Test func `a link that was put in a file's place does not get its name`() throws {
        try folder.write("mine", [7])
        let plan = try plan("a")
        _ = try plan.begin()
        let part = folder.path.appending("a.part")
        #expect(try Programs.run(["/bin/ln", "-sf", "mine", part.string]).status == 0)
        #expect(throws: SystemError.self) { try plan.finish() }
        plan.abandon()
        #expect(try names == ["a.part", "mine"])
    }

    @Test func `what appears on the way there is not replaced`() throws {
        let plan = try plan("a")
        try folder.write("a.part", [9])
        #expect(throws: SystemError.self) { try plan.begin() }
        #expect(try folder.read("a.part") == [9])
    }

    @Test func `what appears meanwhile is not replaced`() throws {
        let plan = try plan("a", "b")
        _ = try plan.begin()
        try folder.write("b", [9])
        #expect(throws: SystemError.self) { try plan.finish() }
        #expect(try names == ["a.part", "b", "b.part"])
        plan.abandon()
        #expect(try names == ["b"])
        #expect(try folder.read("b") == [9])
    }

    @Test func `what is replaced is what it was if another name can't be had`() throws {
        try folder.write("a", [9])
        let plan = try plan("a", "b", replaces: true)
        _ = try plan.begin()
        let directory = folder.path.appending("b")
        #expect(try Programs.run(["/bin/mkdir", directory.string]).status == 0)
        #expect(throws: SystemError.self) { try plan.finish() }
        plan.abandon()
        #expect(try folder.read("a") == [9])
        #expect(try names == ["a", "b"])
        try FileSystem.removeDirectory(directory)
    }

    @Test func `a file that replaces another keeps its permissions`() throws {
        let old = try folder.write("a", [9])
        #expect(try Programs.run(["/bin/chmod", "640", old.string]).status == 0)
        try UnfinishedFiles.write([1], to: old, replaces: true)
        let mode = try Programs.run(["/usr/bin/stat", "-c", "%a", old.string]).output
        #expect(mode == "640\n")
    }

    @Test func `a file that is claimed is not replaced`() throws {
        let path = try folder.write("a", [9])
        let holder = try File(path, .update)
        #expect(try holder.tryLock())
        #expect(throws: SystemError.self) { try plan("a", replaces: true) }
        #expect(UnfinishedFiles.isClaimed(path))
        withExtendedLifetime(holder) {}
        let free = try folder.write("b", [9])
        let replacing = try plan("b", replaces: true)
        _ = try replacing.begin()
        let late = try File(free, .update)
        #expect(try late.tryLock())
        #expect(throws: SystemError.self) { try replacing.finish() }
        withExtendedLifetime(late) {}
        #expect(try folder.read("b") == [9])
    }

    @Test func `what says something of the old file goes with it`() throws {
        try folder.write("a", [9])
        try folder.write("a.map", [8])
        let plan = try plan("a", replaces: true)
        _ = try plan.begin()
        plan.retire(folder.path.appending("a.map"))
        let report = try plan.add(folder.path.appending("a.loss.txt"))
        try report.write([2].span, at: 0)
        #expect(try names == ["a", "a.map", "a.part", "a.loss.txt.part"])
        try plan.finish()
        #expect(try names == ["a", "a.loss.txt"])
        #expect(try folder.read("a.loss.txt") == [2])
    }

    @Test func `what survives is kept for somebody to go on with`() throws {
        var plan: UnfinishedFiles? = try UnfinishedFiles(
            [folder.path.appending("a")],
            replaces: false,
            survives: true
        )
        try plan?.begin()[0].write([1].span, at: 0)
        try plan?.keep()
        plan = nil
        #expect(try folder.read("a.part") == [1])
    }

    @Test func `files stay claimed whatever becomes of the caller's references`() throws {
        let first = try plan("a")
        do { _ = try first.begin() }
        #expect(UnfinishedFiles.isClaimed(folder.path.appending("a.part")))
        try first.finish()
        #expect(!UnfinishedFiles.isClaimed(folder.path.appending("a")))
    }

    @Test func `what another one is writing is left alone`() throws {
        let first = try plan("a")
        let files = try first.begin()
        try files[0].write([1].span, at: 0)
        let early = #expect(throws: SystemError.self) { try plan("a") }
        #expect(early?.isBusy == true)
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
