import DiscFiles
import Foundation
import TestSupport
import Testing

/// What is no file system of discs is named for what it is.
@Suite struct OtherContentTests {
    private func examine(_ image: Image) throws -> DiscContent {
        try .examine(MemorySource(image.bytes))
    }

    private func marked(_ marks: [(offset: Int, bytes: [UInt8])], sectors: Int = 64) -> Image {
        var image = Image(sectors: sectors)
        for mark in marks { image.put(mark.bytes, at: mark.offset) }
        return image
    }

    /// A mark, from the description of each format, and words of what is said.
    struct Sample: Sendable, CustomTestStringConvertible {
        var words: String
        var kind: OtherContent.Kind
        var offset = 0
        var bytes: [UInt8]
        var testDescription: String { words }

        init(_ words: String, _ kind: OtherContent.Kind, _ offset: Int, _ text: String) {
            (self.words, self.kind, self.offset, bytes) = (words, kind, offset, Array(text.utf8))
        }

        init(_ words: String, _ kind: OtherContent.Kind, _ offset: Int, hex: [UInt8]) {
            (self.words, self.kind, self.offset, bytes) = (words, kind, offset, hex)
        }
    }

    static let samples = [
        Sample("exFAT", .fileSystem, 3, "EXFAT   "),
        Sample("NTFS", .fileSystem, 3, "NTFS    "),
        Sample("BitLocker", .fileSystem, 3, "-FVE-FS-"),
        Sample("XFS", .fileSystem, 0, "XFSB"),
        Sample("Btrfs", .fileSystem, 65600, "_BHRfS_M"),
        Sample("squashfs", .fileSystem, 0, "hsqs"),
        Sample("APFS", .fileSystem, 32, "NXSB"),
        Sample("LVM", .fileSystem, 512, "LABELONE"),
        Sample("LUKS", .fileSystem, 0, hex: [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE]),
        Sample("swap", .fileSystem, 4086, "SWAPSPACE2"),
        Sample("QCOW", .diskImage, 0, hex: [0x51, 0x46, 0x49, 0xFB]),
        Sample("VMDK", .diskImage, 0, "KDMV"),
        Sample("VDI", .diskImage, 64, hex: [0x7F, 0x10, 0xDA, 0xBE]),
        Sample("VHD", .diskImage, 0, "conectix"),
        Sample("VHD", .diskImage, 63 * 2048 + 1536, "conectix"),
        Sample("VHDX", .diskImage, 0, "vhdxfile"),
        Sample("WIM", .archive, 0, "MSWIM\0\0\0"),
        Sample("zip", .archive, 0, "PK\u{3}\u{4}"),
        Sample("7z", .archive, 0, hex: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        Sample("RAR", .archive, 0, "Rar!\u{1A}\u{7}"),
        Sample("tar", .archive, 257, "ustar"),
        Sample("lzip", .archive, 0, "LZIP\u{1}"),
        Sample("lzop", .archive, 0, hex: [0x89, 0x4C, 0x5A, 0x4F, 0, 13, 10, 0x1A, 10]),
        Sample("lrzip", .archive, 0, "LRZI\0\u{6}"),
        Sample("rzip", .archive, 0, "RZIP\u{2}\u{1}"),
        Sample("LZFSE", .archive, 0, "bvx2"),
        Sample(
            "zpaq",
            .archive,
            0,
            hex: [
                0x37, 0x6B, 0x53, 0x74, 0xA0, 0x31, 0x83, 0xD3, 0x8C, 0xB2, 0x28, 0xB0, 0xD3,
            ]
        ),
        Sample("zpaq", .archive, 0, "zPQ\u{1}\u{1}"),
        Sample(
            "ARJ",
            .archive,
            0,
            hex: [0x60, 0xEA, 0x29, 0, 0x22, 0x0B, 1, 2, 0x10, 0, 2]
        ),
        Sample("zoo", .archive, 20, hex: [0xDC, 0xA7, 0xC4, 0xFD]),
        Sample("ALZ", .archive, 0, "ALZ\u{1}"),
        Sample("EGG", .archive, 0, "EGGA"),
        Sample("NSP", .archive, 0, "PFS0"),
        // Without a size, as xz writes it, and with one, as the LZMA SDK does.
        Sample(
            "LZMA",
            .archive,
            0,
            hex: [0x5D, 0, 0, 0, 1] + [UInt8](repeating: 0xFF, count: 8) + [0, 0x1A]
        ),
        Sample("LZMA", .archive, 0, hex: [0x5D, 0, 0, 0x80, 0]),
        Sample("dvdisaster", .document, 0, "*dvdisaster*RS01"),
        Sample("PAR2", .document, 0, "PAR2\0PKT"),
        Sample("recovery volume", .document, 0, "Rar!\u{1A}Rev"),
        Sample("jigdo", .document, 0, "JigsawDownload template 1.2"),
        Sample("zsync", .document, 0, "zsync: 0.6.2"),
        Sample("PPF", .document, 0, "PPF30"),
        Sample("IPS", .document, 0, "PATCH"),
        Sample("BPS", .document, 0, "BPS1"),
        Sample("VCDIFF", .document, 0, hex: [0xD6, 0xC3, 0xC4, 0]),
        Sample("EnCase", .diskImage, 0, hex: [0x45, 0x56, 0x46, 0x32, 13, 10, 0x81]),
        Sample("EnCase", .diskImage, 0, hex: [0x4C, 0x56, 0x46, 9, 13, 10, 0xFF]),
        Sample("AFF", .diskImage, 0, "AFF10\u{D}\u{A}\0"),
        Sample("FFU", .diskImage, 4, "SignedImage "),
        Sample("TGC", .diskImage, 0, hex: [0xAE, 0x0F, 0x38, 0xA2]),
        Sample("WUX", .diskImage, 0, hex: [0x57, 0x55, 0x58, 0x30, 0x2E, 0xD0, 0x99, 0x10]),
        Sample("CCI", .diskImage, 0, "CCIM"),
        Sample("JISO", .diskImage, 0, "JISO"),
        Sample("PBP", .diskImage, 0, "\0PBP"),
        Sample("PDF", .document, 0, "%PDF-1.7"),
        Sample("torrent", .document, 0, "d8:announce35:http"),
        Sample("Unix", .program, 0, "\u{7F}ELF"),
        Sample("MP3", .media, 0, "ID3\u{3}\0\0"),
        Sample("FLAC", .media, 0, "fLaC"),
        Sample("WAV", .media, 0, "RIFF\0\0\0\0WAVE"),
        Sample("MP4", .media, 4, "ftypisom"),
        Sample("JPEG", .media, 0, hex: [0xFF, 0xD8, 0xFF, 0xE0]),
    ]

    @Test(arguments: samples)
    func `A mark names a thing, and one byte less of it does not`(sample: Sample) throws {
        let content = try examine(marked([(sample.offset, sample.bytes)]))
        let other = try #require(content.other)
        #expect(other.kind == sample.kind)
        #expect(other.name.contains(sample.words))
        #expect(!other.isDisc)
        #expect(content.reasonNotADisc?.contains(sample.words) == true)
        let less = marked([
            (sample.offset, Array(sample.bytes.dropLast(sample.bytes.count / 2 + 1)))
        ])
        #expect(try examine(less).other?.name.contains(sample.words) != true)
    }

    @Test(arguments: samples)
    func `What has a file system of discs is one, whatever it begins with`(sample: Sample) throws {
        guard sample.offset < 32768 else { return }
        var image = marked([(sample.offset, sample.bytes)])
        image.putPrimary(at: 16, size: 60)
        image.putTerminator(at: 17)
        let content = try examine(image)
        #expect(content.reasonNotADisc == nil)
        #expect(content.other == nil)
    }

    @Test(
        arguments: [
            ("a GameCube disc", 0x1C, [0xC2, 0x33, 0x9F, 0x3D], 0x20),
            ("a Wii disc", 0x18, [0x5D, 0x1C, 0x9E, 0xA3], 0x20),
            ("a 3DO disc", 0, [1, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 1], 0x28),
            ("a Dreamcast disc", 0, Array("SEGA SEGAKATANA ".utf8), 0x80),
        ] as [(String, Int, [UInt8], Int)]
    )
    func `Game discs are discs, and have a name`(
        name: String,
        offset: Int,
        mark: [UInt8],
        title: Int
    ) throws {
        let image = marked([(offset, mark), (title, Array("A Game's Name".utf8))])
        let content = try examine(image)
        #expect(content.other?.name == name)
        #expect(content.other?.title == "A Game's Name")
        #expect(content.reasonNotADisc == nil)
    }

    @Test func `An Xbox disc's mark lies behind what is read first`() throws {
        let image = marked([(65536, Array("MICROSOFT*XBOX*MEDIA".utf8))])
        #expect(try examine(image).other?.name == "an Xbox disc")
    }

    @Test(
        arguments: [
            (2880, 9, false, "FAT12"), (40000, 40, false, "FAT16"), (200_000, 390, true, "FAT32"),
        ] as [(UInt32, UInt32, Bool, String)]
    )
    func `FAT is told by the number of its clusters`(
        sectors: UInt32,
        tables: UInt32,
        isLarge: Bool,
        name: String
    ) throws {
        var image = Image(sectors: 64)
        image.putFAT(sectors: sectors, tableSectors: tables, isLarge: isLarge)
        let other = try #require(try examine(image).other)
        #expect(other.name == "a \(name) file system")
        #expect(other.title == "A LABEL")
        #expect(other.size == UInt64(sectors) * 512)
    }

    @Test(arguments: [2, 3, 4])
    func `The generation of ext shows in its features`(generation: Int) throws {
        var image = Image(sectors: 64)
        image.putExt(generation: generation, blocks: 1000, label: "root")
        let other = try #require(try examine(image).other)
        #expect(other.name == "an ext\(generation) file system")
        #expect(other.title == "root")
        #expect(other.size == 4_096_000)
    }

    @Test func `A stick is told from a disc, with what is in its partitions`() throws {
        var image = Image(sectors: 600)
        image.putBootSector([(0x80, 0x0C, 64, 1000), (0, 0x83, 1100, 1000)])
        image.putFAT(at: 64 * 512, sectors: 1000, tableSectors: 5, label: "STICK")
        image.putExt(generation: 4, blocks: 125, label: "data", at: 1100 * 512)
        let content = try examine(image)
        #expect(
            content.partitions.map(\.content) == ["a FAT12 file system", "an ext4 file system"]
        )
        #expect(content.partitions.map(\.name) == ["STICK", "data"])
        #expect(content.partitions.map(\.start) == [32768, 563_200])
        let reason = try #require(content.reasonNotADisc)
        #expect(reason.contains("a stick or hard disk, not of a disc"))
        #expect(reason.contains("a FAT12 file system “STICK”"))
        // The same with an ISO 9660 volume is a hybrid.
        image.putPrimary(at: 16, size: 600)
        image.putTerminator(at: 17)
        #expect(try examine(image).reasonNotADisc == nil)
    }

    @Test func `A GPT without anything of a disc is one of a disk`() throws {
        var image = Image(sectors: 450)
        image.putGPT(last: 1799, partitions: [(64, 1000)])
        image.putExt(generation: 3, blocks: 100, label: "x", at: 64 * 512)
        let content = try examine(image)
        #expect(content.partitions.map(\.table) == [.guidPartitionTable])
        #expect(content.reasonNotADisc?.contains("GPT") == true)
        #expect(content.reasonNotADisc?.contains("ext3") == true)
    }

    @Test func `A text is one up to the zeros that fill its sector`() throws {
        var image = Image(sectors: 1)
        image.put("Dear reader,\r\n\tthis is no image.\n", at: 0)
        #expect(try examine(image).other?.kind == .text)
        image.put([7], at: 5)
        #expect(try examine(image).other == nil)
        #expect(try examine(Image(sectors: 1)).other == nil)
    }

    @Test(arguments: [
        String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian,
    ])
    func `A text may have two or four bytes a character, with a mark or without`(
        encoding: String.Encoding
    ) throws {
        let sheet = "TITLE \"日本語 \u{1F3B5}\"\r\nFILE \"a.bin\" BINARY\r\n"
        for (mark, count) in [("", 1), ("\u{FEFF}", 1), ("", 300), ("\u{FEFF}", 3000)] {
            let text = mark + String(repeating: sheet, count: count)
            var bytes = [UInt8](try #require(text.data(using: encoding)))
            bytes += [UInt8](repeating: 0, count: (2048 - bytes.count % 2048) % 2048)
            var image = Image(sectors: 0)
            image.bytes = bytes
            let content = try examine(image)
            #expect(content.other?.kind == .text, "\(bytes.count) bytes")
            #expect(content.reasonNotADisc == "is a text, not an image of a disc")
            // A zero, or another character that no text has, and it is none.
            image.put([0, 0, 0, 0], at: 16)
            #expect(try examine(image).other == nil)
            image.bytes = bytes
            image.put([1, 0, 0, 0], at: bytes.count - 2048 + 16)
            #expect(try examine(image).other == nil)
        }
    }

    @Test func `Bytes that are never ASCII are no text`() throws {
        var image = Image(sectors: 4)
        for value in [UInt8(0x80), 0xA5, 0xFF] {
            image.bytes = [UInt8](repeating: value, count: 8192)
            #expect(try examine(image).other == nil)
        }
    }

    @Test func `Zeros and noise are nothing that is known`() throws {
        #expect(try examine(Image(sectors: 100)).other == nil)
        var state: UInt64 = 88_172_645_463_325_252
        var noise = Image(sectors: 100)
        for index in noise.bytes.indices {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            noise.bytes[index] = UInt8(truncatingIfNeeded: state)
        }
        let content = try examine(noise)
        #expect(content.other == nil)
        #expect(content.reasonNotADisc == nil)
    }

    @Test func `Fields as large as can be harm nobody`() throws {
        for fill in [UInt8(0), 0x7F, 0x80, 0xFF] {
            for sample in Self.samples {
                var image = Image(sectors: 40)
                for index in image.bytes.indices { image.bytes[index] = fill }
                image.put(sample.bytes, at: sample.offset)
                _ = try examine(image)
            }
            for base in [0, 32768] {
                var image = Image(sectors: 40)
                image.putFAT(sectors: 2880, tableSectors: 9)
                image.putExt(generation: 4, blocks: .max, label: "x")
                image.putHFSPlus(at: base, blocks: .max, name: "a name")
                for offset in stride(from: 0, to: 3000, by: 7) {
                    var other = image
                    other.put([fill, fill, fill, fill, fill], at: base + offset)
                    _ = try examine(other)
                }
            }
        }
    }
}
