import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// chdman reads what is written here, and is read.
@Suite(.enabled(if: Programs.has("chdman")))
struct ChdPeerTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func chdman(_ words: String...) throws {
        let result = try Programs.run(["chdman"] + words, in: folder)
        #expect(result.status == 0, "\(words): \(result.said)")
    }

    private static let lacks: Lacks = [
        .codes, .indexes, .titles, .flags, .sessionKind,
    ]
    private static let names = ["data", "xa", "mixed", "audio", "errors"]

    /// A sample disc, with more at its end: of an image of few hunks chdman 0.251 makes a map that
    /// is cut off, which it can't read itself.
    private func disc(_ name: String) throws -> SampleDisc {
        var disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        let last = disc.tracks[disc.tracks.count - 1]
        for i in 0..<150 {
            let address = last.end + i
            let user = (0..<2352).map {
                UInt8(truncatingIfNeeded: ($0 + i) &* ($0 | 1) &* 2_654_435_761 >> 13)
            }
            let sector =
                switch last.mode {
                case .audio: user
                case .mode1: PlainSector.mode1(address, Array(user.prefix(2048)))
                default: PlainSector.form1(address, Array(user.prefix(2048)))
                }
            let s = disc.sessions.count - 1
            disc.sessions[s].tracks[disc.sessions[s].tracks.count - 1].sectors.append(sector)
        }
        return disc
    }

    @Test(arguments: names, ["cdlz,cdzl,cdfl", "cdlz", "cdzl", "cdfl", "none", "zlib,lzma,huff"])
    func `what chdman makes is read`(_ name: String, _ codecs: String) throws {
        let disc = try disc(name)
        _ = try folder.image(of: disc)
        try chdman("createcd", "-i", "image.cue", "-o", "a.chd", "-c", codecs)
        let image = try DiscImage(folder.path.appending("a.chd"))
        #expect(image.format?.name == "chd")
        try expectSame(image.disc, disc, lacks: Self.lacks)
    }

    @Test(
        arguments: names,
        [[ImageOptions.HunkPacking.lzma, .zlib, .flac], [.lzma], [.zlib], [.flac]]
    )
    func `chdman takes what is written`(
        _ name: String,
        _ packings: [ImageOptions.HunkPacking]
    ) throws {
        let disc = try disc(name)
        let image = try folder.image(of: disc)
        let target = Target(name: "chd", format: "chd") { $0.hunkPackings = packings }
        let written = try target.write(image.disc, in: folder, as: "b")
        try expectSame(written.disc, disc, lacks: Self.lacks)
        try chdman("verify", "-i", "b.chd")
        try chdman("extractcd", "-i", "b.chd", "-o", "c.cue", "-ob", "c.bin")
        #expect(try folder.read("c.bin") == disc.bytes)
        let again = try DiscImage(folder.path.appending("c.cue"))
        try expectSame(again.disc, disc, lacks: Self.lacks)
    }

    @Test func `sectors that come again are kept once`() throws {
        var disc = SampleDisc.data
        let sector = disc.sessions[0].tracks[0].sectors[3]
        let zeros = [UInt8](repeating: 0, count: 2048)
        let first = disc.sessions[0].tracks[0].sectors.count
        for i in 0..<6000 {
            disc.sessions[0].tracks[0].sectors.append(
                i < 3000 ? PlainSector.mode1(first + i, zeros) : sector
            )
        }
        let image = try folder.image(of: disc)
        let target = Target(name: "chd", format: "chd")
        let written = try target.write(image.disc, in: folder, as: "b")
        #expect(written.layout.tracks[0].length == first + 6000)
        for address in [0, first + 1, first + 2999, first + 3000, first + 5999] {
            #expect(
                try written.disc.raw(address) == disc.sessions[0].tracks[0].sectors[address]
            )
        }
        #expect(try folder.read("b.chd").count < 600_000)
        try chdman("verify", "-i", "b.chd")
        try chdman("extractcd", "-i", "b.chd", "-o", "c.cue", "-ob", "c.bin")
        #expect(try folder.read("c.bin") == disc.bytes)
    }

    @Test func `subchannel is kept as cdrdao's`() throws {
        let disc = SampleDisc.mixed
        try folder.write("a.img", disc.bytes)
        try folder.write("a.sub", disc.subBytes())
        let image = try DiscImage(try folder.write("a.ccd", disc.ccdFile()))
        let written = try Target(name: "chd", format: "chd").write(image.disc, in: folder, as: "b")
        try expectSame(written.disc, disc, lacks: Self.lacks)
        for address in [0, 39, 40, 70, 104, 125] {
            #expect(
                try written.disc.subchannel(address)
                    == PlainSector.interleaved(disc.linear(address))
            )
        }
        try chdman("verify", "-i", "b.chd")
        let info = try Programs.run(["chdman", "info", "-v", "-i", "b.chd"], in: folder)
        #expect(info.said.contains("SUBTYPE:RW_RAW"), "\(info.said)")
    }

    @Test func `user data only`() throws {
        let image = try folder.image(of: .data)
        let target = Target(name: "chd", format: "chd") { $0.keepsUserDataOnly = true }
        let written = try target.write(image.disc, in: folder, as: "b")
        try expectSame(written.disc, .data)
        #expect(written.disc.storage(at: 0).form == .user)
        try chdman("verify", "-i", "b.chd")
        try chdman("extractcd", "-i", "b.chd", "-o", "c.cue", "-ob", "c.bin")
        #expect(try folder.read("c.bin").count == 40 * 2048)
    }

    @Test(arguments: ["lzma,zlib,huff,flac", "huff", "flac", "zlib", "lzma", "none"])
    func `a plain image that chdman has packed`(_ codecs: String) throws {
        let iso = SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
        try folder.write("a.iso", iso)
        try chdman(
            "createraw",
            "-i",
            "a.iso",
            "-o",
            "a.chd",
            "-us",
            "2048",
            "-hs",
            "4096",
            "-c",
            codecs
        )
        let image = try DiscImage(folder.path.appending("a.chd"))
        #expect(image.format?.name == "chd")
        try expectSame(image.disc, .data)
    }

    @Test func `differences from a parent`() throws {
        var bytes = SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
        try folder.write("a.iso", bytes)
        for i in 50_000..<50_100 { bytes[i] ^= 0x55 }
        try folder.write("b.iso", bytes)
        try chdman("createraw", "-i", "a.iso", "-o", "a.chd", "-us", "2048", "-hs", "4096")
        try chdman(
            "createraw",
            "-i",
            "b.iso",
            "-o",
            "b.chd",
            "-us",
            "2048",
            "-hs",
            "4096",
            "-op",
            "a.chd"
        )
        let image = try DiscImage(folder.path.appending("b.chd"))
        #expect(try image.disc.user(24) == Array(bytes[(24 * 2048)..<(25 * 2048)]))
        #expect(try image.disc.user(30) == Array(bytes[(30 * 2048)..<(31 * 2048)]))
        let alone = try Folder()
        let copy = try alone.write("b.chd", try folder.read("b.chd"))
        let error = try #require(throws: (any Error).self) { try DiscImage(copy) }
        #expect("\(error)".contains("the parent at byte 104 is the CHD image with the SHA-1"))
    }

    @Test func `a GD-ROM`() throws {
        let sound = (0..<(310 * 2352)).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }
        let low = (0..<400).flatMap {
            PlainSector.mode1($0, [UInt8](repeating: UInt8($0 & 255), count: 2048))
        }
        let high = (0..<50).flatMap {
            PlainSector.mode1(45000 + $0, [UInt8](repeating: UInt8($0), count: 2048))
        }
        try folder.write("1.bin", low)
        try folder.write("2.raw", sound)
        try folder.write("3.bin", high)
        try folder.write(
            "a.gdi",
            "3\n1 0 4 2352 1.bin 0\n2 600 0 2352 2.raw 0\n3 45000 4 2352 3.bin 0\n"
        )
        try chdman("createcd", "-i", "a.gdi", "-o", "a.chd")
        let image = try DiscImage(folder.path.appending("a.chd"))
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 600, 45000])
        #expect(image.layout.tracks.map(\.length) == [400, 310, 50])
        #expect(image.layout.sessions.count == 2)
        #expect(try image.disc.raw(601) == Array(sound[2352..<4704]))
        #expect(try image.disc.raw(45049) == Array(high.suffix(2352)))

        let written = try Target(name: "chd", format: "chd").write(image.disc, in: folder, as: "b")
        #expect(written.layout.sessions.map(\.tracks) == image.layout.sessions.map(\.tracks))
        for address in [0, 399, 600, 601, 909, 45000, 45049] {
            #expect(try written.disc.raw(address) == image.disc.raw(address))
        }
        try chdman("verify", "-i", "b.chd")
        try chdman("extractcd", "-i", "b.chd", "-o", "c.gdi")
        #expect(try folder.read("c03.bin") == high)
    }

    @Test func `a disc of several sessions keeps its addresses`() throws {
        let image = try folder.image(of: .sessions)
        let sink = try #require(
            try ImageFormat.chd.writer?(
                image.disc,
                folder.path.appending("b.chd"),
                ImageOptions()
            )
        )
        _ = try DiscCopy.run(from: image.disc, to: sink)
        let written = try DiscImage(folder.path.appending("b.chd"))
        #expect(written.layout.tracks.map(\.start) == image.layout.tracks.map(\.start))
        for track in SampleDisc.sessions.tracks {
            #expect(try written.disc.raw(track.start) == image.disc.raw(track.start))
        }
        try chdman("verify", "-i", "b.chd")
    }
}
