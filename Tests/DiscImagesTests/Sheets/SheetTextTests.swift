import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Titles and other texts of sheets, in every writing.
struct SheetTextTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.write("a.bin", [UInt8](repeating: 0, count: 2352 * 300))
    }

    private static let sheet = """
        REM GENRE "Электроника"
        REM DATE 1998
        REM DISCID 10000301
        REM COMMENT "by hand"
        REM REPLAYGAIN_ALBUM_GAIN -4.56 dB
        TITLE "Альбом"
        PERFORMER "Группа"
        FILE "a.bin" BINARY
          TRACK 01 AUDIO
            TITLE "日本語"
            PERFORMER "The "Best" of"
            REM REPLAYGAIN_TRACK_GAIN -1.00 dB
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            TITLE "Café"
            INDEX 01 00:02:00

        """

    private func open(_ bytes: [UInt8], _ name: String = "a.cue", _ encoding: String? = nil) throws
        -> DiscImage
    {
        let path = try folder.write(name, bytes)
        let encoding = encoding.flatMap { TextEncoding($0) }
        return try DiscImage(path, secrets: encoding.map { ImageSecrets(encoding: $0, nil) })
    }

    private func write(
        _ image: DiscImage,
        _ name: String,
        _ set: (inout ImageOptions) -> Void = { _ in }
    )
        throws -> [UInt8]
    {
        var options = ImageOptions()
        set(&options)
        let format = try #require(ImageFormat.forWriting(FilePath(name)))
        let sink = try #require(
            try format.writer?(image.disc, folder.path(name), options)
        )
        _ = try DiscCopy.run(from: image.disc, to: sink)
        return try folder.read(name)
    }

    private func expectTexts(_ image: DiscImage) {
        let texts = ReadableTexts(image.layout)
        #expect(texts.text(.title, track: 0) == "Альбом")
        #expect(texts.text(.performer, track: 0) == "Группа")
        #expect(texts.text(.title, track: 1) == "日本語")
        #expect(texts.text(.performer, track: 1) == "The \"Best\" of")
        #expect(texts.text(.title, track: 2) == "Café")
    }

    @Test(arguments: ["UTF-8", "UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE", "UTF-32"])
    func `a sheet in Unicode`(_ encoding: String) throws {
        let bytes = try #require(TextEncoding(encoding)?.bytes(Self.sheet))
        let image = try open(bytes)
        #expect(image.format?.name == "cue")
        expectTexts(image)
        #expect(image.warnings.isEmpty)
    }

    @Test(arguments: [false, true])
    func `texts and remarks survive`(_ splits: Bool) throws {
        let image = try open(Array(Self.sheet.utf8))
        let text = String(
            decoding: try write(image, "b.cue") { $0.splitsTracks = splits },
            as: UTF8.self
        )
        for line in Self.sheet.split(separator: "\n")
        where line.contains("REM") || line.contains("TITLE") {
            #expect(text.contains(line), "\(line)")
        }
        let again = try DiscImage(folder.path("b.cue"))
        expectTexts(again)
        // Other programs end a text with the first quotation mark: such a text is in the packs alone.
        var kept = image.layout.sheetTexts
        kept?[1].texts[.performer] = nil
        #expect(again.layout.sheetTexts == kept)
        #expect(again.layout.cdText == image.layout.cdText)
    }

    @Test func `what a format can't spell is a loss`() throws {
        let image = try open(Array(Self.sheet.utf8))
        let inventory = try DiscInventory(of: image.disc, reading: false)
        for format in ImageFormat.writable {
            let losses = DiscLoss.losses(of: inventory, in: format)
            let texts = losses.first { $0.feature == .sheetTexts }
            #expect((texts == nil) == ["cue", "toc"].contains(format.name), "\(format.name)")
            #expect(losses.contains { $0.feature == .remarks } == (format.name != "cue"))
            if let texts { #expect(texts.tracks == [1]) }
        }
        // What ISO 8859-1 spells is CD-TEXT, and no question mark is.
        let block = try #require(CDText(packs: image.layout.cdText).blocks.first)
        #expect(block.texts[.title] == [2: [0x43, 0x61, 0x66, 0xE9]])
        for hasAudio in [false, true] {
            #expect(!DiscFeature.remarks.needsConsent(hasAudio: hasAudio))
            #expect(DiscFeature.sheetTexts.needsConsent(hasAudio: hasAudio))
        }
    }

    @Test(arguments: [("CP1251", "Альбом", true), ("SHIFT_JIS", "時空の水", false)])
    func `an unknown encoding is kept and reported`(
        _ encoding: String,
        _ title: String,
        _ mayBeLatin: Bool
    ) throws {
        let sheet =
            "TITLE \"\(title)\"\nFILE a.bin BINARY\nTRACK 01 AUDIO\nTITLE \"x\"\nINDEX 01 00:00:00\n"
        let bytes = try #require(TextEncoding(encoding)?.bytes(sheet))
        let image = try open(bytes)
        #expect(image.warnings.contains { $0.contains("encoding") && $0.contains("--encoding") })
        #expect(ReadableTexts(image.layout).text(.title, track: 0) != title)
        let raw = try #require(TextEncoding(encoding)?.bytes("TITLE \"\(title)\""))
        let written = try write(image, "b.cue")
        #expect(written.firstRange(of: raw) != nil)
        let inventory = try DiscInventory(of: image.disc, reading: false)
        #expect((inventory.features[.sheetTexts] == nil) == mayBeLatin)
        // The user knows it.
        let known = try open(bytes, "c.cue", encoding)
        #expect(known.warnings.isEmpty)
        #expect(ReadableTexts(known.layout).text(.title, track: 0) == title)
        let utf8 = String(decoding: try write(known, "d.cue"), as: UTF8.self)
        #expect(utf8.contains("TITLE \"\(title)\""))
    }

    @Test func `a name of a file in an unknown encoding`() throws {
        let name = try #require(TextEncoding("CP1251")?.bytes("Диск.bin"))
        try Programs.run([
            "sh", "-c", "cp \"$0/a.bin\" \"$0/$(printf '\\304\\350\\361\\352').bin\"",
            folder.path.string,
        ])
        let sheet =
            Array("FILE \"".utf8) + name
            + Array("\" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n".utf8)
        #expect(try open(sheet).layout.tracks[0].length == 300)
    }

    // MARK: CD-TEXT

    private static let toc = """
        CD_DA
        CD_TEXT {
          LANGUAGE_MAP { 0: 9 1: 105 2: 15 }
          LANGUAGE 0 { TITLE "Water" PERFORMER "A" }
          LANGUAGE 1 { ENCODING_MS_JIS TITLE "湿った水" PERFORMER "白人A" }
          LANGUAGE 2 { TITLE "Eau" PERFORMER "Été" }
        }
        TRACK AUDIO
        CD_TEXT { LANGUAGE 0 { TITLE "One" } LANGUAGE 1 { TITLE "熱波" } LANGUAGE 2 { TITLE "Un" } }
        FILE "a.bin" 0

        """

    @Test func `languages and MS-JIS`() throws {
        let image = try open(Array(Self.toc.utf8), "a.toc")
        #expect(image.warnings.isEmpty)
        let blocks = CDText(packs: image.layout.cdText).blocks
        #expect(blocks.map(\.language) == [9, 105, 15])
        #expect(blocks.map(\.characterCode) == [0, 0x80, 0])
        #expect(
            blocks[1].texts[.title] == [
                0: [0x8E, 0xBC, 0x82, 0xC1, 0x82, 0xBD, 0x90, 0x85], 1: [0x94, 0x4D, 0x94, 0x67],
            ]
        )
        // ASCII among characters of two bytes.
        #expect(blocks[1].texts[.performer]?[0] == [0x94, 0x92, 0x90, 0x6C, 0x41])
        #expect(blocks[2].texts[.performer]?[0] == [0xC9, 0x74, 0xE9])
        let inventory = try DiscInventory(of: image.disc, reading: false)
        #expect(inventory.features[.cdTextPacks] == nil)
        for name in ["b.toc", "c.cue", "d.ccd"] {
            let format = try #require(ImageFormat.forWriting(FilePath(name)))
            let losses = DiscLoss.losses(of: inventory, in: format)
            #expect(losses.isEmpty, "\(name): \(losses)")
            _ = try write(image, name)
            #expect(try DiscImage(folder.path(name)).layout.cdText == image.layout.cdText)
        }
    }

    @Test func `a Japanese disc is read by its first language`() throws {
        let text = Self.toc.replacing("0: 9 1: 105 2: 15", with: "0: 105 1: 9 2: 15")
            .replacing("LANGUAGE 0", with: "LANGUAGE X").replacing("LANGUAGE 1", with: "LANGUAGE 0")
            .replacing("LANGUAGE X", with: "LANGUAGE 1")
        let image = try open(Array(text.utf8), "a.toc")
        #expect(ReadableTexts(image.layout).text(.title, track: 0) == "湿った水")
        _ = try write(image, "b.cue")
        let again = try DiscImage(folder.path("b.cue"))
        #expect(again.layout.cdText == image.layout.cdText)
        #expect(ReadableTexts(again.layout).text(.title, track: 1) == "熱波")
    }

    @Test func `a TOC file keeps titles that CD-TEXT can't spell`() throws {
        let image = try open(Array(Self.sheet.utf8))
        _ = try write(image, "b.toc")
        expectTexts(try DiscImage(folder.path("b.toc")))
    }

    @Test(arguments: ["\\007", "\\033", "\\012"])
    func `a character of CD-TEXT that no sheet has goes into the file of packs`(_ escape: String)
        throws
    {
        let image = try open(Array(Self.toc("Al\(escape)bum").utf8), "control.toc")
        #expect(!image.layout.cdText.isEmpty)
        _ = try write(image, "control.cue")
        let again = try DiscImage(folder.path("control.cue"))
        #expect(again.format?.name == "cue")
        #expect(again.layout.cdText == image.layout.cdText)
    }

    @Test func `a text with a zero in it ends there, and those of later tracks stay theirs`() throws
    {
        let image = try open(Array(Self.toc("Al\\000bum").utf8), "zero.toc")
        #expect(image.warnings.contains { $0.contains("has a zero after it") })
        let texts = ReadableTexts(image.layout)
        #expect(texts.text(.title, track: 0) == "Al")
        #expect(texts.text(.title, track: 1) == "T")
    }

    @Test(arguments: ["\\007", "\\033", "\n"])
    func `a text that neither CD-TEXT nor a sheet can hold is named and left out`(_ control: String)
        throws
    {
        let image = try open(Array(Self.toc("Аль\(control)бом").utf8), "control.toc")
        #expect(image.warnings.contains { $0.contains("бом") && $0.contains("left out") })
        _ = try write(image, "control.cue")
        let again = try DiscImage(folder.path("control.cue"))
        #expect(again.format?.name == "cue")
        #expect(ReadableTexts(again.layout).text(.title, track: 0) == nil)
    }

    private static func toc(_ title: String) -> String {
        """
        CD_DA
        CD_TEXT {
          LANGUAGE_MAP { 0 : EN }
          LANGUAGE 0 { TITLE "\(title)" PERFORMER "B" }
        }
        TRACK AUDIO
        CD_TEXT { LANGUAGE 0 { TITLE "T" PERFORMER "P" } }
        FILE "a.bin" 0

        """
    }
}
