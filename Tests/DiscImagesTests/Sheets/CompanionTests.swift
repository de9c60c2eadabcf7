import DiscImages
import DiscModel
import Reports
import SystemPackage
import TestSupport
import Testing

/// Which file is read for the name that a sheet has.
struct CompanionTests {
    private let folder: Folder
    private let right = SampleDisc.audio.bytes
    private let wrong: [UInt8]

    init() throws {
        folder = try Folder()
        wrong = right.map { ~$0 }
    }

    /// Sheets of every kind that name a file of audio.
    private static let sheets: [(name: String, text: @Sendable (String) -> String)] = [
        ("a.cue", { "FILE \"\($0)\" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n" }),
        ("a.toc", { "CD_DA\nTRACK AUDIO\nFILE \"\($0)\" SWAP 0\n" }),
        ("a.gdi", { "1\n1 0 0 2352 \"\($0)\" 0\n" }),
    ]

    private func open(_ sheet: Int, _ name: String) throws(Failure) -> DiscImage {
        let (file, text) = Self.sheets[sheet]
        // In a TOC file a backslash is doubled.
        let written = file == "a.toc" ? name.split(separator: "\\").joined(separator: "\\\\") : name
        guard let path = try? folder.write(file, text(written)) else { fatalError() }
        return try DiscImage(path)
    }

    private func expectRight(_ image: DiscImage, _ warns: Bool) throws {
        #expect(try image.disc.raw(0) == Array(right[..<2352]))
        #expect(image.warnings.isEmpty != warns, "\(image.warnings)")
    }

    @Test(
        arguments: sheets.indices,
        [
            ("d/x.bin", "d/x.bin", false), ("d\\x.bin", "d/x.bin", false),
            ("D/X.BIN", "d/x.bin", true), ("d/e/../x.bin", "d/x.bin", false),
            ("./d/x.bin", "d/x.bin", false), ("x.bin", "x.bin", false),
            ("d/x.bin", "x.bin", true), ("C:\\cd\\x.bin", "x.bin", true),
            ("../x.bin", "x.bin", true), ("/nowhere/x.bin", "x.bin", true),
        ] as [(String, String, Bool)]
    )
    func `a file is found`(_ sheet: Int, _ file: (named: String, there: String, warns: Bool))
        throws
    {
        try folder.write(file.there, right)
        try expectRight(try open(sheet, file.named), file.warns)
    }

    @Test(arguments: sheets.indices, ["d/x.bin", "d\\x.bin", "D/x.bin"])
    func `an unrelated file beside the sheet does not win`(_ sheet: Int, _ named: String) throws {
        try folder.write("d/x.bin", right)
        try folder.write("x.bin", wrong)
        #expect(try open(sheet, named).disc.raw(0) == Array(right[..<2352]))
    }

    @Test(arguments: sheets.indices)
    func `what lies outside is not read`(_ sheet: Int) throws {
        let other = try Folder()
        try other.write("y.bin", right)
        let outside = other.path("y.bin").string
        let up = "../\(other.path.lastComponent?.string ?? "")/y.bin"
        for name in [outside, up] {
            let failure = try #require(throws: Failure.self) { try open(sheet, name) }
            #expect(failure.what.contains("outside the folder of"), "\(failure.what)")
        }
        try Programs.run(["ln", "-s", outside, folder.path("link.bin").string])
        try Programs.run(["ln", "-s", other.path.string, folder.path("way").string])
        for name in ["link.bin", "way/y.bin"] {
            let failure = try #require(throws: Failure.self) { try open(sheet, name) }
            #expect(failure.what.contains("leads out of the folder of"), "\(failure.what)")
        }
        // A link within the folder is followed.
        try folder.write("d/x.bin", right)
        try Programs.run(["ln", "-s", "d/x.bin", folder.path("inner.bin").string])
        try expectRight(try open(sheet, "inner.bin"), false)
    }

    @Test(.timeLimit(.minutes(1)), arguments: sheets.indices)
    func `only regular files are opened`(_ sheet: Int) throws {
        try Programs.run(["mkfifo", folder.path("pipe.bin").string])
        try Programs.run(["mkdir", folder.path("dir.bin").string])
        for name in ["pipe.bin", "dir.bin"] {
            let failure = try #require(throws: Failure.self) { try open(sheet, name) }
            #expect(failure.what.contains("is not a regular file"), "\(failure.what)")
        }
        let failure = try #require(throws: Failure.self) {
            try DiscImage(folder.path("pipe.bin"))
        }
        #expect(failure.what.contains("is not a plain file"))
    }

    @Test(
        arguments: sheets.indices,
        [("gzip", "gz"), ("xz", "xz"), ("bzip2", "bz2"), ("zstd -q --rm", "zst")]
    )
    func `a packed file is taken for what it holds`(
        _ sheet: Int,
        _ packing: (command: String, ending: String)
    ) throws {
        try folder.write("x.bin", right)
        let command = packing.command.split(separator: " ").map(String.init)
        try Programs.run(command + [folder.path("x.bin").string])
        #expect(try folder.names() == ["x.bin.\(packing.ending)"])
        // The sheet may have either name, and the file may have lost the packer's.
        try expectRight(try open(sheet, "x.bin"), true)
        try expectRight(try open(sheet, "x.bin.\(packing.ending)"), true)
        try Programs.run([
            "mv", folder.path("x.bin.\(packing.ending)").string, folder.path("x.bin").string,
        ])
        let image = try open(sheet, "x.bin")
        try expectRight(image, true)
        #expect(image.layout.tracks.first?.length == right.count / 2352)
    }

    @Test func `an ECM file is taken for what it holds`() throws {
        let raw = try PackedSamples.shared.bytes("mode1.bin")
        try folder.write("x.bin.ecm", try PackedSamples.shared.bytes("mode1.ecm"))
        let sheet = "FILE x.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n"
        let image = try DiscImage(try folder.write("a.cue", sheet))
        #expect(image.layout.tracks.first?.length == raw.count / 2352)
        #expect(try image.disc.raw(16) == Array(raw[(16 * 2352)..<(17 * 2352)]))
        #expect(image.warnings.contains { $0.contains("is an ECM image; what it holds is taken") })
        #expect(image.warnings.contains { $0.contains("4 more bytes") }, "\(image.warnings)")
        try folder.write("x.bin.ecm", try PackedSamples.shared.bytes("wrong.ecm"))
        let failure = try #require(throws: Failure.self) { try DiscImage(folder.path("a.cue")) }
        #expect(failure.what.contains("can't be unpacked"), "\(failure.what)")
    }

    @Test(arguments: sheets.indices)
    func `a packed file that can't be unpacked is not taken for sectors`(_ sheet: Int) throws {
        try folder.write("x.bin", right)
        try Programs.run(["gzip", folder.path("x.bin").string])
        try folder.write("x.bin.gz", try folder.read("x.bin.gz").dropLast(100))
        var failure = try #require(throws: Failure.self) { try open(sheet, "x.bin.gz") }
        #expect(failure.what.contains("is a gzip file and can't be unpacked"), "\(failure.what)")
        for (mark, name) in [
            ("PK\u{3}\u{4}", "a zip archive"), ("MComprHD", "a CHD image"), ("CISO", "a CSO image"),
        ] {
            try folder.write("x.bin", Array(mark.utf8) + right)
            failure = try #require(throws: Failure.self) { try open(sheet, "x.bin") }
            #expect(failure.what.contains("is \(name), not the sectors"), "\(failure.what)")
        }
    }

    @Test func `audio that was packed anew is found`() throws {
        try folder.write("d/01.aiff", SampleDisc.aiff(right))
        try folder.write("d/02.wav", SampleDisc.wave(right))
        let image = try DiscImage(
            try folder.write(
                "a.cue",
                "FILE \"d/01.wav\" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"
                    + "FILE \"d/02.wav\" WAVE\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n"
            )
        )
        try expectRight(image, true)
        #expect(image.warnings.contains { $0.contains("01.aiff") })
    }
}
