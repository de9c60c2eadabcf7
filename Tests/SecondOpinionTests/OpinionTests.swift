import LibCdio
import LinuxCalls
import SecondOpinion
import SystemPackage
import TestSupport
import Testing

/// What the process of the second opinion says of images that are whole.
@Suite struct OpinionTests {
    /// All lines of an answer.
    static func ask(_ question: OpinionQuestion) throws(OpinionError) -> [OpinionLine] {
        var lines: [OpinionLine] = []
        try OpinionProcess.ask(question) { line in
            lines.append(line)
            return true
        }
        return lines
    }

    /// The only table of an answer.
    static func table(_ question: OpinionQuestion) throws -> OpinionLine.Table {
        let lines = try ask(question)
        try #require(lines.count == 1 && lines[0].kind == .table)
        return try #require(lines[0].table)
    }

    private func makeAlbum(_ folder: Folder) throws {
        try folder.write("album.bin", [UInt8](repeating: 0, count: 1600 * 2352))
        try folder.write(
            "album.cue",
            """
            CATALOG 1234567890123
            TITLE "An Album"
            FILE "album.bin" BINARY
              TRACK 01 AUDIO
                TITLE "First"
                ISRC USABC0512345
                INDEX 01 00:00:00
              TRACK 02 AUDIO
                INDEX 00 00:06:50
                INDEX 01 00:08:50
            """
        )
    }

    @Test func `The tree of an image has names, sizes and sums`() throws {
        let folder = try Folder()
        try folder.write("tree/a.txt", "abc")
        try folder.write("tree/sub/b.txt", [UInt8](repeating: 1, count: 4000))
        try folder.write("tree/sub/empty", [])
        try Programs.run(
            ["genisoimage", "-quiet", "-R", "-V", "NAME", "-o", "x.iso", "tree"],
            in: folder
        )
        let file = try File(folder.path("x.iso"), .read)
        let lines = try Self.ask(.tree(of: file, names: .primary, mostBytes: 100))
        #expect(lines.first?.volume?.volume == "NAME")
        let entries = lines.compactMap(\.entry)
        #expect(entries.map(\.name) == ["a.txt", "sub", "b.txt", "empty"])
        #expect(entries.map(\.directory) == [0, 0, 1, 1])
        #expect(entries.map(\.isDirectory) == [false, true, false, false])
        // FIPS 180-4's example.
        #expect(
            entries[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        // Beyond the bytes that are summed.
        #expect(entries[2].sha256 == nil && entries[2].isShort == nil)
        #expect(entries[2].size == 4000)
        #expect(entries[3].sha256?.hasPrefix("e3b0c442") == true)
    }

    @Test func `Names that are not UTF-8 keep their bytes`() throws {
        let entry = OpinionLine.Entry(
            directory: 0,
            name: [0x61, 0xE9, 0x62],
            isDirectory: false,
            start: 0,
            size: 0
        )
        #expect(entry.bytes == [0x61, 0xE9, 0x62])
        var broken = entry
        for bytes in ["6", "zz", "6 "] {
            broken.nameBytes = bytes
            #expect(broken.bytes == nil)
        }
    }

    @Test func `The tables of cue sheets, Nero's images and cdrdao's files are told`() throws {
        let folder = try Folder()
        try makeAlbum(folder)
        let cue = try Self.table(.table(of: folder.path("album.cue"), driver: .cue))
        #expect(cue.contents.tracks.map(\.start) == [0, 650])
        #expect(cue.contents.tracks.map(\.pregapStart) == [nil, 500])
        #expect(cue.contents.leadOut == 1600)
        #expect(cue.catalog == "1234567890123")
        #expect(cue.codes == [OpinionLine.Table.Code(track: 1, isrc: "USABC0512345")])
        #expect(cue.text?.blocks.first?.text(.title, track: 1) == "First")
        try Programs.run(
            [Products.spindle, "convert", "album.cue", "x.nrg", "--allow-loss"],
            in: folder
        )
        let nrg = try Self.table(.table(of: folder.path("x.nrg"), driver: .nrg))
        #expect(nrg.contents.tracks.map(\.start) == [0, 650])
        #expect(nrg.contents.leadOut == 1600)
        #expect(nrg.catalog == "1234567890123")
        try folder.write("x.toc", "CD_DA\nTRACK AUDIO\nFILE \"album.bin\" 0\n")
        let toc = try Self.table(.table(of: folder.path("x.toc"), driver: .toc))
        #expect(toc.contents.tracks.map(\.format) == [.audio])
        #expect(toc.contents.leadOut == 1600)
    }

    @Test func `What a library does not read is refused in a sentence`() throws {
        let folder = try Folder()
        try folder.write("x.cue", "nonsense\n")
        let error = #expect(throws: OpinionError.self) {
            try Self.ask(.table(of: folder.path("x.cue"), driver: .cue))
        }
        #expect(error?.code == .refused)
        #expect(error?.description.contains("its driver bincue does not take it") == true)
        let file = try File(folder.path("x.cue"), .read)
        #expect(throws: OpinionError.self) {
            try Self.ask(.tree(of: file, names: .joliet, mostBytes: 0))
        }
        withExtendedLifetime(folder) {}
    }
}
