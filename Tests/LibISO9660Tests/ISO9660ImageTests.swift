import LibISO9660
import SystemPackage
import TestSupport
import Testing

/// libiso9660 on images that another program made; damaged ones are for a process of its own.
@Suite struct ISO9660ImageTests {
    /// A tree with Rock Ridge and Joliet, made by xorriso.
    private func image(_ folder: Folder) throws -> String {
        try folder.write("tree/Long name with blanks.txt", "one\n")
        try folder.write("tree/sub/deep/two.bin", [UInt8](repeating: 0x5A, count: 5000))
        let made = try Programs.run(
            [
                "sh", "-ec",
                """
                ln -s sub/deep tree/link
                xorriso -as mkisofs -quiet -R -J -V NAME -publisher MAKER -p PREPARER -A PROGRAM \
                    -o x.iso tree
                """,
            ],
            in: folder
        )
        try #require(made.status == 0, "\(made)")
        return folder.path("x.iso").string
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `Rock Ridge's names, modes and links are listed`() throws {
        let folder = try Folder()
        let image = try ISO9660Image(path: image(folder), names: .primary)
        let identifiers = [image.volume, image.publisher, image.preparer, image.application]
        #expect(identifiers == ["NAME", "MAKER", "PREPARER", "PROGRAM"])
        let listed = image.entries(of: [])
        // xorriso puts them in the order of the names that ISO 9660 has for them.
        let root = try #require(listed).sorted { text($0.name) < text($1.name) }
        #expect(root.map { text($0.name) } == ["Long name with blanks.txt", "link", "sub"])
        #expect(root.map(\.isDirectory) == [false, false, true])
        #expect(root[0].size == 4)
        #expect(root[0].mode.map { $0 & 0o170000 } == 0o100000)
        #expect(root[1].target.map(text) == "sub/deep")
        let below = image.entries(of: Array("sub/deep".utf8))
        let deep = try #require(below)
        #expect(deep.map { text($0.name) } == ["two.bin"])
        let file = image.entry(at: Array("sub/deep/two.bin".utf8))
        #expect(file?.start == deep[0].start)
        let nothing = image.entry(at: Array("sub/none".utf8))
        #expect(nothing == nil)
        for path in ["none", "link"] {
            let listed = image.entries(of: Array(path.utf8))
            #expect(listed == nil)
        }
        withExtendedLifetime(folder) {}
    }

    @Test func `Joliet's names are listed where they are asked for`() throws {
        let folder = try Folder()
        let path = try image(folder)
        for names in [ISO9660Image.Names.joliet, .all] {
            let image = try ISO9660Image(path: path, names: names)
            let level = image.jolietLevel
            #expect(level == 3)
            let listed = image.entries(of: [])
            let root = try #require(listed)
            #expect(root.contains { text($0.name).hasPrefix("Long name with blanks.txt") })
            #expect(root.allSatisfy { $0.mode == nil })
        }
        withExtendedLifetime(folder) {}
    }

    @Test func `Sectors are read, and no more than fit or are there`() throws {
        let folder = try Folder()
        let path = try image(folder)
        let size = try folder.read("x.iso").count
        let image = try ISO9660Image(path: path, names: .primary)
        let found = image.entry(at: Array("sub/deep/two.bin".utf8))
        let file = try #require(found)
        var bytes = [UInt8](repeating: 0, count: 3 * 2048 + 100)
        var span = bytes.mutableSpan
        var count = image.read(at: file.start, into: &span)
        #expect(count == 3 * 2048)
        #expect(bytes[..<5000].allSatisfy { $0 == 0x5A })
        #expect(bytes[5000...].allSatisfy { $0 == 0 })
        span = bytes.mutableSpan
        count = image.read(at: size / 2048 - 1, into: &span)
        #expect(count == 2048)
        count = image.read(at: size / 2048, into: &span)
        #expect(count == 0)
        count = image.read(at: -1, into: &span)
        #expect(count == 0)
        count = image.read(at: .max, into: &span)
        #expect(count == 0)
        var part = span._mutatingExtracting(..<2047)
        count = image.read(at: 16, into: &part)
        #expect(count == 0)
        withExtendedLifetime(folder) {}
    }

    @Test func `What is no image is refused`() throws {
        let folder = try Folder()
        try folder.write("x", [UInt8](repeating: 0, count: 1 << 16))
        for path in [folder.path("x").string, "/nowhere"] {
            #expect(throws: ISO9660Error.self) {
                _ = try ISO9660Image(path: path, names: .all).jolietLevel
            }
        }
        withExtendedLifetime(folder) {}
    }
}
