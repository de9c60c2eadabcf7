import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Programs of others read what is written here.
struct PeerTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func write(_ disc: SampleDisc, _ name: String) throws {
        try folder.write("source.bin", disc.bytes)
        let image = try DiscImage(
            try folder.write("source.cue", disc.cueSheet(file: "source.bin"))
        )
        let target = try #require(Target.all.first { $0.name == name })
        _ = try target.write(image.disc, in: folder, as: "image")
    }

    private var userData: [UInt8] {
        SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
    }

    @Test(.enabled(if: Programs.has("bchunk")))
    func `bchunk takes a cue sheet apart`() throws {
        try write(.mixed, "cue")
        let result = try Programs.run(
            ["bchunk", "-r", "image.bin", "image.cue", "part"],
            in: folder
        )
        #expect(result.status == 0, "\(result.said)")
        // Its tracks begin at index 1 and end at any later index: that is wrong, and so track 2,
        // which has more than one, is not compared.
        let all = SampleDisc.mixed.bytes
        #expect(try folder.read("part03.cdr") == Array(all[(105 * 2352)...]))
    }

    @Test(.enabled(if: Programs.has("bchunk")))
    func `bchunk reads the data of a track's own file`() throws {
        try write(.data, "cue-split")
        let single = try Programs.run(
            ["bchunk", "image (Track 1).bin", "image.cue", "data"],
            in: folder
        )
        #expect(single.status == 0, "\(single.said)")
        #expect(try folder.read("data01.iso") == userData)
    }

    @Test(
        .enabled(if: Programs.has("cdrdao")),
        arguments: ["data", "xa", "mixed", "audio"],
        ["toc", "toc-rw"]
    )
    func `cdrdao understands a TOC file`(_ name: String, _ target: String) throws {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        try write(disc, target)
        let size = try Programs.run(["cdrdao", "toc-size", "--force", "image.toc"], in: folder)
        #expect(size.status == 0, "\(size.said)")
        #expect(
            size.output.split(separator: "\n").last.map(String.init)
                == "\(disc.tracks.last?.end ?? 0)"
        )
        let info = try Programs.run(["cdrdao", "show-toc", "--force", "image.toc"], in: folder)
        #expect(info.status == 0, "\(info.said)")
        for track in disc.tracks {
            let time = SampleDisc.time(track.start)
            #expect(info.said.contains("START  \(time)"), "\(info.said)")
        }
    }

    // Its reader of TOC files knows neither an offset in a file nor raw modes.
    @Test(.enabled(if: Programs.has("cd-info")))
    func `cd-info sees the tracks of a cue sheet`() throws {
        try write(.mixed, "cue")
        let result = try Programs.run(
            ["cd-info", "--no-device-info", "--no-cddb", "--cue-file=image.cue"],
            in: folder
        )
        for track in SampleDisc.mixed.tracks {
            let time = SampleDisc.time(track.start + 150)
            #expect(
                result.said.contains(
                    " \(track.number): \(time)  00\(track.start < 100 ? "00" : "0")\(track.start)"
                ),
                "\(result.said)"
            )
        }
        #expect(result.said.contains("4012345678901"))
    }

    @Test(.enabled(if: Programs.has("ccd2iso")))
    func `ccd2iso reads the image of CloneCD`() throws {
        try write(.data, "ccd")
        let result = try Programs.run(["ccd2iso", "image.img", "out.iso"], in: folder)
        #expect(result.status == 0, "\(result.said)")
        #expect(try folder.read("out.iso") == userData)
    }

    @Test(.enabled(if: Programs.has("iat")), arguments: ["nrg", "mds"])
    func `iat finds the data of other formats`(_ format: String) throws {
        try folder.write("source.bin", SampleDisc.data.bytes)
        let image = try DiscImage(
            try folder.write("source.cue", SampleDisc.data.cueSheet(file: "source.bin"))
        )
        // Of an image of Nero it copies the descriptor, too, unless sectors have 2048 bytes.
        let target = Target(name: format, format: format) { $0.keepsUserDataOnly = format == "nrg" }
        _ = try target.write(image.disc, in: folder, as: "image")
        let name = format == "nrg" ? "image.nrg" : "image.mdf"
        let result = try Programs.run(["iat", name, "out.iso"], in: folder)
        #expect(result.status == 0, "\(result.said)")
        #expect(try folder.read("out.iso") == userData)
    }

    @Test(.enabled(if: Programs.has("iat")), arguments: ["image.bin", "image.img"])
    func `iat finds the data`(_ name: String) throws {
        try write(.data, name.hasSuffix("bin") ? "cue" : "ccd")
        let result = try Programs.run(["iat", name, "out.iso"], in: folder)
        #expect(result.status == 0, "\(result.said)")
        #expect(try folder.read("out.iso") == userData)
    }

    @Test(.enabled(if: Programs.has("iat")), arguments: [false, true])
    func `iat finds the data in an image of DiscJuggler`(_ isCooked: Bool) throws {
        try folder.write("source.bin", SampleDisc.data.bytes)
        let image = try DiscImage(
            try folder.write("source.cue", SampleDisc.data.cueSheet(file: "source.bin"))
        )
        let target = Target(name: "cdi", format: "cdi") { $0.keepsUserDataOnly = isCooked }
        _ = try target.write(image.disc, in: folder, as: "image")
        let result = try Programs.run(["iat", "image.cdi", "out.iso"], in: folder)
        #expect(result.status == 0, "\(result.said)")
        #expect(try folder.read("out.iso") == userData)
    }
}
