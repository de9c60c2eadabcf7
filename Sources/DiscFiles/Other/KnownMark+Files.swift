extension KnownMark {
    /// Files that are no image of anything.
    static let files: [KnownMark] = [
        KnownMark("a zip archive", .archive, bytes: Array("PK".utf8) + [3, 4]),
        KnownMark("an empty zip archive", .archive, bytes: Array("PK".utf8) + [5, 6]),
        KnownMark("a part of a zip archive", .archive, bytes: Array("PK".utf8) + [7, 8]),
        KnownMark("a 7z archive", .archive, bytes: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        KnownMark("a RAR archive", .archive, bytes: Array("Rar!".utf8) + [0x1A, 7]),
        KnownMark("a tar archive", .archive, at: 257, "ustar"),
        KnownMark("a cabinet archive", .archive, bytes: Array("MSCF\0\0\0\0".utf8)),
        KnownMark("a cpio archive", .archive, "070701"),
        KnownMark("a cpio archive", .archive, "070702"),
        KnownMark("a cpio archive", .archive, "070707"),
        KnownMark("a Debian package", .archive, "!<arch>\ndebian-binary"),
        KnownMark("an ar archive", .archive, "!<arch>\n"),
        KnownMark("an RPM package", .archive, bytes: [0xED, 0xAB, 0xEE, 0xDB]),
        KnownMark("an LHA archive", .archive, at: 2, "-lh", also: [(6, [0x2D])]),
        KnownMark("an ACE archive", .archive, at: 7, "**ACE**"),
        KnownMark("an lzip file", .archive, "LZIP", also: [(4, [1])]),
        KnownMark("an lz4 file", .archive, bytes: [0x04, 0x22, 0x4D, 0x18]),
        KnownMark("a compress file", .archive, bytes: [0x1F, 0x9D, 0x90]),
        KnownMark("an lzop file", .archive, bytes: [0x89, 0x4C, 0x5A, 0x4F, 0, 13, 10, 0x1A, 10]),
        KnownMark("an lrzip file", .archive, "LRZI", also: [(4, [0])]),
        KnownMark("an rzip file", .archive, "RZIP", also: [(4, [2])]),
        KnownMark("a Snappy file", .archive, bytes: [0xFF, 6, 0, 0] + Array("sNaPpY".utf8)),
        KnownMark("an LZFSE file", .archive, "bvx2"),
        KnownMark(
            "a zpaq archive",
            .archive,
            bytes: Array("7kSt".utf8) + [0xA0, 0x31, 0x83, 0xD3, 0x8C, 0xB2, 0x28, 0xB0, 0xD3]
        ),
        KnownMark("a zpaq archive", .archive, "zPQ", also: [(3, [1, 1])]),
        KnownMark("a zpaq archive", .archive, "zPQ", also: [(3, [2, 1])]),
        // The main header, whose size of the first part is that of either of two versions.
        KnownMark(
            "an ARJ archive",
            .archive,
            bytes: [0x60, 0xEA],
            also: [(4, [0x1E]), (10, [2])]
        ),
        KnownMark(
            "an ARJ archive",
            .archive,
            bytes: [0x60, 0xEA],
            also: [(4, [0x22]), (10, [2])]
        ),
        KnownMark("a zoo archive", .archive, at: 20, bytes: [0xDC, 0xA7, 0xC4, 0xFD]),
        KnownMark("an ALZ archive", .archive, bytes: Array("ALZ".utf8) + [1]),
        KnownMark("an EGG archive", .archive, "EGGA"),
        KnownMark("a package of Switch programs (NSP)", .archive, "PFS0"),
        KnownMark("a StuffIt archive", .archive, "StuffIt (c)"),
        KnownMark("a StuffIt archive", .archive, "SIT!", also: [(10, Array("rLau".utf8))]),
        KnownMark("a xar archive", .archive, "xar!"),
        KnownMark("a Windows image (WIM)", .archive, bytes: Array("MSWIM\0\0\0".utf8)),

        KnownMark("error-correction data of dvdisaster", .document, "*dvdisaster*"),
        KnownMark("a PAR2 file, which only repairs others", .document, "PAR2\0PKT"),
        KnownMark("a PAR file, which only repairs others", .document, "PAR\0\0\0\0\0"),
        KnownMark(
            "a recovery volume of a RAR archive",
            .document,
            bytes: Array("Rar!".utf8) + [0x1A] + Array("Rev".utf8)
        ),
        KnownMark(
            "a jigdo template, which has only a part of an image",
            .document,
            "JigsawDownload template "
        ),
        KnownMark("a zsync file, which only tells where to fetch a file", .document, "zsync: "),
        KnownMark("a patch (PPF), which only has differences", .document, "PPF10"),
        KnownMark("a patch (PPF), which only has differences", .document, "PPF20"),
        KnownMark("a patch (PPF), which only has differences", .document, "PPF30"),
        KnownMark("a patch (IPS), which only has differences", .document, "PATCH"),
        KnownMark("a patch (BPS), which only has differences", .document, "BPS1"),
        KnownMark("a patch (UPS), which only has differences", .document, "UPS1"),
        KnownMark("a patch (bsdiff), which only has differences", .document, "BSDIFF40"),
        KnownMark(
            "a patch (VCDIFF or xdelta), which only has differences",
            .document,
            bytes: [0xD6, 0xC3, 0xC4, 0]
        ),

        KnownMark("a PDF document", .document, "%PDF-"),
        KnownMark("a PostScript document", .document, "%!PS"),
        KnownMark("a Rich Text document", .document, "{\\rtf"),
        KnownMark(
            "a document or installer of Microsoft's",
            .document,
            bytes: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        ),
        KnownMark("a DjVu document", .document, "AT&TFORM"),
        KnownMark("an SQLite database", .document, "SQLite format 3"),
        KnownMark("a torrent, which only tells where to fetch a file", .document, "d8:announce"),
        KnownMark(
            "a torrent, which only tells where to fetch a file",
            .document,
            "d13:announce-list"
        ),
        KnownMark("a web page", .document, "<!DOCTYPE html"),
        KnownMark("a web page", .document, "<!doctype html"),
        KnownMark("a web page", .document, "<html"),

        KnownMark(
            "a program of Linux or another Unix",
            .program,
            bytes: [0x7F] + Array("ELF".utf8)
        ),
        KnownMark("a program of macOS", .program, bytes: [0xCF, 0xFA, 0xED, 0xFE]),
        KnownMark("a program of macOS", .program, bytes: [0xCE, 0xFA, 0xED, 0xFE]),
        KnownMark("a program of macOS", .program, bytes: [0xFE, 0xED, 0xFA, 0xCE]),
        KnownMark("a program of macOS or a Java class", .program, bytes: [0xCA, 0xFE, 0xBA, 0xBE]),

        KnownMark("an MP3 file", .media, "ID3", also: [(5, [0])]),
        KnownMark("a FLAC file", .media, "fLaC"),
        KnownMark("an Ogg file", .media, bytes: Array("OggS\0".utf8)),
        KnownMark("a WavPack file", .media, "wvpk"),
        KnownMark("a Monkey's Audio file", .media, "MAC ", also: [(5, [0x0F])]),
        KnownMark("a TTA file", .media, "TTA1"),
        KnownMark("a WAV file", .media, "RIFF", also: [(8, Array("WAVE".utf8))]),
        KnownMark("an AVI film", .media, "RIFF", also: [(8, Array("AVI ".utf8))]),
        KnownMark("a WebP picture", .media, "RIFF", also: [(8, Array("WEBP".utf8))]),
        KnownMark("an AIFF file", .media, "FORM", also: [(8, Array("AIF".utf8))]),
        KnownMark("an MP4 or QuickTime file", .media, at: 4, "ftyp"),
        KnownMark("a Matroska or WebM film", .media, bytes: [0x1A, 0x45, 0xDF, 0xA3]),
        KnownMark(
            "a Windows Media file",
            .media,
            bytes: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]
        ),
        KnownMark("an MPEG film", .media, bytes: [0, 0, 1, 0xBA]),
        KnownMark(
            "an MPEG transport stream",
            .media,
            "G",
            also: [(188, [0x47]), (376, [0x47]), (564, [0x47])]
        ),
        KnownMark("a JPEG picture", .media, bytes: [0xFF, 0xD8, 0xFF]),
        KnownMark("a PNG picture", .media, bytes: [0x89] + Array("PNG\r\n".utf8) + [0x1A, 10]),
        KnownMark("a GIF picture", .media, "GIF8", also: [(5, [0x61])]),
        KnownMark("a MIDI file", .media, bytes: Array("MThd\0\0\0".utf8)),
    ]

    /// Files of LZMA without a frame, which have no mark.
    ///
    /// They are known by the usual properties, the size of the dictionary, and that of the data, which
    /// is unknown or less than a terabyte. The packed data begin with a zero.
    static let lzma: [KnownMark] = {
        let unknown = KnownMark(
            "an LZMA file",
            .archive,
            bytes: [0x5D, 0, 0],
            also: [(5, [UInt8](repeating: 0xFF, count: 8)), (13, [0])]
        )
        let sized = (0..<8).map { power in
            KnownMark(
                "an LZMA file",
                .archive,
                bytes: [0x5D, 0, 0, UInt8(1) << UInt8(power), 0],
                also: [(10, [0, 0, 0, 0])]
            )
        }
        return [unknown] + sized
    }()
}
