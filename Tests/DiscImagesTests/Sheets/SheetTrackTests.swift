import DiscFiles
import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing

/// Where tracks and indexes of sheets lie.
struct SheetTrackTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// A disc of two tracks, of which the first has a pregap that is in no file.
    private func pregap(_ remarks: String) throws -> DiscImage {
        let file = try File(folder.path("a.bin"), .replace)
        try file.setSize(2352 * 9000)
        return try DiscImage(
            try folder.write(
                "a.cue",
                remarks + "FILE a.bin BINARY\nTRACK 01 AUDIO\nPREGAP 00:10:30\nINDEX 01 00:00:00\n"
                    + "TRACK 02 AUDIO\nINDEX 01 01:00:00\n"
            )
        )
    }

    /// freedb's sum of two tracks and a lead-out, from its definition.
    private func identifier(_ first: Int) -> String {
        func seconds(_ lba: Int) -> Int { (lba + 150) / 75 }
        func digits(_ number: Int) -> Int {
            number < 10 ? number : number % 10 + digits(number / 10)
        }
        let sum = digits(seconds(first)) + digits(seconds(first + 4500))
        let id = (sum % 255) << 24 | (seconds(first + 9000) - seconds(first)) << 8 | 2
        let text = String(id, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    @Test func `the pregap of track 1 counts as the sheet's remarks say`() throws {
        let (zero, pause) = (780, 630)
        #expect(identifier(zero) != identifier(pause))
        let cases: [(String, Int, Bool)] = [
            ("REM DISCID \(identifier(zero))\n", zero, false),
            ("REM DISCID \(identifier(pause))\n", pause, false),
            // The identifier counts for more than the program's name.
            (
                "REM DISCID \(identifier(pause))\nREM COMMENT \"ExactAudioCopy v1.3\"\n", pause,
                false
            ),
            ("REM COMMENT \"ExactAudioCopy v0.99pb4\"\n", zero, false),
            ("REM COMMENT \"whipper 0.10.0\"\n", zero, false),
            ("REM COMMENT \"cyanrip 0.9.3\"\n", zero, false),
            ("REM COMMENT CUETools\n", zero, false),
            ("", pause, true), ("REM DISCID 00000001\n", pause, true),
        ]
        for (remarks, start, warns) in cases {
            let image = try pregap(remarks)
            #expect(image.layout.tracks[0].start.rawValue == start, "\(remarks)")
            #expect(image.layout.tracks[1].start.rawValue == start + 4500)
            #expect(image.warnings.contains { $0.contains("PREGAP") } == warns, "\(remarks)")
        }
    }

    @Test func `an index behind the next track's beginning is left out`() throws {
        try folder.write("a.bin", SampleDisc.sound(300, seed: 2).flatMap { $0 })
        let image = try DiscImage(
            try folder.write(
                "a.cue",
                "FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nINDEX 02 00:01:00\n"
                    + "INDEX 03 00:02:50\nTRACK 02 AUDIO\nINDEX 01 00:02:00\n"
            )
        )
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 150])
        #expect(image.layout.tracks[0].laterIndexes.map(\.rawValue) == [75])
        #expect(image.warnings.count == 1)
        #expect(image.warnings[0].contains("Index 3 of track 1"))
    }

    @Test(arguments: [
        "dmg", "nrg", "cdi", "gz", "xz", "zst", "bz2", "cso", "chd", "mds", "cue", "ecm",
    ])
    func `a name that promises a format whose mark is missing`(_ ending: String) throws {
        let path = try folder.write("a.\(ending)", SampleDisc.noise(300_000, 5))
        let failure = try #require(throws: Failure.self) { try DiscImage(path) }
        #expect(failure.what.contains("has no mark of these"), "\(failure.what)")
        #expect(failure.exitCode == .failed)
        // What was burned of such a file can be compared with it.
        #expect(try DiscImage(path, allowsAnything: true).format?.name == "iso")
    }

    @Test(arguments: ["bin", "img", "mdf", "raw", "iso", "unheard"])
    func `a name that promises nothing`(_ ending: String) throws {
        let path = try folder.write("a.\(ending)", SampleDisc.noise(300_000, 5))
        #expect(try DiscImage(path).format?.name == "iso")
    }

    @Test(arguments: SampleDisc.all.indices)
    func `an image in a drive has its tracks`(_ index: Int) throws {
        let disc = SampleDisc.all[index].disc
        try folder.write("image.bin", disc.bytes)
        let virtual = try VirtualDisc(
            opening: try folder.write("image.cue", disc.cueSheet()),
            for: .drive
        )
        #expect(virtual.isPressed)
        let layout = virtual.record.layout
        #expect(layout.tracks.map(\.number) == disc.tracks.map(\.number))
        #expect(layout.tracks.map(\.start.rawValue) == disc.tracks.map(\.start))
        try expectSame(VirtualDiscContents(virtual), disc)
    }

    @Test func `what is no image is no disc`() throws {
        for (name, text) in [("a.txt", "Dear reader,\n"), ("b.cue", "FILE gone BINARY\n")] {
            let path = try folder.write(name, text)
            #expect(throws: VirtualDiscError.self) { try VirtualDisc(opening: path, for: .drive) }
        }
    }

    /// What lies in a pause is not unreadable: there is nothing.
    @Test func `no sector of a pause between data tracks counts as unreadable`() throws {
        let volume = (0..<40).flatMap { SampleDisc.user($0, of: 40, 1) }
        try folder.write("a.bin", volume + SampleDisc.noise(2048 * 300, 2))
        let image = try DiscImage(
            try folder.write(
                "a.cue",
                "FILE a.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n"
                    + "TRACK 02 MODE1/2048\nPREGAP 00:02:00\nINDEX 01 00:00:40\n"
            )
        )
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 190])
        #expect(image.content?.iso9660 != nil)
        #expect(image.content?.unreadableSectors.isEmpty == true)
        #expect(image.content?.isIncomplete == false)
    }
}
