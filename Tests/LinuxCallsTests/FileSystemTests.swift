import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Files and directories by their names, as the system has them.
@Suite struct FileSystemTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func link(_ name: String, to target: String) throws {
        try #require(Programs.run(["ln", "-s", target, name], in: folder).status == 0)
    }

    @Test func `kinds of files, and their sizes`() throws {
        try folder.write("file", [1, 2, 3])
        try link("link", to: "file")
        try link("nowhere", to: "missing")
        #expect(try FileSystem.status(folder.path("file")) == (.regular, 3))
        #expect(try FileSystem.status(folder.path("link")) == (.regular, 3))
        #expect(try FileSystem.status(folder.path).kind == .directory)
        #expect(try FileSystem.status("/dev/null").kind == .characterDevice)
        let error = #expect(throws: SystemError.self) {
            try FileSystem.status(folder.path("nowhere"))
        }
        #expect(error?.isNoSuchFile == true && error?.path?.hasSuffix("nowhere") == true)
        #expect(FileSystem.exists(folder.path("link")))
        #expect(!FileSystem.exists(folder.path("nowhere")))
        #expect(FileSystem.linkTarget(folder.path("nowhere")) == "missing")
        #expect(FileSystem.linkTarget(folder.path("file")) == nil)
        #expect(FileSystem.resolve(folder.path("link"))?.lastComponent?.string == "file")
        #expect(FileSystem.resolve(folder.path("nowhere")) == nil)
    }

    @Test func `two names of one file have one identity`() throws {
        try folder.write("a", [1])
        try folder.write("b", [1])
        try #require(Programs.run(["ln", "a", "hard"], in: folder).status == 0)
        try link("soft", to: "a")
        let a = try #require(FileSystem.identity(folder.path("a")))
        #expect(FileSystem.identity(folder.path("hard")) == a)
        #expect(FileSystem.identity(folder.path("soft")) == a)
        #expect(FileSystem.identity(folder.path("b")) != a)
        #expect(FileSystem.identity(folder.path("c")) == nil)
    }

    @Test func `extended attributes are those of a link, or of what it leads to`() throws {
        try folder.write("file", [1])
        try link("link", to: "file")
        let script = """
            import os
            os.setxattr("file", b"user.a\\xff", b"1")
            os.setxattr("file", "user.empty", b"")
            os.setxattr("file", "user.note", b"text")
            """
        try #require(Programs.run(["python3", "-c", script], in: folder).status == 0)
        let path = folder.path("link")
        // The system may add attributes of its own.
        let names = try FileSystem.attributeNames(of: path, followsLinks: true)
            .filter { $0.starts(with: "user.".utf8) }
        let wanted: Set<[UInt8]> = [
            Array("user.a".utf8) + [0xFF], Array("user.empty".utf8), Array("user.note".utf8),
        ]
        #expect(Set(names) == wanted)
        let value = try FileSystem.attribute("user.note", of: path, followsLinks: true)
        #expect(value == Array("text".utf8))
        #expect(try FileSystem.attribute("user.empty", of: path, followsLinks: true) == [])
        #expect(try FileSystem.attribute("user.none", of: path, followsLinks: true) == nil)
        #expect(try FileSystem.attribute("user.note", of: path, followsLinks: false) == nil)
    }

    @Test func `a watch notices what becomes of a file`() throws {
        let path = try folder.write("a", [1, 2, 3])
        let other = try folder.write("b", [1])
        let watch = FileWatch([path, other, folder.path("missing")])
        #expect(watch.changedFile == nil)
        // As long as before, and the time of its content set back.
        try Programs.run(["touch", "-d", "@1", "a"], in: folder)
        #expect(watch.changedFile == path)
        let later = FileWatch([path, other], after: watch)
        #expect(later.changedFile == path)
        #expect(FileWatch([path, other]).changedFile == nil)
        try FileSystem.remove(other)
        #expect(FileWatch([path], after: FileWatch([path])).changedFile == nil)
        #expect(FileWatch([], after: watch).changedFile == path)
        let removed = FileWatch([try folder.write("c", [1])])
        try FileSystem.rename(folder.path("a"), to: folder.path("c"))
        #expect(removed.changedFile == folder.path("c"))
    }

    @Test func `a link to an own directory is none`() throws {
        try folder.write("sub/file", [])
        try link("link", to: "sub")
        #expect(FileSystem.isOwnDirectory(folder.path("sub")))
        #expect(!FileSystem.isOwnDirectory(folder.path("link")))
        #expect(!FileSystem.isOwnDirectory(folder.path("sub/file")))
        #expect(!FileSystem.isOwnDirectory(folder.path("missing")))
    }

    @Test func `names are listed, renamed and removed`() throws {
        try folder.write("ä", [1])
        try folder.write("b", [2])
        try FileSystem.rename(folder.path("b"), to: folder.path("ä"))
        #expect(try FileSystem.names(in: folder.path) == ["ä"])
        #expect(try folder.read("ä") == [2])
        #expect(throws: SystemError.self) {
            try FileSystem.rename(folder.path("b"), to: folder.path("c"))
        }
        #expect(throws: SystemError.self) { try FileSystem.removeDirectory(folder.path) }
        try FileSystem.remove(folder.path("ä"))
        #expect(throws: SystemError.self) { try FileSystem.remove(folder.path("ä")) }
        #expect(throws: SystemError.self) { try FileSystem.names(in: folder.path("ä")) }
    }

    @Test func `a temporary directory is its owner's alone`() throws {
        let one = try FileSystem.makeTemporaryDirectory(in: folder.path, prefix: "x-")
        let two = try FileSystem.makeTemporaryDirectory(in: folder.path, prefix: "x-")
        #expect(one != two)
        let mode = try Programs.run(["stat", "-c", "%a", one.string]).output
        #expect(mode == "700\n")
        #expect(throws: SystemError.self) {
            try FileSystem.makeTemporaryDirectory(in: folder.path("missing"), prefix: "x-")
        }
    }

    @Test func `the modes in which a file is opened`() throws {
        let path = folder.path("file")
        for mode in [File.Mode.read, .update] {
            let error = #expect(throws: SystemError.self) { try File(path, mode) }
            #expect(error?.isNoSuchFile == true)
        }
        try File(path, .createNew).write([1, 2, 3].span, at: 0)
        let error = #expect(throws: SystemError.self) { try File(path, .createNew) }
        #expect(error?.isFileExists == true)
        #expect(try File(path, .resume).status().size == 3)
        #expect(try File(path, .update).status().size == 3)
        #expect(throws: SystemError.self) { try File(path, .read).write([1].span, at: 0) }
        #expect(try File(path, .replace).status().size == 0)
    }

    @Test func `bytes are read and written at their places`() throws {
        let file = try File(folder.path("file"), .createNew)
        try file.write([7, 8, 9].span, at: 5000)
        var bytes = [UInt8](repeating: 0xEE, count: 10)
        var span = bytes.mutableSpan
        #expect(try file.read(at: 4998, into: &span) == 5)
        #expect(bytes == [0, 0, 7, 8, 9] + [UInt8](repeating: 0xEE, count: 5))
        span = bytes.mutableSpan
        #expect(try file.read(at: 5003, into: &span) == 0)
        span = bytes.mutableSpan
        #expect(try file.read(at: 0, into: &span, limit: 3) == 3)
        span = bytes.mutableSpan
        #expect(throws: SystemError.self) { try file.read(at: -1, into: &span) }
    }
}
