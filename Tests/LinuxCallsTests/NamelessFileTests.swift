import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Files that have no name and go with their last reference.
@Suite struct NamelessFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `it takes what is written, and its folder shows nothing of it`() throws {
        let file = try NamelessFile(in: folder.path)
        #expect(try folder.names().isEmpty)
        #expect(file.file.path == folder.path)
        try file.write([1, 2, 3].span, at: 70_000)
        try file.writeSparsely([UInt8](repeating: 0, count: 70_000).span, at: 0)
        try file.setSize(70_005)
        #expect(try file.file.status() == (.regular, 70_005))
        var bytes = [UInt8](repeating: 0xEE, count: 10)
        var span = bytes.mutableSpan
        #expect(try file.read(at: 69_998, into: &span) == 7)
        #expect(bytes == [0, 0, 1, 2, 3, 0, 0, 0xEE, 0xEE, 0xEE])
        // Two of them are two files.
        #expect(try NamelessFile(in: folder.path).file.status().size == 0)
        #expect(try folder.names().isEmpty)
    }

    @Test func `only its owner may read it`() throws {
        let file = try NamelessFile(in: folder.path)
        let path = "/proc/\(Processes.ownNumber)/fd/\(file.file.descriptor)"
        #expect(try Programs.run(["stat", "-Lc", "%a", path]).output == "600\n")
    }

    @Test func `a folder that takes none is named, with what to do`() throws {
        let missing = folder.path("missing")
        let error = #expect(throws: NamelessFileError.self) { try NamelessFile(in: missing) }
        #expect(error?.cause.isNoSuchFile == true)
        #expect(error?.folder == missing)
        #expect(error?.description == "a temporary file in \(missing): No such file or directory")
        #expect(error?.advice() == "Name a folder that can be written to in TMPDIR.")
        #expect(
            error?.advice(or: "unpack it first")
                == "Name a folder that can be written to in TMPDIR, or unpack it first."
        )
        var full = try #require(error)
        full.cause = SystemError(errno: 28, call: "pwrite")
        #expect(full.description.hasSuffix("No space left on device"))
        #expect(full.advice() == "Name a folder with more room in TMPDIR.")
    }

    @Test func `what it can't take is told of its folder`() throws {
        let file = try NamelessFile(in: folder.path)
        let writing = #expect(throws: NamelessFileError.self) {
            try file.write([1].span, at: .max - 10)
        }
        #expect(writing?.folder == folder.path && writing?.cause.call == "pwrite")
        let sizing = #expect(throws: NamelessFileError.self) { try file.setSize(-1) }
        #expect(sizing?.folder == folder.path && sizing?.cause.call == "ftruncate")
        let reading = #expect(throws: NamelessFileError.self) {
            var bytes: [UInt8] = [0]
            var span = bytes.mutableSpan
            _ = try file.read(at: -1, into: &span)
        }
        #expect(reading?.folder == folder.path && reading?.cause.call == "pread")
    }
}
