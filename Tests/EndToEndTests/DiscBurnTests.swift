import Foundation
import TestSupport
import Testing

/// Burning images that are not plain: packed ones, and discs of several tracks; and what other
/// people's programs then read.
@Suite struct DiscBurnTests {
    /// Has cdrdao read the sound of the disc's first session.
    private func readByPeer(_ scratch: Scratch, _ disc: String = "disc") async throws -> Data {
        let outcome = try await scratch.withDrive(
            disc,
            run: """
                rm -f peer.bin peer.toc
                exec cdrdao read-cd --device $SPINDLE_DRIVE --driver generic-mmc \
                    --datafile peer.bin peer.toc
                """
        )
        try #require(outcome.status == 0, "\(outcome)")
        return try Album.swapped(scratch.bytes("peer.bin"))
    }

    @Test(arguments: [Medium.cdR, .cdRW])
    func `Sound is burned with all that belongs to it, and peers find it`(medium: Medium)
        async throws
    {
        try Peers.require("cdrdao", "cd-info")
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(medium)
            let result = try await scratch.burn("album.cue")
            #expect(result.bytes == Album.sound.count)
            #expect(try await result.sha256 == scratch.sha256("sound.bin"))
            #expect(result.tracks?.map(\.start) == [0, 650, 1200])
            #expect(result.tracks?.map(\.sectors) == [500, 475, 400])
            #expect(result.tracks?.map(\.status) == ["verified", "verified", "verified"])
            let said = try #require(result.sentences).joined(separator: " ")
            for words in ["sample for sample", "CD-TEXT is right", "number is right", "ISRC"] {
                #expect(said.contains(words), "\(said)")
            }
            let info = try await scratch.info()
            #expect(info.state == "complete")
            #expect(info.sessions?.map(\.leadOut) == [1600])
            #expect(try await readByPeer(scratch) == Album.sound)
            let toc = try scratch.text("peer.toc")
            for words in ["An Album", "Second", "PRE_EMPHASIS", "1234567890123"] {
                #expect(toc.contains(words), "\(toc)")
            }
            let seen = try await scratch.withDrive("disc", run: "cd-info $SPINDLE_DRIVE")
            for words in ["TITLE: Third", "PERFORMER: Other", "1234567890123", "000650"] {
                #expect(seen.output.contains(words), "\(seen)")
            }
        }
    }

    /// A burner and the sheet that it reads as it is meant.
    struct Burner: Sendable, CustomTestStringConvertible {
        var command: String
        var sheet: String
        /// Whether it takes the sound in a file to have the high byte first.
        var swaps = false

        var testDescription: String { command }
    }

    private static let burners = [
        Burner(command: "cdrskin dev=$SPINDLE_DRIVE -sao -text cuefile=", sheet: Album.audio),
        // It leaves pre-emphasis out.
        Burner(
            command: "wodim dev=$SPINDLE_DRIVE -dao -text cuefile=",
            sheet: Album.audio.replacing("DCP PRE", with: "DCP"),
            swaps: true
        ),
        Burner(
            command: "cdrdao write --device $SPINDLE_DRIVE --driver generic-mmc -n --speed 1 ",
            sheet: Album.plainAudio,
            swaps: true
        ),
    ]

    @Test(arguments: burners)
    func `From the same sheet a peer makes the same disc`(burner: Burner) async throws {
        try Peers.require("cdrdao", "cdrskin", "wodim")
        try await Scratch.use { scratch in
            try Album.place(burner.sheet, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            try await scratch.makeDisc(.cdR, "other")
            let outcome = try await scratch.withDrive(
                "other",
                run: "\(burner.command)album.cue"
            )
            try #require(outcome.status == 0, "\(outcome)")
            let ours = try await scratch.spindle("info", "disc")
            let theirs = try await scratch.spindle("info", "other")
            #expect(ours.lines.dropFirst() == theirs.lines.dropFirst())
            let read = try await readByPeer(scratch, "disc")
            let other = try await readByPeer(scratch, "other")
            #expect((burner.swaps ? Album.swapped(other) : other) == read)
        }
    }

    @Test func `Data and sound go onto one disc`() async throws {
        try Peers.require("readom")
        try await Scratch.use { scratch in
            try Album.place(Album.mixed, in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn album.cue --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let events = try outcome.events()
            #expect(events.first?.tracks?.map(\.writeMode) == ["tao", "tao", "tao"])
            #expect(events.first?.notes?.contains { $0.contains("where tracks begin") } == true)
            let result = try outcome.result()
            #expect(result.status == "verified")
            #expect(result.tracks?.map(\.mode) == ["mode1", "audio", "audio"])
            #expect(try await result.tracks?.first?.sha256 == scratch.sha256("data.iso"))
            let read = try await scratch.withDrive(
                "disc",
                run: "exec readom dev=$SPINDLE_DRIVE sectors=0-1024 f=read.iso"
            )
            #expect(read.status == 0, "\(read)")
            #expect(
                try firstDifference(of: scratch.bytes("read.iso"), from: scratch.bytes("data.iso"))
                    == nil
            )
        }
    }

    @Test func `A second session follows where the first one ends`() async throws {
        try Peers.require("cdrdao")
        try await Scratch.use { scratch in
            try Album.place(Album.extra, in: scratch)
            try await scratch.makeDisc(.cdR)
            let result = try await scratch.burn("album.cue")
            #expect(result.discState == "complete")
            #expect(result.tracks?.map(\.session) == [1, 1, 2])
            #expect(result.tracks?.map(\.start) == [0, 750, 13_000])
            let info = try await scratch.info()
            #expect(
                info.sessions?.map { $0.tracks.map(\.content) } == [["audio", "audio"], ["data"]]
            )
            #expect(try await readByPeer(scratch) == Album.sound)
            let seen = try await scratch.withDrive(
                "disc",
                run: "cdrdao disk-info --device $SPINDLE_DRIVE --driver generic-mmc 2>/dev/null"
            )
            #expect(seen.output.contains("Sessions             : 2"), "\(seen)")
        }
    }

    @Test(arguments: [Medium.dvdPlusR, .dvdPlusRW])
    func `Sound is for CDs only`(medium: Medium) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.mixed, in: scratch)
            try await scratch.makeDisc(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn album.cue --json --yes"
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(try outcome.result().sentences?.first?.contains("can't hold") == true)
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test func `What can't be written is told before, and left out where that is wished`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            let refused = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn album.cue --json --mode tao"
            )
            #expect(refused.status == 1, "\(refused)")
            #expect(try refused.result().status == "refused")
            let sentence = try #require(refused.result().sentences?.first)
            for words in ["CD-TEXT", "indexes", "pregaps, of track 3"] {
                #expect(sentence.contains(words), "\(sentence)")
            }
            #expect(try await scratch.info().state == "blank")
            let result = try await scratch.burn("album.cue", "--mode tao --allow-loss")
            #expect(result.tracks?.map(\.start) == [0, 652, 1279])
            let rip = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" rip rip.cue --json"
            )
            #expect(rip.status == 0, "\(rip)")
            let notes = try rip.events().compactMap(\.text)
            #expect(notes.contains { $0.contains("written a track at a time") }, "\(notes)")
        }
    }

    @Test func `A track that no recorder writes is refused`() async throws {
        try await Scratch.use { scratch in
            let sheet = Album.plainAudio.replacing("00:16:00", with: "00:21:00")
            try Album.place(sheet, in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn album.cue --json"
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try outcome.result().sentences?.first?.contains("Track 3 has 25") == true)
            #expect(try await scratch.info().state == "blank")
        }
    }

    /// A program that packs an image, and the file that it makes.
    struct Packing: Sendable, CustomTestStringConvertible {
        var command: String
        var file: String
        var name: String

        var testDescription: String { command }
    }

    private static let packings = [
        Packing(command: "gzip -k data.iso", file: "data.iso.gz", name: "gzip"),
        Packing(command: "xz -k data.iso", file: "data.iso.xz", name: "xz"),
        Packing(
            command: """
                printf 'FILE "data.iso" BINARY\\n TRACK 01 MODE1/2048\\n INDEX 01 00:00:00\\n' >a.cue
                """,
            file: "a.cue",
            name: "CUE"
        ),
        Packing(
            command: """
                printf 'CD_ROM\\nTRACK MODE1\\nDATAFILE "data.iso"\\n' >a.toc
                """,
            file: "a.toc",
            name: "TOC"
        ),
    ]

    @Test(arguments: packings, [Medium.cdR, .dvdPlusR])
    func `A packed image burns as what is in it`(packing: Packing, medium: Medium) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Image.ipxe.place(in: scratch), to: "data.iso")
            try await scratch.makeDisc(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "\(packing.command); exec \"$SPINDLE\" burn \(packing.file) --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let events = try outcome.events()
            #expect(events.first?.notes?.contains { $0.contains(packing.name) } == true)
            #expect(try outcome.result().status == "verified")
            #expect(try await outcome.result().sha256 == scratch.sha256("data.iso"))
        }
    }

    /// What goes wrong with sound, and what the burn then says.
    struct Trouble: Sendable, CustomTestStringConvertible {
        var fault: String
        var exit: Int
        var status: String
        var tracks: [String]

        var testDescription: String { fault }
    }

    private static let troubles = [
        Trouble(
            fault: "read lba=700-702 sense=3/11/05",
            exit: 3,
            status: "incomplete",
            tracks: ["verified", "incomplete", "verified"]
        ),
        Trouble(
            fault: "flip lba=1300 bytes=1",
            exit: 2,
            status: "differs",
            tracks: ["verified", "verified", "differs"]
        ),
        Trouble(
            fault: "flush",
            exit: 1,
            status: "failed",
            tracks: ["verified", "verified", "verified"]
        ),
    ]

    @Test(arguments: troubles)
    func `Damaged sound is told track by track`(trouble: Trouble) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [trouble.fault],
                run: "exec \"$SPINDLE\" burn album.cue --json"
            )
            #expect(outcome.status == trouble.exit, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == trouble.status)
            #expect(result.tracks?.map(\.status) == trouble.tracks)
        }
    }
}
