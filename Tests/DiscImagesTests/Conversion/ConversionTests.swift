import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// A format with a choice of options, as an image is written in it.
struct Target: CustomTestStringConvertible {
    var name: String
    var format: String
    var set: @Sendable (inout ImageOptions) -> Void = { _ in }
    var testDescription: String { name }

    static let all: [Target] = [
        Target(name: "cue", format: "cue"),
        Target(name: "cue-split", format: "cue") { $0.splitsTracks = true },
        Target(name: "cue-wave", format: "cue") {
            $0.splitsTracks = true
            $0.audioFile = .wave
        },
        Target(name: "cue-flac", format: "cue") {
            $0.splitsTracks = true
            $0.audioFile = .flac
        },
        Target(name: "toc", format: "toc"),
        Target(name: "toc-rw", format: "toc") { $0.keepsSubchannel = true },
        Target(name: "ccd", format: "ccd"),
        Target(name: "nrg", format: "nrg"),
        Target(name: "nrg-side", format: "nrg") { $0.keepsSubchannel = true },
        Target(name: "cdi", format: "cdi"),
        Target(name: "cdi-side", format: "cdi") { $0.keepsSubchannel = true },
    ]

    /// Writes a disc as an image, and opens it.
    func write(_ disc: any DiscSource, in folder: Folder, as stem: String) throws -> DiscImage {
        let format = try #require(ImageFormat.named(format))
        let path = folder.path.appending("\(stem).\(format.endings[0])")
        var options = ImageOptions()
        set(&options)
        let sink = try #require(try format.writer?(disc, path, options))
        let result = try DiscCopy.run(from: disc, to: sink)
        #expect(result.unreadable.isEmpty)
        #expect(result.sectors == DiscCopy.sectors(of: sink))
        let image = try DiscImage(path)
        #expect(image.format?.name == format.name)
        #expect(image.warnings.isEmpty)
        return image
    }
}

struct ConversionTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func source(_ index: Int) throws -> (SampleDisc, DiscImage) {
        let disc = SampleDisc.all[index].disc
        try folder.write("image.bin", disc.bytes)
        return (disc, try DiscImage(try folder.write("image.cue", disc.cueSheet())))
    }

    /// Begins an image in the format that its name's ending says.
    private func begin(_ disc: any DiscSource, _ name: String) throws -> any DiscSink {
        let path = folder.path.appending(name)
        let sink = try ImageFormat.forWriting(path)?.writer?(disc, path, ImageOptions())
        return try #require(sink)
    }

    /// What the report of losses says is not compared; all else is.
    private func lacks(_ losses: [DiscLoss]) throws -> Lacks {
        var lacks: Lacks = []
        for loss in losses {
            switch loss.feature {
            case .cdText, .cdTextPacks: lacks.insert(.titles)
            default: Issue.record("\(loss) should not be lost")
            }
        }
        return lacks
    }

    @Test(arguments: SampleDisc.all.indices, Target.all)
    func `what is written is read back`(_ index: Int, _ target: Target) throws {
        let (disc, image) = try source(index)
        let format = try #require(ImageFormat.named(target.format))
        let inventory = try DiscInventory(of: image.disc, reading: true)
        let losses = DiscLoss.losses(of: inventory, in: format)
        if losses.contains(where: { [.sessions, .trackNumbers].contains($0.feature) }) {
            #expect(target.format == "toc" && SampleDisc.all[index].name == "sessions")
            return
        }
        let written = try target.write(image.disc, in: folder, as: "written")
        try expectSame(written.disc, disc, lacks: try lacks(losses))
    }

    @Test(arguments: Soak.pairs(Target.all))
    func `from each format to each other one`(_ first: Target, _ second: Target) throws {
        for index in SampleDisc.all.indices where SampleDisc.all[index].name != "sessions" {
            let folder = try Folder()
            let (disc, image) = try source(index)
            let one = try first.write(image.disc, in: folder, as: "one")
            let two = try second.write(one.disc, in: folder, as: "two")
            try expectSame(two.disc, disc)
            #expect(two.layout.tracks == image.layout.tracks)
            #expect(two.layout.catalog == image.layout.catalog)
            #expect(two.layout.cdText == image.layout.cdText)
        }
    }

    @Test(arguments: Target.all.filter { $0.format != "toc" })
    func `a disc of several sessions`(_ target: Target) throws {
        let (disc, image) = try source(4)
        let one = try target.write(image.disc, in: folder, as: "one")
        try expectSame(one.disc, disc)
        #expect(one.layout.tracks == image.layout.tracks)
    }

    @Test func `subchannel of its own comes over`() throws {
        let disc = SampleDisc.mixed
        try folder.write("a.img", disc.bytes)
        try folder.write("a.sub", disc.subBytes())
        let image = try DiscImage(try folder.write("a.ccd", disc.ccdFile()))
        for name in ["toc", "ccd", "nrg", "cdi"] {
            let target = try #require(Target.all.first { $0.name == name })
            let written = try target.write(image.disc, in: folder, as: name)
            try expectSame(written.disc, disc)
            for address in [0, 39, 40, 70, 104, 125] {
                #expect(
                    try written.disc.subchannel(address)
                        == PlainSector.interleaved(disc.linear(address))
                )
            }
        }
        let cue = try #require(ImageFormat.named("cue"))
        let inventory = try DiscInventory(of: image.disc, reading: true)
        let losses = DiscLoss.losses(of: inventory, in: cue)
        #expect(losses == [DiscLoss(feature: .subchannel, tracks: [1, 2, 3])])
    }

    @Test func `subchannel that is made is that of a recorder`() throws {
        let (disc, image) = try source(2)
        let target = try #require(Target.all.first { $0.name == "ccd" })
        let written = try target.write(image.disc, in: folder, as: "b")
        for address in [0, 40, 69, 70, 79, 104, 125] {
            let kept = try written.disc.subchannel(address)
            var wanted = disc.linear(address)
            for i in 24..<36 { wanted[i] = 0 }
            if address == 84 { wanted[14] = 2 }
            #expect(kept == PlainSector.interleaved(wanted), "sector \(address)")
        }
        // Nothing of it is lost where it is made anew.
        let inventory = try DiscInventory(of: written.disc, reading: true)
        #expect(inventory.features[.subchannel] == nil)
    }

    @Test func `the report of losses`() throws {
        let iso = try #require(ImageFormat.named("iso"))
        let expected: [String: Set<DiscFeature>] = [
            "data": [], "xa": [.form2, .subheaders, .sessionKinds],
            "mixed": [
                .audio, .tracks, .catalog, .isrc, .pregaps, .pregapContent, .indexes,
                .preEmphasis, .copyPermission,
            ],
            "audio": [.audio, .tracks, .pregaps, .pregapContent, .fourChannels, .cdText],
            "sessions": [.tracks, .sessions, .sessionKinds],
            "errors": [.irregularSectors],
        ]
        for index in SampleDisc.all.indices {
            let (_, image) = try source(index)
            let inventory = try DiscInventory(of: image.disc, reading: true)
            let losses = DiscLoss.losses(of: inventory, in: iso).map(\.feature)
            #expect(Set(losses) == expected[SampleDisc.all[index].name])
        }
    }

    @Test(arguments: SampleDisc.all.indices, [false, true])
    func `an image of Alcohol lacks what its report of losses says`(
        _ index: Int,
        _ side: Bool
    ) throws {
        let (disc, image) = try source(index)
        let inventory = try DiscInventory(of: image.disc, reading: true)
        let losses = DiscLoss.losses(of: inventory, in: .mds).map(\.feature)
        let possible: Set<DiscFeature> = [.catalog, .isrc, .indexes, .pregapContent, .cdText]
        #expect(Set(losses).isSubset(of: possible))
        #expect(losses.isEmpty == !["mixed", "audio"].contains(SampleDisc.all[index].name))
        let target = Target(name: "mds", format: "mds") { $0.keepsSubchannel = side }
        let written = try target.write(image.disc, in: folder, as: "b")
        var lacks: Lacks = losses.isEmpty ? [] : [.codes, .indexes]
        if losses.contains(.cdText) { lacks.insert(.titles) }
        try expectSame(written.disc, disc.withoutPregaps, lacks: lacks)
        #expect((written.disc.storage(at: disc.tracks[0].start).subchannel == .full) == side)
    }

    @Test func `a plain image of data`() throws {
        let (disc, image) = try source(0)
        let target = Target(name: "iso", format: "iso")
        let written = try target.write(image.disc, in: folder, as: "b")
        try expectSame(written.disc, disc)
        #expect(try folder.read("b.iso").count == 40 * 2048)
    }

    @Test func `user data only`() throws {
        let (disc, image) = try source(0)
        for name in ["cue", "toc"] {
            let target = Target(name: name, format: name) { $0.keepsUserDataOnly = true }
            let written = try target.write(image.disc, in: folder, as: name)
            try expectSame(written.disc, disc)
            #expect(try folder.read("\(name).bin").count == 40 * 2048)
        }
    }

    @Test func `nothing is replaced, and nothing unfinished has the name`() throws {
        let (_, image) = try source(0)
        #expect(throws: (any Error).self) { try begin(image.disc, "image.cue") }
        let stop = Cancellation()
        stop.request()
        let sink = try begin(image.disc, "b.cue")
        let result = try DiscCopy.run(from: image.disc, to: sink, stop)
        #expect(result.isCancelled)
        #expect(throws: (any Error).self) { try folder.read("b.bin") }
        #expect(throws: (any Error).self) { try folder.read("b.bin.part") }
    }

    @Test func `what can't be read is told, and zeros stand for it`() throws {
        try folder.write("image.img", Array(SampleDisc.mixed.bytes.dropLast(2352 * 4)))
        let image = try DiscImage(try folder.write("image.ccd", SampleDisc.mixed.ccdFile()))
        let sink = try begin(image.disc, "b.cue")
        let result = try DiscCopy.run(from: image.disc, to: sink)
        #expect(result.unreadable == [122..<126])
        #expect(try folder.read("b.bin").count == SampleDisc.mixed.bytes.count)
        #expect(try folder.read("b.bin").suffix(2352 * 4).allSatisfy { $0 == 0 })
    }
}
