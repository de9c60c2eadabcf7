import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Sound that is packed with FLAC.
struct FlacTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private static let target = Target(name: "cue-flac", format: "cue") {
        $0.splitsTracks = true
        $0.audioFile = .flac
    }

    @Test(arguments: ["mixed", "audio"])
    func `what is written is read back from any place`(_ name: String) throws {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        let written = try Self.target.write(try folder.image(of: disc).disc, in: folder, as: "b")
        try expectSame(written.disc, disc)
        for track in disc.tracks {
            for (i, sector) in track.sectors.enumerated().reversed() {
                #expect(try written.disc.raw(track.first + i) == sector)
            }
        }
    }

    @Test(.enabled(if: Programs.has("flac") && Programs.has("metaflac")))
    func `flac takes what is written`() throws {
        let disc = SampleDisc.audio
        _ = try Self.target.write(try folder.image(of: disc).disc, in: folder, as: "b")
        let test = try Programs.run(["flac", "-t", "b (Track 1).flac"], in: folder)
        #expect(test.status == 0, "\(test.said)")
        let info = try Programs.run(
            ["metaflac", "--show-total-samples", "--show-sample-rate", "b (Track 1).flac"],
            in: folder
        )
        #expect(info.said == "\(disc.tracks[0].sectors.count * 588)\n44100\n")
        let out = try Programs.run(
            [
                "flac", "-d", "--force-raw-format", "--endian=little", "--sign=signed", "-o",
                "c.raw", "b (Track 1).flac",
            ],
            in: folder
        )
        #expect(out.status == 0, "\(out.said)")
        #expect(try folder.read("c.raw") == disc.tracks[0].sectors.flatMap { $0 })
    }

    @Test(.enabled(if: Programs.has("flac")), arguments: ["-0", "-8", "-5 --padding=100000"])
    func `what flac makes is read`(_ options: String) throws {
        let disc = SampleDisc.audio
        try folder.write("image.bin", disc.bytes)
        let made = try Programs.run(
            ["flac"] + options.split(separator: " ").map(String.init) + [
                "--force-raw-format", "--endian=little", "--sign=signed", "--channels=2",
                "--bps=16", "--sample-rate=44100", "-o", "image.flac", "image.bin",
            ],
            in: folder
        )
        #expect(made.status == 0, "\(made.said)")
        let sheet = disc.cueSheet(file: "image.flac", kind: "WAVE")
        let image = try DiscImage(try folder.write("image.cue", sheet))
        try expectSame(image.disc, disc)
        let last = disc.tracks[disc.tracks.count - 1]
        #expect(try image.disc.raw(last.end - 1) == last.sectors.last)
        #expect(try image.disc.raw(0) == disc.tracks[0].sectors.first)

        // A damaged place is told, and what lies elsewhere is read.
        var bytes = try folder.read("image.flac")
        for i in (bytes.count * 3 / 4)..<(bytes.count * 3 / 4 + 40) { bytes[i] ^= 0xA5 }
        try folder.write("image.flac", bytes)
        let damaged = try DiscImage(folder.path.appending("image.cue"))
        var unreadable = 0
        for track in disc.tracks {
            for (i, sector) in track.sectors.enumerated() {
                var raw = [UInt8](repeating: 0, count: 2352)
                var span = raw.mutableSpan
                do {
                    _ = try damaged.disc.readRaw(at: track.first + i, into: &span)
                    #expect(raw == sector)
                } catch is UnreadableSectors {
                    unreadable += 1
                }
            }
        }
        #expect(unreadable > 0 && unreadable < 20)
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `other sound than that of a CD is decoded, and damage refused`() throws {
        try folder.write("a.bin", [UInt8](repeating: 3, count: 48000))
        _ = try Programs.run(
            [
                "flac", "--force-raw-format", "--endian=little", "--sign=signed", "--channels=2",
                "--bps=16", "--sample-rate=48000", "-o", "a.flac", "a.bin",
            ],
            in: folder
        )
        let sheet = "FILE \"a.flac\" WAVE\n TRACK 01 AUDIO\n  INDEX 01 00:00:00\n"
        let path = try folder.write("a.cue", sheet)
        let image = try DiscImage(path)
        // A quarter of a second.
        #expect(image.layout.tracks.map(\.length) == [19])
        #expect(image.warnings.contains { $0.contains("48000 Hz") }, "\(image.warnings)")
        let flac = try folder.read("a.flac")
        for size in [4, 8, 20, 41, 42, 43] {
            try folder.write("a.flac", Array(flac.prefix(size)))
            #expect(throws: (any Error).self) { try DiscImage(path) }
        }
    }
}
