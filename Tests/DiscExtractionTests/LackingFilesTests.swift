import DiscExtraction
import DiscFiles
import Reports
import TestSupport
import Testing
import Transfer

/// Files of which a disc does not say where all of their bytes or attributes are.
@Suite struct LackingFilesTests {
    /// A root directory with files in it.
    private final class Tree: FileTree {
        let kind = FileTreeKind.udf
        let root = FileEntry(name: "/", kind: .directory)
        let examinedBytes = 0
        let mostExamined = 1 << 20
        private let listing: DirectoryListing

        init(_ files: [FileEntry], _ problems: [FileTreeProblem] = []) {
            listing = DirectoryListing(files, problems)
        }

        func entries(of directory: FileEntry) -> DirectoryListing { listing }
    }

    private static let disc = (0..<8 * 2048).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 >> 8) }

    private static func file(_ name: String, size: Int, held: Int) -> FileEntry {
        let extents = held > 0 ? [FileExtent(offset: 2048, length: held)] : []
        return FileEntry(name: name, kind: .file, size: size, extents: extents)
    }

    private func extract(
        _ tree: Tree,
        _ folder: Folder,
        _ change: (inout ExtractionOptions) -> Void = { _ in }
    ) throws -> JobResult {
        var options = ExtractionOptions(target: folder.path("out"))
        change(&options)
        let source = MemorySource(Self.disc)
        let job = ExtractionJob(tree, source, named: "image", notes: [], options: options)
        return try job.run(cancellation: Cancellation()) { _ in }
    }

    @Test func `What has no place is told, and zeros stand for it`() throws {
        let folder = try Folder()
        let files = [
            Self.file("cut", size: 9000, held: 5000), Self.file("none", size: 700, held: 0),
            Self.file("whole", size: 3000, held: 3000),
        ]
        let result = try extract(Tree(files), folder)
        #expect(result.status == .incomplete)
        #expect(result.entries == 3)
        let zeros = [UInt8](repeating: 0, count: 4000)
        #expect(try folder.read("out/cut") == Self.disc[2048..<7048] + zeros)
        #expect(try folder.read("out/none") == Array(zeros[..<700]))
        #expect(try folder.read("out/whole") == Array(Self.disc[2048..<5048]))
        #expect(
            result.problems == [
                "none: the disc does not say where its bytes are; from byte 0 on zeros stand for what is missing.",
                "cut: the disc says where its first 5000 bytes are, but not where the other 4000 are; from byte 5000 on zeros stand for what is missing.",
            ]
        )
    }

    @Test func `What lies behind many bad sectors is read`() throws {
        let folder = try Folder()
        let bytes = (0..<4000 * 2048).map { UInt8(truncatingIfNeeded: $0 / 2048 + $0) }
        let file = FileEntry(
            name: "scratched",
            kind: .file,
            size: bytes.count,
            extents: [FileExtent(offset: 0, length: bytes.count)]
        )
        let job = ExtractionJob(
            Tree([file]),
            MemorySource(bytes, bad: Set(100..<1400)),
            named: "image",
            notes: [],
            options: ExtractionOptions(target: folder.path("out"))
        )
        let result = try job.run(cancellation: Cancellation()) { _ in }
        #expect(result.status == .incomplete)
        let found = try folder.read("out/scratched")
        #expect(found.count == bytes.count)
        #expect(found[..<(100 * 2048)] == bytes[..<(100 * 2048)])
        #expect(found[(2400 * 2048)...] == bytes[(2400 * 2048)...])
        let unreadable = try #require(result.unreadableSectors)
        #expect((1000...1050).contains(unreadable))
        #expect(result.problems?.first?.contains("others were not tried") == true)
    }

    @Test func `A file whose last part is not there is told`() throws {
        let folder = try Folder()
        var file = Self.file("long", size: 3000, held: 3000)
        file.isCut = true
        let result = try extract(Tree([file]), folder)
        #expect(result.status == .incomplete)
        #expect(
            result.problems == ["long: the disc says that there is more of it, and not where."]
        )
        #expect(try folder.read("out/long") == Array(Self.disc[2048..<5048]))
    }

    @Test func `Broken attributes matter where they are wanted`() throws {
        let folder = try Folder()
        let problem = FileTreeProblem("A file's extended attributes are cut.", loss: .attributes)
        let tree = Tree([Self.file("a", size: 10, held: 10)], [problem])
        #expect(try extract(tree, folder) { $0.keepsAttributes = true }.status == .incomplete)
        #expect(try extract(tree, folder) { $0.replaces = true }.status == .done)
    }

    @Test func `No byte of a file is made up`() throws {
        let entry = Self.file("cut", size: 9000, held: 5000)
        let contents = try entry.open(MemorySource(Self.disc))
        #expect(contents.count == 9000)
        var bytes = [UInt8](repeating: 0xAA, count: 9000)
        var span = bytes.mutableSpan
        #expect(throws: MissingExtents.self) { _ = try contents.read(at: 5000, into: &span) }
        #expect(throws: MissingExtents.self) { _ = try contents.read(at: 8999, into: &span) }
        #expect(try contents.read(at: 9000, into: &span) == 0)
    }
}
