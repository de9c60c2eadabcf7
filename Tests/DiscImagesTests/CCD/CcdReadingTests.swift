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
}
