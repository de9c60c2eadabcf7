import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct CcdReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test(arguments: SampleDisc.all.indices, [true, false])
    func `image and subchannel`(_ index: Int, _ hasSub: Bool) throws {
        let disc = SampleDisc.all[index].disc
        let path = try folder.write("Image.ccd", disc.ccdFile())
        try folder.write("IMAGE.IMG", disc.bytes)
        if hasSub { try folder.write("Image.sub", disc.subBytes()) }
        let image = try DiscImage(path)
        #expect(image.format?.name == "ccd")
        try expectSame(image.disc, disc, lacks: .titles)
        #expect(image.warnings.isEmpty == hasSub)
        guard hasSub else { return }
        for track in disc.tracks {
            for address in [track.first, track.end - 1] {
                #expect(
                    try image.disc.subchannel(address)
                        == PlainSector.interleaved(disc.linear(address))
                )
            }
        }
    }

    @Test func `CD-TEXT without and with its checksums`() throws {
        let disc = SampleDisc.audio
        var block = CDText.Block()
        block.set("Titel", as: .title, track: 0)
        let packs = CDText(blocks: [block]).packs(firstTrack: 1, lastTrack: 2)
        try folder.write("image.img", disc.bytes)
        try folder.write("image.sub", disc.subBytes())
        for size in [16, 18] {
            var text = disc.ccdFile() + "[CDText]\nEntries=\(packs.count)\n"
            for (i, pack) in packs.enumerated() {
                let hex = pack.bytes.prefix(size).map { String($0, radix: 16) }
                text += "Entry \(i)=\(hex.joined(separator: " "))\n"
            }
            let image = try DiscImage(try folder.write("image.ccd", text))
            #expect(image.layout.cdText == packs)
        }
    }

    @Test(arguments: [
        ("Point=0xa2", "Point=0xa3"), ("PLBA=40", "PLBA=-2000"), ("PLBA=40", "PLBA=2000000000"),
        ("PLBA=0", "PLBA=x"), ("Session=1", "Session=2000000000"),
    ])
    func `a broken control file is told`(_ old: String, _ new: String) throws {
        try folder.write("image.img", SampleDisc.data.bytes)
        var text = SampleDisc.data.ccdFile()
        if let range = text.firstRange(of: old) { text.replaceSubrange(range, with: new) }
        let file = try ImageFile(try folder.write("image.ccd", text))
        #expect(throws: ImageFormatError.self) { _ = try ImageFormat.ccd.reader(file) }
    }

    @Test(
        arguments: [
            (true, "INDEX 0=", "KNDEX 0=", "The line “KNDEX 0="),
            (true, "INDEX 0=", "INDEX 0=x", "The line “INDEX 0=x"),
            (false, "Point=0x2\n", "Poiot=0x2\n", "left out"),
            (false, "[TRACK 2]", "[TRUCK 2]", "The line “[TRUCK 2]"),
            (false, "TocEntries=", "TocEntries=9", "should have 9"),
        ] as [(Bool, String, String, String)]
    )
    func `what is not understood of a control file is told`(
        _ isMixed: Bool,
        _ old: String,
        _ new: String,
        _ words: String
    ) throws {
        let disc = isMixed ? SampleDisc.mixed : SampleDisc.audio
        try folder.write("image.img", disc.bytes)
        try folder.write("image.sub", disc.subBytes())
        var text = disc.ccdFile()
        let whole = try DiscImage(try folder.write("image.ccd", text))
        #expect(whole.warnings.isEmpty, "\(whole.warnings)")
        let range = try #require(text.firstRange(of: old))
        text.replaceSubrange(range, with: new)
        let file = try ImageFile(try folder.write("image.ccd", text))
        let image = try #require(try ImageFormat.ccd.reader(file))
        #expect(image.warnings.contains { $0.contains(words) }, "\(image.warnings)")
    }

    /// The control file without the sections of its tracks, as versions before 3 have it.
    private func withoutTracks(_ text: String) -> String {
        var isTrack = false
        return text.split(separator: "\n").filter { line in
            if line.hasPrefix("[") { isTrack = line.hasPrefix("[TRACK") }
            return !isTrack
        }.joined(separator: "\n")
    }

    @Test(arguments: [true, false])
    func `without sections of tracks the image begins with sector 0`(_ hasSub: Bool) throws {
        let disc = SampleDisc.audio
        let path = try folder.write("image.ccd", withoutTracks(disc.ccdFile()))
        try folder.write("image.img", disc.bytes)
        if hasSub { try folder.write("image.sub", disc.subBytes()) }
        let image = try DiscImage(path)
        #expect(image.layout.tracks.map(\.start.rawValue) == [33, 63])
        #expect(image.layout.tracks.map(\.pregap) == [183, 0])
        for track in disc.tracks {
            for (i, sector) in track.sectors.enumerated() {
                #expect(try image.disc.raw(track.first + i) == sector)
            }
        }
    }

    @Test func `without sections of tracks Q tells their pregaps`() throws {
        let disc = SampleDisc.mixed
        try folder.write("image.img", disc.bytes)
        let path = try folder.write("image.ccd", withoutTracks(disc.ccdFile()))
        let bare = try DiscImage(path)
        #expect(bare.layout.tracks.map(\.pregap) == [150, 0, 0])
        #expect(bare.layout.tracks.map(\.mode) == [.mode1, .audio, .audio])
        try folder.write("image.sub", disc.subBytes())
        let sided = try DiscImage(path)
        #expect(sided.layout.tracks.map(\.pregap) == [150, 30, 10])
        for image in [bare, sided] {
            for track in disc.tracks {
                for (i, sector) in track.sectors.enumerated() {
                    #expect(try image.disc.raw(track.first + i) == sector)
                }
            }
        }
    }

    @Test func `later sessions are where their sectors say`() throws {
        let disc = SampleDisc.sessions
        try folder.write("image.img", disc.bytes)
        let path = try folder.write("image.ccd", withoutTracks(disc.ccdFile()))
        let image = try DiscImage(path)
        for track in disc.tracks {
            for (i, sector) in track.sectors.enumerated() {
                #expect(try image.disc.raw(track.first + i) == sector)
            }
        }
    }

    @Test(arguments: [
        // What is left of the subchannel's file, and how many sectors then have none.
        (40 * 96, 0), (39 * 96, 1), (39 * 96 + 50, 1), (0, 40),
    ])
    func `a short file of subchannel lacks nothing else`(_ bytes: Int, _ lack: Int) throws {
        let disc = SampleDisc.data
        let path = try folder.write("image.ccd", disc.ccdFile())
        try folder.write("image.img", disc.bytes)
        try folder.write("image.sub", Array(disc.subBytes().prefix(bytes)))
        let image = try DiscImage(path)
        try expectSame(image.disc, disc)
        let sentence =
            "image.sub ends early: the subchannel of \(lack) sector\(lack == 1 ? "" : "s") is missing, and P and Q are made for them."
        #expect(image.warnings == (lack == 0 ? [] : [sentence]))
        for address in 0..<40 {
            var wanted = disc.linear(address)
            if address >= 40 - lack { for i in 24..<36 { wanted[i] = 0 } }
            #expect(try image.disc.subchannel(address) == PlainSector.interleaved(wanted))
        }
    }

    @Test func `what the files have behind the table is told`() throws {
        let disc = SampleDisc.data
        let path = try folder.write("image.ccd", disc.ccdFile())
        try folder.write("image.img", disc.bytes + [UInt8](repeating: 7, count: 3 * 2352 + 5))
        try folder.write("image.sub", disc.subBytes() + [UInt8](repeating: 7, count: 96))
        let image = try DiscImage(path)
        try expectSame(image.disc, disc)
        #expect(
            image.warnings == [
                "After the last sector that the table has, image.img has 7061 bytes more (3 sectors), which belong to no track and are left out.",
                "image.sub has 96 bytes more than the sectors of the table have subchannel; they are left out.",
            ]
        )
    }
}
