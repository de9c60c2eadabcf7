import TestSupport
import Testing

/// Sectors that libcdio reads, and those that it is not asked for.
@Suite struct CdioReadingTests {
    /// More than the 25 sectors that one command may ask for, and a piece left over.
    private static let count = 60

    private func user(_ count: Int, seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<(count * 2048)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    @Test func `Audio is read sample for sample`() throws {
        let size = Self.count * 2352
        let outcome = try CdioPlace().ask(
            "album.cue",
            "read",
            "audio",
            "640",
            "\(Self.count)",
            "\(size)"
        )
        #expect(outcome.bytes == Array(CdioPlace.sound[(640 * 2352)..<(640 * 2352 + size)]))
    }

    @Test(arguments: ["mode1", "data"])
    func `Data of mode 1 is read`(kind: String) throws {
        let place = try CdioPlace()
        let bytes = user(300, seed: 7)
        try place.folder.write("disc.iso", bytes)
        let size = Self.count * 2048
        let outcome = try place.ask("disc.iso", "read", kind, "100", "\(Self.count)", "\(size)")
        #expect(
            outcome.bytes == Array(bytes[(100 * 2048)..<(160 * 2048)]),
            "\(outcome.output.prefix(200))"
        )
    }

    @Test func `Mode 2 is read with its subheader and without`() throws {
        let place = try CdioPlace()
        let subheader: [UInt8] = [0, 0, 8, 0, 0, 0, 8, 0]
        let data = user(300, seed: 9)
        var image: [UInt8] = []
        for sector in 0..<300 {
            let frames = sector + 150
            let time = [frames / 75 / 60, frames / 75 % 60, frames % 75].map {
                UInt8($0 / 10 << 4 | $0 % 10)
            }
            image += [0] + [UInt8](repeating: 0xFF, count: 10) + [0] + time + [2]
            image += subheader + data[(sector * 2048)..<((sector + 1) * 2048)]
            image += [UInt8](repeating: 0, count: 280)
        }
        try place.folder.write("xa.bin", image)
        try place.folder.write(
            "xa.cue",
            "FILE \"xa.bin\" BINARY\n  TRACK 01 MODE2/2352\n    INDEX 01 00:00:00\n"
        )
        let form1 = try place.ask("xa.cue", "read", "mode2", "10", "30", "\(30 * 2048)")
        #expect(
            form1.bytes == Array(data[(10 * 2048)..<(40 * 2048)]),
            "\(form1.output.prefix(200))"
        )
        let whole = try place.ask("xa.cue", "read", "mode2-whole", "10", "30", "\(30 * 2336)")
        var expected: [UInt8] = []
        for sector in 10..<40 { expected += image[(sector * 2352 + 16)..<((sector + 1) * 2352)] }
        #expect(whole.bytes == expected)
    }

    @Test(arguments: ["audio", "mode1", "mode2", "mode2-whole", "data"])
    func `Nothing is asked for that the disc or the buffer does not have`(kind: String) throws {
        let place = try CdioPlace()
        // The disc has 1600 sectors.
        for (start, count, room) in [
            (-1, 1, 2352), (1600, 1, 2352), (1599, 2, 4704), (0, 2, 4095), (0, -1, 2352),
            (Int.max, 1, 2352), (0, Int.max, 2352), (Int.min, 1, 2352), (0, 1 << 32, 2352),
            (1 << 32, 1, 2352),
        ] {
            let outcome = try place.ask(
                "album.cue",
                "read",
                kind,
                "\(start)",
                "\(count)",
                "\(room)"
            )
            #expect(outcome.output.hasPrefix("out of bounds untouched\n"), "\(outcome)")
        }
        // Nothing is nothing.
        #expect(try place.ask("album.cue", "read", kind, "0", "0", "0").bytes.isEmpty)
    }

    @Test(arguments: ["audio", "mode1", "data"])
    func `A sector that can't be read is an error`(kind: String) throws {
        let place = try CdioPlace()
        try place.folder.write("disc.iso", user(300, seed: 7))
        let disc = kind == "audio" ? "album.cue" : "disc.iso"
        let outcome = try place.ask(
            disc,
            options: ["--fault", "read lba=40"],
            "read",
            kind,
            "38",
            "5",
            "\(5 * 2352)"
        )
        #expect(outcome.output.hasPrefix("failed"), "\(outcome.output.prefix(200))")
    }
}
