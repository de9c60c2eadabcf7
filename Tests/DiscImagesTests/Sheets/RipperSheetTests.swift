import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// The sheets that programs which rip write for one disc, each by its own habits.
struct RipperSheetTests {
    /// Tracks that start at 300, 1200 and 2000, the second with a pregap of 150, and a lead-out at 2800.
    private static let starts = [300, 1200, 2000]
    private static let leadOut = 2800
    private static let samples = SampleDisc.sound(leadOut, seed: 11).flatMap { $0 }
    private static let isrc = ["GBAYE0000351", "GBAYE0000352", "GBAYE0000353"]

    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private static func sound(_ sectors: Range<Int>) -> [UInt8] {
        Array(samples[sectors.lowerBound * 2352..<sectors.upperBound * 2352])
    }

    private func file(_ name: String, _ sectors: Range<Int>) throws {
        try folder.write(name, SampleDisc.wave(Self.sound(sectors)))
    }

    /// freedb's sum, from its definition.
    private static let identifier: String = {
        func seconds(_ lba: Int) -> Int { (lba + 150) / 75 }
        func digits(_ number: Int) -> Int {
            number < 10 ? number : number % 10 + digits(number / 10)
        }
        let sum = starts.reduce(0) { $0 + digits(seconds($1)) }
        let id = (sum % 255) << 24 | (seconds(leadOut) - seconds(starts[0])) << 8 | 3
        let text = String(id, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - text.count) + text
    }()

    /// A way in which a sheet and its files have a disc, and the sectors that are not in them.
    struct Layout: CustomTestStringConvertible, Sendable {
        var name: String
        var files: [(String, Range<Int>)]
        var sheet: String
        var lacks: Range<Int> = 0..<0
        var testDescription: String { name }
    }

    private static func head(_ remark: String) -> String {
        """
        REM GENRE Pop
        REM DATE 1983
        REM DISCID \(identifier)
        REM COMMENT "\(remark)"
        CATALOG 0724357954129
        PERFORMER "Some One"
        TITLE "An Album"

        """
    }

    private static func track(_ number: Int) -> String {
        "  TRACK 0\(number) AUDIO\n    TITLE \"T\(number)\"\n    ISRC \(isrc[number - 1])\n"
    }

    static let layouts: [Layout] = [
        Layout(
            name: "EAC, one file",
            files: [("range.wav", 0..<2800)],
            sheet: head("ExactAudioCopy v1.6") + "FILE \"range.wav\" WAVE\n" + track(1)
                + "    INDEX 00 00:00:00\n    INDEX 01 00:04:00\n" + track(2)
                + "    INDEX 00 00:14:00\n    INDEX 01 00:16:00\n" + track(3)
                + "    INDEX 01 00:26:50\n"
        ),
        Layout(
            name: "EAC, noncompliant: gaps appended, hidden audio left out",
            files: [("1.wav", 300..<1200), ("2.wav", 1200..<2000), ("3.wav", 2000..<2800)],
            sheet: head("ExactAudioCopy v0.99pb5") + "FILE \"1.wav\" WAVE\n" + track(1)
                + "    PREGAP 00:04:00\n    INDEX 01 00:00:00\n" + track(2)
                + "    INDEX 00 00:10:00\nFILE \"2.wav\" WAVE\n    INDEX 01 00:00:00\n"
                + "FILE \"3.wav\" WAVE\n" + track(3) + "    INDEX 01 00:00:00\n",
            lacks: 0..<300
        ),
        Layout(
            name: "whipper: gaps appended, hidden audio in a file",
            files: [
                ("00.wav", 0..<300), ("01.wav", 300..<1200), ("02.wav", 1200..<2000),
                ("03.wav", 2000..<2800),
            ],
            sheet: head("whipper 0.10.0") + "FILE \"00.wav\" WAVE\n" + track(1)
                + "    INDEX 00 00:00:00\nFILE \"01.wav\" WAVE\n    INDEX 01 00:00:00\n" + track(2)
                + "    INDEX 00 00:10:00\nFILE \"02.wav\" WAVE\n    INDEX 01 00:00:00\n"
                + "FILE \"03.wav\" WAVE\n" + track(3) + "    INDEX 01 00:00:00\n"
        ),
        Layout(
            name: "cyanrip: gaps prepended",
            files: [
                ("1.wav", 0..<1050), ("2.wav", 1050..<2000), ("3.wav", 2000..<2800),
            ],
            sheet: head("cyanrip 0.9.3") + "FILE \"1.wav\" WAVE\n" + track(1)
                + "    INDEX 00 00:00:00\n    INDEX 01 00:04:00\n" + "FILE \"2.wav\" WAVE\n"
                + track(2) + "    INDEX 00 00:00:00\n    INDEX 01 00:02:00\n"
                + "FILE \"3.wav\" WAVE\n" + track(3) + "    INDEX 01 00:00:00\n"
        ),
        Layout(
            name: "CUETools: gaps left out",
            files: [("1.wav", 300..<1050), ("2.wav", 1200..<2000), ("3.wav", 2000..<2800)],
            sheet: head("CUETools generated dummy CUE sheet") + "FILE \"1.wav\" WAVE\n" + track(1)
                + "    PREGAP 00:04:00\n    INDEX 01 00:00:00\n" + "FILE \"2.wav\" WAVE\n"
                + track(2) + "    PREGAP 00:02:00\n    INDEX 01 00:00:00\n"
                + "FILE \"3.wav\" WAVE\n" + track(3) + "    INDEX 01 00:00:00\n",
            lacks: 0..<300
        ),
    ]

    private func expectDisc(_ image: DiscImage, lacks: [Range<Int>] = []) throws {
        let tracks = image.layout.tracks
        #expect(tracks.map(\.start.rawValue) == Self.starts)
        #expect(tracks.map(\.pregap) == [450, 150, 0])
        #expect(tracks.map(\.isrc) == Self.isrc)
        #expect(image.layout.leadOut?.rawValue == Self.leadOut)
        #expect(image.layout.sessions.first?.catalog == "0724357954129")
        let silence = [UInt8](repeating: 0, count: 2352)
        for sector in [0, 150, 299, 300, 1049, 1050, 1199, 1200, 1999, 2000, 2799] {
            let isLacking = lacks.contains { $0.contains(sector) }
            guard !isLacking || image.disc.storage(at: sector).form != .absent else { continue }
            let owed = isLacking ? silence : Self.sound(sector..<sector + 1)
            #expect(try image.disc.raw(sector) == owed, "\(sector)")
        }
    }

    @Test(arguments: layouts)
    func `all sheets of a disc make the same disc`(_ layout: Layout) throws {
        for (name, sectors) in layout.files { try file(name, sectors) }
        let image = try DiscImage(try folder.write("a.cue", layout.sheet))
        #expect(image.warnings.isEmpty, "\(image.warnings)")
        try expectDisc(
            image,
            lacks: [layout.lacks] + (layout.name.contains("gaps left out") ? [1050..<1200] : [])
        )
    }

    @Test(arguments: layouts.dropLast().filter { $0.lacks.isEmpty }, ["flac", "one"])
    func `and with files of FLAC`(_ layout: Layout, _ kind: String) throws {
        guard Programs.has("flac"), kind == "flac" || layout.files.count == 1 else { return }
        for (name, sectors) in layout.files {
            try file(name, sectors)
            try Programs.run(
                ["flac", "-s", "-o", name.replacing(".wav", with: ".flac"), name],
                in: folder.path
            )
        }
        let sheet = layout.sheet.replacing(".wav", with: ".flac")
        try expectDisc(try DiscImage(try folder.write("a.cue", sheet)))
    }

    @Test(arguments: ["tag", "block", "both"])
    func `a sheet in a FLAC file`(_ place: String) throws {
        guard Programs.has("flac") else { return }
        try file("range.wav", 0..<Self.leadOut)
        try folder.write("sheet.cue", Self.layouts[0].sheet)
        var command = ["flac", "-s", "-o", "album.flac"]
        if place != "block" { command.append("--tag-from-file=CUESHEET=sheet.cue") }
        if place != "tag" { command.append("--cuesheet=sheet.cue") }
        try Programs.run(command + ["range.wav"], in: folder.path)
        let image = try DiscImage(folder.path("album.flac"))
        try expectDisc(image)
        #expect((image.layout.sheetTexts != nil) == (place != "block"))
    }

    @Test func `a file of one track with the sheet of its album is one track`() throws {
        guard Programs.has("flac") else { return }
        try file("1.wav", 300..<1200)
        try folder.write("sheet.cue", Self.layouts[0].sheet)
        try Programs.run(
            ["flac", "-s", "--tag-from-file=CUESHEET=sheet.cue", "-o", "1.flac", "1.wav"],
            in: folder.path
        )
        let image = try DiscImage(folder.path("1.flac"))
        #expect(image.layout.tracks.map(\.length) == [900])
        let note = "The cue sheet in 1.flac is of more than this file, and is left aside."
        #expect(image.warnings.contains(note))
        // So is one that names several files.
        try folder.write(
            "sheet.cue",
            """
            FILE "1.wav" WAVE
              TRACK 01 AUDIO
                INDEX 01 00:00:00
            FILE "2.wav" WAVE
              TRACK 02 AUDIO
                INDEX 01 00:00:00
            """
        )
        try Programs.run(
            ["flac", "-s", "-f", "--tag-from-file=CUESHEET=sheet.cue", "-o", "1.flac", "1.wav"],
            in: folder.path
        )
        #expect(try DiscImage(folder.path("1.flac")).warnings.contains(note))
    }

    @Test func `a sheet that is wrong takes no file away`() throws {
        guard Programs.has("flac") else { return }
        try file("1.wav", 300..<1200)
        try folder.write(
            "sheet.cue",
            """
            FILE "1.wav" WAVE
              TRACK 01 AUDIO
                INDEX 01 00:10:00
              TRACK 02 AUDIO
                INDEX 01 00:05:00
            """
        )
        try Programs.run(
            ["flac", "-s", "--tag-from-file=CUESHEET=sheet.cue", "-o", "1.flac", "1.wav"],
            in: folder.path
        )
        let image = try DiscImage(folder.path("1.flac"))
        #expect(image.layout.tracks.map(\.length) == [900])
        #expect(image.warnings.contains { $0.hasPrefix("The cue sheet in 1.flac is left aside: ") })
    }
}
