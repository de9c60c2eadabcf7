import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

struct GdiReadingTests {
    private let folder: Folder
    /// Data and sound in the first area; data, sound and data in the second.
    private let disc: SampleDisc = {
        var disc = SampleDisc(sessions: [
            SampleDisc.SampleSession(tracks: [
                SampleDisc.SampleTrack(
                    number: 1,
                    mode: .mode1,
                    start: 0,
                    sectors: SampleDisc.mode1(0, 30, seed: 41)
                ),
                SampleDisc.SampleTrack(
                    number: 2,
                    mode: .audio,
                    start: 180,
                    sectors: SampleDisc.sound(20, seed: 42)
                ),
            ]),
            SampleDisc.SampleSession(tracks: [
                SampleDisc.SampleTrack(
                    number: 3,
                    mode: .mode1,
                    start: 45_000,
                    sectors: SampleDisc.mode1(45_000, 25, seed: 43)
                ),
                SampleDisc.SampleTrack(
                    number: 4,
                    mode: .audio,
                    start: 45_175,
                    sectors: SampleDisc.sound(11, seed: 44)
                ),
                SampleDisc.SampleTrack(
                    number: 5,
                    mode: .mode1,
                    start: 45_336,
                    sectors: SampleDisc.mode1(45_336, 22, seed: 45)
                ),
            ]),
        ])
        return disc
    }()

    init() throws {
        folder = try Folder()
    }

    /// Writes the files and the table.
    private func write(
        size: Int = 2352,
        name: (Int) -> String = { "track0\($0).bin" },
        table: (Int) -> String = { "track0\($0).bin" },
        skipped: Int = 0
    ) throws -> FilePath {
        var text = "\(disc.tracks.count)\r\n"
        for track in disc.tracks {
            let isAudio = track.mode == .audio
            let bytes = track.sectors.flatMap {
                isAudio || size == 2352 ? $0 : Array($0[16..<2064])
            }
            let lead = [UInt8](repeating: 0xEE, count: skipped)
            try folder.write(name(track.number), lead + bytes)
            text += "\(track.number)  \(track.start) \(isAudio ? 0 : 4) \(isAudio ? 2352 : size) "
            text += "\(table(track.number)) \(skipped)\r\n"
        }
        return try folder.write("disc.gdi", text)
    }

    /// The disc with its pauses, which are in no file.
    private var paused: SampleDisc {
        var disc = disc
        for (s, t, pause) in [(0, 1, 150), (1, 1, 150), (1, 2, 150)] {
            let silence = [UInt8](repeating: 0, count: 2352)
            var track = disc.sessions[s].tracks[t]
            track.pregap = pause
            let filler =
                track.mode == .audio
                ? [[UInt8]](repeating: silence, count: pause)
                : (0..<pause).map {
                    PlainSector.mode1(track.start - pause + $0, [UInt8](repeating: 0, count: 2048))
                }
            track.sectors = filler + track.sectors
            disc.sessions[s].tracks[t] = track
        }
        return disc
    }

    @Test(arguments: [2352, 2048])
    func `both areas`(_ size: Int) throws {
        let image = try DiscImage(try write(size: size))
        #expect(image.format?.name == "gdi")
        #expect(image.warnings.isEmpty)
        try expectSame(image.disc, paused)
    }

    @Test func `names with blanks, in another case, in folders, and a place in the file`() throws {
        let name: (Int) -> String = { "Track 0\($0).BIN" }
        let quoted = try DiscImage(
            try write(name: name, table: { "\"track 0\($0).bin\"" }, skipped: 16)
        )
        #expect(quoted.warnings.count == 5)
        try expectSame(quoted.disc, paused)
        let bare = try DiscImage(try write(name: name, table: { "Track 0\($0).BIN" }))
        #expect(bare.warnings.isEmpty)
        try expectSame(bare.disc, paused)
    }

    @Test func `the second area goes to the edge of the disc`() throws {
        try folder.write("a.bin", disc.tracks[0].sectors.flatMap { $0 })
        let path = try folder.write("b.bin", "")
        let file = try File(path, .update)
        try file.setSize(504_150 * 2352)
        let text = "2\n1 0 4 2352 a.bin 0\n2 45000 4 2352 b.bin 0\n"
        let image = try DiscImage(try folder.write("a.gdi", text))
        #expect(image.layout.leadOut == LBA(549_150))
        try file.setSize(504_151 * 2352)
        #expect(throws: (any Error).self) { try DiscImage(folder.path.appending("a.gdi")) }
    }

    @Test func `formats that have sessions keep the areas`() throws {
        let image = try DiscImage(try write())
        for name in ["cue", "cue-split", "ccd", "nrg", "cdi"] {
            let target = try #require(Target.all.first { $0.name == name })
            let back = try target.write(image.disc, in: folder, as: name)
            #expect(back.layout.tracks == image.layout.tracks)
            try expectSame(back.disc, paused)
        }
    }

    @Test func `a file that goes on behind its track is told`() throws {
        let path = try write()
        try folder.write(
            "track01.bin",
            disc.tracks[0].sectors.flatMap { $0 } + SampleDisc.noise(2352 * 200, 9)
        )
        let image = try DiscImage(path)
        #expect(image.warnings == ["The file of track 1 is longer than its track."])
        #expect(image.layout.tracks[0].length == 180)
    }

    @Test func `other texts are none`() throws {
        for text in ["", "5\n", "5\nhello\n", "hello\n1 0 4 2352 a 0\n", "3\n2 0 4 2352 a 0\n"] {
            #expect(try ImageFormat.gdi.reader(ImageFile(Array(text.utf8))) == nil)
        }
    }

    @Test(arguments: [
        ("2\n1 0 4 2352 a.bin 0\n", "the number of tracks", 0),
        ("1\n1 0 4 2352 a.bin 0\n2 50 0 2352 a.bin 0\n", "the number of tracks", 0),
        ("2\n1 0 4 2352 a.bin 0\nx\n", "the line of track 2", 21),
        ("1\n1 0 4 2352 b.bin 0\n", "the file “b.bin” of track 1", 2),
        ("1\n1 0 4 2353 a.bin 0\n", "the size of a sector of track 1", 2),
        ("1\n1 0 0 2048 a.bin 0\n", "the size of a sector of track 1", 2),
        ("1\n1 0 16 2352 a.bin 0\n", "the kind of track 1", 2),
        ("1\n1 -1 4 2352 a.bin 0\n", "the address of track 1", 2),
        ("1\n1 549150 4 2352 a.bin 0\n", "the address of track 1", 2),
        ("1\n1 0 4 2352 a.bin -1\n", "the place of track 1", 2),
        ("1\n1 0 4 2352 a.bin 9223372036854775807\n", "the place of track 1", 2),
        ("2\n1 10 4 2352 a.bin 0\n2 10 4 2352 a.bin 0\n", "the address of track 1", 2),
        ("2\n1 10 4 2352 a.bin 0\n2 9 4 2352 a.bin 0\n", "the table", 0),
        ("2\n1 10 4 2352 a.bin 0\n1 900 4 2352 a.bin 0\n", "the table", 0),
    ])
    func `what can't be right is named`(_ text: String, _ field: String, _ offset: Int) throws {
        try folder.write("a.bin", disc.tracks[0].sectors.flatMap { $0 })
        let error = try #require(throws: ImageFormatError.self) {
            _ = try ImageFormat.gdi.reader(try ImageFile(try folder.write("a.gdi", text)))
        }
        #expect(error.field == field)
        #expect(error.offset == offset)
    }
}
