import TestSupport
import Testing
import Transfer

/// Map files as ddrescue writes them, as people edit them, and as nobody should.
@Suite struct SalvageMapFileTests {
    private static func parse(_ text: String, _ bytesPerSector: Int = 2048) throws(SalvageMapError)
        -> SalvageMapFile
    {
        try SalvageMapFile(parsing: Array(text.utf8), bytesPerSector: bytesPerSector)
    }

    /// A map's states, one character a sector.
    private static func signs(_ file: SalvageMapFile) -> String {
        String(file.map.runs.flatMap { run in run.sectors.map { _ in run.state.rawValue } })
    }

    @Test func `the manual's own example`() throws {
        let file = try Self.parse(
            """
            # Mapfile. Created by GNU ddrescue version 1.27
            # Command line: ddrescue -d -c18 /dev/fd0 fdimage mapfile
            # current_pos  current_status  current_pass
            0x00120000     ?               1
            #      pos        size  status
            0x00000000  0x00117000  +
            0x00117000  0x00000200  -
            0x00117200  0x00001000  /
            0x00118200  0x00007E00  *
            0x00120000  0x00048000  ?
            """
        )
        #expect(file.position == 576 && file.activity == .copying && file.pass == 1)
        let states = file.map.runs.map(\.state)
        #expect(states == [.finished, .unscraped, .untrimmed, .untried])
        // Sector 558 is 512 bytes bad and the rest not scraped, 560 is half of either kind.
        #expect(file.map.runs.map(\.sectors) == [0..<558, 558..<560, 560..<576, 576..<720])
    }

    @Test(arguments: 0..<20, [2048, 2352])
    func `what is written is read`(_ seed: Int, _ bytesPerSector: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let sectors = Int.random(in: 1...23_652_352, using: &generator)
        var map = SalvageMap(sectors: sectors)
        for _ in 0..<50 {
            let start = Int.random(in: 0..<sectors, using: &generator)
            let state = try #require(SalvageMap.State.allCases.randomElement(using: &generator))
            map.mark(start..<start + Int.random(in: 1...4000, using: &generator), state)
        }
        var file = SalvageMapFile(map, position: sectors / 2, .retrying, pass: 3)
        file.comments = ["one", "two\n0x0 0x800 +"]
        let text = file.text(bytesPerSector: bytesPerSector)
        file.comments = []
        #expect(try Self.parse(text, bytesPerSector) == file)
    }

    @Test(arguments: [
        // Numbers as in C++: decimal, octal, hexadecimal in either case.
        ("4096 ? 2\n0 8192 +\n8192 04000 -\n0X2800 0x800 /", "++++-/"),
        // Comments, blank lines, tabs, lines that end as elsewhere, no last line's end.
        ("# a\n\n  4096\t? 2 # b\r\n # c\n0x0 0x1000 + # d\r\n0x1000 0x800 -", "++-"),
        // A status line without a pass, as it was before ddrescue 1.20.
        ("4096 ?\n0 2048 +", "+"),
        // Nothing was tried yet, and nobody knows how much there is.
        ("4096 ? 1", ""),
        // What comes before the first block was not asked for.
        ("0 ? 1\n4096 2048 +", "??+"),
        // Halves of sectors count as the less tried half.
        ("0 ? 1\n0 2560 +\n2560 1536 -\n4096 1024 ?\n5120 3072 +\n8192 512 +", "+-?+?"),
        ("0 ? 1\n0 512 +\n512 512 -\n1024 512 /\n1536 512 +", "/"),
        // Neighbours of one state.
        ("0 ? 1\n0 2048 +\n2048 2048 +", "++"),
    ])
    func `what ddrescue accepts`(_ text: String, _ signs: String) throws {
        #expect(Self.signs(try Self.parse(text)) == signs)
        if Programs.has("ddrescuelog") {
            let folder = try Folder()
            try folder.write("map", text)
            let run = try Programs.run(["ddrescuelog", "-t", "map"], in: folder)
            #expect(run.status == 0, "\(run.said)")
        }
    }

    @Test(
        arguments: [
            ("", nil), ("# only this\n", nil),
            ("0x0 0x1000 +", 1), ("0 x 1", 1), ("-5 ? 1", 1), ("0 ? 0", 1), ("0 ? 0x2", 1),
            ("0 ? 99999999999999999999", 1), ("99999999999999999999999 ? 1", 1),
            ("0 ? 1\n0 2048 x", 2), ("0 ? 1\n0 089 +", 2), ("0 ? 1\n0 2048", 2),
            ("0 ? 1\n0x 8 +", 2),
            ("0 ? 1\n\n0 2048 +\n4096 2048 -", 4), ("0 ? 1\n0 4096 +\n2048 2048 -", 3),
            ("0 ? 1\n0 2048 +\n2048 0 -", 3), ("0 ? 1\n-2048 2048 +", 2),
            ("0 ? 1\n0 0xFFFFFFFFFFFFFFFF +", 2), ("0 ? 1\n0x7FFFFFFFFFFFFFFF 1 +", 2),
            ("0 ? 1\n0 0x7FFFFFFFFFFFFFFF +", 2),
        ] as [(String, Int?)]
    )
    func `what is no map is refused, with the line`(_ text: String, _ line: Int?) throws {
        let error = #expect(throws: SalvageMapError.self) { try Self.parse(text) }
        #expect(error?.line == line)
    }

    @Test(arguments: 0..<200)
    func `garbled maps are read or refused, and never more than they say`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var map = SalvageMap(sectors: 1000)
        map.mark(10..<20, .bad)
        map.mark(500..<900, .finished)
        var bytes = Array(SalvageMapFile(map).text(bytesPerSector: 2048).utf8)
        let characters = Array("0123456789xXF?*/-+# \n\t\u{0}".utf8) + [0xFF]
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[place] = try #require(characters.randomElement(using: &generator))
        }
        bytes.removeLast(Int.random(in: 0...20, using: &generator))
        guard let file = try? SalvageMapFile(parsing: bytes, bytesPerSector: 2048) else { return }
        #expect(file.map.sectorCount <= 1 << 32 && file.position >= 0 && file.pass > 0)
        #expect(file.map.runs.first.map(\.sectors.lowerBound) ?? 0 == 0)
        #expect(file.map.runs.count <= bytes.count { $0 == UInt8(ascii: "\n") } + 2)
    }

    @Test(.enabled(if: Programs.has("ddrescue")))
    func `ddrescue goes on with a map that has comments, and its own is read`() throws {
        let folder = try Folder()
        try folder.write("in", [UInt8](repeating: 7, count: 100 * 2048))
        var map = SalvageMap(sectors: 100)
        map.mark(0..<40, .finished)
        map.mark(40..<50, .bad)
        map.mark(50..<60, .untrimmed)
        var file = SalvageMapFile(map, position: 60, .copying)
        file.comments = ["evidence 0 40 2"]
        try folder.write("map", file.text(bytesPerSector: 2048))
        let run = try Programs.run(
            ["ddrescue", "-q", "-b2048", "-s", "150k", "in", "out", "map"],
            in: folder
        )
        #expect(run.status == 0, "\(run.said)")
        let after = try SalvageMapFile(parsing: try folder.read("map"), bytesPerSector: 2048)
        #expect(after.map.sectorCount == 100)
        #expect(after.map.ranges(.finished) == [0..<40, 50..<73])
        #expect(after.map.ranges(.bad) == [40..<50])
        // The comments are ddrescue's own then.
        let text = String(decoding: try folder.read("map"), as: UTF8.self)
        #expect(!text.contains("evidence"))
    }
}
