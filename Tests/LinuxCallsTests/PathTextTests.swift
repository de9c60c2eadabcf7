import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Names that are not UTF-8, in strings.
@Suite struct PathTextTests {
    private let café: [UInt8] = [0x63, 0x61, 0x66, 0xE9]

    @Test func `a byte that is no text stands as a scalar of its own`() {
        #expect(PathText.text(of: café) == "caf\u{10FEE9}")
        #expect(PathText.text(of: Array("café".utf8)) == "café")
        #expect(PathText.hasBytes("caf\u{10FEE9}") && !PathText.hasBytes("café"))
    }

    @Test func `a name that has such a scalar comes back as it was`() {
        // U+10FEE9 in UTF-8.
        let bytes: [UInt8] = [0xF4, 0x8F, 0xBB, 0xA9]
        let text = PathText.text(of: bytes)
        #expect(text == "\u{10FEF4}\u{10FE8F}\u{10FEBB}\u{10FEA9}")
        #expect(PathText.bytes(of: text) == bytes)
    }

    @Test func `all names come back as they were`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            #expect(PathText.bytes(of: PathText.text(of: bytes)) == bytes)
            #expect(FilePath(text: PathText.text(of: bytes)) == FilePath(bytes: bytes))
        }
        // Cut off, too long, a surrogate, beyond Unicode.
        let sequences: [[UInt8]] = [
            [0xE2, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
            [0xFF],
        ]
        for bytes in sequences {
            let whole = [0x61] + bytes + [0x62]
            #expect(PathText.bytes(of: PathText.text(of: whole)) == whole)
        }
    }

    @Test func `parts of paths`() {
        let path = FilePath(bytes: Array("d/".utf8) + café + Array(".tar.gz".utf8))
        #expect(path.stemText == "caf\u{10FEE9}.tar")
        #expect(path.text == "d/caf\u{10FEE9}.tar.gz")
        #expect(path.adding(".part").bytes == path.bytes + Array(".part".utf8))
        #expect(path.adding(".part").removing(".part") == path)
        #expect(path.removing(".part") == nil)
        #expect(FilePath("d").appending(text: "caf\u{10FEE9}").bytes == Array("d/".utf8) + café)
        #expect(FilePath(".profile").stemText == ".profile")
    }

    @Test func `files are found under such names`() throws {
        let folder = try Folder()
        let name = FilePath(bytes: café)
        try FileSystem.makeDirectory(folder.path.pushing(name))
        #expect(try FileSystem.names(in: folder.path) == ["caf\u{10FEE9}"])
        let resolved = try #require(FileSystem.resolve(folder.path.pushing(name)))
        #expect(resolved.lastComponent?.bytes == café)
        let made = try FileSystem.makeTemporaryDirectory(
            in: folder.path.pushing(name),
            prefix: "x-"
        )
        #expect(FileSystem.exists(made))
    }
}
