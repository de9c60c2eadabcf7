import Foundation
import TestSupport
import Testing

/// Discs that are ripped a file for each track.
@Suite struct TrackRipTests {
    /// The album with sound before track 1.
    private static let hidden = Album.audio.replacing(
        "    INDEX 01 00:00:00\n",
        with: "    INDEX 00 00:00:00\n    INDEX 01 00:02:00\n",
        maxReplacements: 1
    )

    /// The sound of sectors.
    private static func sound(_ sectors: Range<Int>) -> Data {
        Album.sound[sectors.lowerBound * 2352..<sectors.upperBound * 2352]
    }

    private func names(_ scratch: Scratch, _ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path(folder)).sorted()
    }

    @Test func `A log in the folder of the files is there also where no file came to be`()
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--", "sh", "-c",
                "exec \"$SPINDLE\" rip flacs --tracks flac --log flacs/log",
            ])
            #expect(outcome.status == 4, "\(outcome)")
            #expect(!outcome.errors.contains("can't be written"), "\(outcome)")
            #expect(try scratch.text("flacs/log").contains("exit code 4"))
        }
    }

    @Test func `Each track has a file with the pause behind it, and the sheet is the disc`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Self.hidden, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    set -e
                    "$SPINDLE" rip waves --tracks wav --quiet 2>quiet.txt
                    "$SPINDLE" rip flacs --tracks flac --log flacs/log --log flacs.json >&2
                    "$SPINDLE" verify $SPINDLE_DRIVE waves/waves.cue
                    "$SPINDLE" verify $SPINDLE_DRIVE flacs/flacs.cue
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.components(separatedBy: "Verified").count == 3, "\(outcome)")
            #expect(
                try names(scratch, "waves") == [
                    "00 - Hidden track.wav", "01 - First.wav", "02 - Second.wav",
                    "03 - Third.wav", "waves.cue", "waves.m3u8",
                ]
            )
            // That audio is read once is nothing to be warned of.
            #expect(try scratch.text("quiet.txt").isEmpty)
            let parts = [
                ("00 - Hidden track", 0..<150), ("01 - First", 150..<650),
                ("02 - Second", 650..<1200), ("03 - Third", 1200..<1600),
            ]
            for (name, sectors) in parts {
                let wave = try scratch.bytes("waves/\(name).wav")
                #expect(firstDifference(of: wave.dropFirst(44), from: Self.sound(sectors)) == nil)
            }
            let sheet = try scratch.text("waves/waves.cue")
            #expect(
                sheet.contains(
                    "    INDEX 00 00:04:50\r\nFILE \"02 - Second.wav\" WAVE\r\n    INDEX 01 00:00:00\r\n"
                ),
                "\(sheet)"
            )
            // The record has the disc's names, though nobody was asked.
            let disc = try await scratch.names(of: "flacs/flacs.cue")
            let log = try scratch.text("flacs/log")
            for id in [
                "AccurateRip \(disc.accuraterip)", "freedb ", "MusicBrainz \(disc.musicbrainz)",
                "CTDB \(disc.ctdb)",
            ] {
                #expect(log.contains("  id        \(id)"), "\(log)")
            }
            #expect(try scratch.text("flacs.json").contains("\"ctdb\":\"\(disc.ctdb)\""))
            let list = try scratch.text("flacs/flacs.m3u8").split(separator: "\n")
            #expect(list.first == "#EXTM3U")
            #expect(list.contains("#EXTINF:7,Other - Second"))
            #expect(list.contains("02 - Second.flac"))
            let flac = try scratch.bytes("flacs/02 - Second.flac")
            for tag in [
                "TITLE=Second", "ARTIST=Other", "ALBUM=An Album", "TRACKNUMBER=2",
                "TRACKTOTAL=3", "ISRC=USABC0512346",
            ] {
                #expect(flac.range(of: Data(tag.utf8)) != nil, "\(tag)")
            }
            let before = try scratch.bytes("flacs/00 - Hidden track.flac")
            for tag in [
                "TITLE=Hidden track", "ARTIST=Some One", "ALBUM=An Album", "TRACKNUMBER=0",
                "TRACKTOTAL=3",
            ] {
                #expect(before.range(of: Data(tag.utf8)) != nil, "\(tag)")
            }
        }
    }

    @Test func `Names come from a template, and nothing on a disc leads out of the folder`()
        async throws
    {
        try await Scratch.use { scratch in
            let sheet = Album.audio.replacing("TITLE \"Second\"", with: "TITLE \"../../a/b:c?\"")
            try Album.place(sheet, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip out --tracks wav --naming '%b, %a, %n %p %t' >&2 || exit
                    "$SPINDLE" rip out --tracks wav --naming '%b, %a, %n %p %t' >&2; echo $?
                    "$SPINDLE" rip out --tracks wav --naming '../%n' >&2; echo $?
                    "$SPINDLE" rip none --tracks raw >&2; echo $?
                    "$SPINDLE" rip none --tracks wav --naming '%t%%n' >&2; echo $?
                    "$SPINDLE" rip signs --tracks wav --naming '#%n' >&2; echo $?
                    "$SPINDLE" convert signs/signs.m3u8 signs.cue --allow-loss >&2; echo $?
                    mkdir here; cd here
                    "$SPINDLE" rip . --tracks wav >&2; echo $?
                    "$SPINDLE" verify $SPINDLE_DRIVE . >&2; echo $?
                    """
            )
            #expect(outcome.lines == ["1", "64", "64", "64", "0", "0", "0", "0"], "\(outcome)")
            #expect(try scratch.bytes("signs.bin").count == Album.sound.count)
            #expect(scratch.has("here/here.cue") && scratch.has("here/here.m3u8"))
            #expect(
                try names(scratch, "out") == [
                    "Some One, An Album, 01 Some One First.wav",
                    "Some One, An Album, 02 Other .._.._a_b_c_.wav",
                    "Some One, An Album, 03 Some One Third.wav", "out.cue", "out.m3u8",
                ]
            )
            #expect(!scratch.has("none"))
        }
    }

    @Test func `A picture goes into each file, and what is none is refused`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            // A PNG of one pixel, as far as its header goes.
            let picture: [UInt8] =
                [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
                + Array("IHDR".utf8) + [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0, 0, 0, 0]
            try scratch.write(Data(picture), to: "front.png")
            try scratch.write(Data("no picture".utf8), to: "front.txt")
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip no --tracks flac --cover front.txt >&2; echo $?
                    "$SPINDLE" rip no --tracks flac --cover none.png >&2; echo $?
                    "$SPINDLE" rip no --tracks wav --cover front.png >&2; echo $?
                    "$SPINDLE" rip out --tracks flac --cover front.png >&2; echo $?
                    "$SPINDLE" verify $SPINDLE_DRIVE out/out.cue
                    for track in out/*.flac; do
                        metaflac --export-picture-to=- "$track" | cmp - front.png || exit 9
                        flac -st "$track" || exit 8
                    done
                    metaflac --list --block-type=PICTURE "out/01 - First.flac"
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines.prefix(4) == ["1", "1", "64", "0"], "\(outcome)")
            #expect(outcome.output.contains("Verified"), "\(outcome)")
            #expect(outcome.output.contains("(Cover (front))"), "\(outcome)")
            #expect(outcome.output.contains("image/png"), "\(outcome)")
            #expect(!scratch.has("no"))
        }
    }

    @Test(.enabled(if: getuid() == 0))
    func `A rip is not begun without room for its audio`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let script = """
                mkdir small
                /bin/mount -t tmpfs -o size=2m none small || exit 77
                "$SPINDLE" rip small/a.cue; echo $?
                "$SPINDLE" rip small/a --tracks wav; echo $?
                ls -A small
                /bin/mount -o remount,size=16m small
                "$SPINDLE" rip small/a.cue >&2; echo $?
                """
            let outcome = try await scratch.run([
                "unshare", "-m", Products.spindle, "virtual", "run", "--disc", "album.cue", "--",
                "sh", "-c", script,
            ])
            guard outcome.status != 77 else { return }
            #expect(outcome.lines == ["1", "1", "0"], "\(outcome)")
            let refusals = outcome.errors.components(separatedBy: "there is room for")
            #expect(refusals.count == 3, "\(outcome)")
        }
    }

    @Test func `Discs with data keep them, and discs without sound are refused`() async throws {
        for (name, sheet) in [("mixed", Album.mixed), ("extra", Album.extra)] {
            try await Scratch.use { scratch in
                try Album.place(sheet, in: scratch)
                try await scratch.makeDisc(.cdR)
                try await scratch.burn("album.cue", "--allow-loss")
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: """
                        set -e
                        "$SPINDLE" rip out --tracks flac --allow-loss >&2
                        "$SPINDLE" verify $SPINDLE_DRIVE out/out.cue
                        """
                )
                #expect(outcome.status == 0, "\(name): \(outcome)")
                #expect(outcome.output.contains("Verified"), "\(name): \(outcome)")
                // No track has a number above the last one.
                let number = name == "mixed" ? 3 : 2
                let file = try #require(
                    try names(scratch, "out").first { $0.hasPrefix("0\(number) - Track") }
                )
                let flac = try scratch.bytes("out/\(file)")
                for tag in ["TRACKNUMBER=\(number)", "TRACKTOTAL=\(number)"] {
                    #expect(flac.range(of: Data(tag.utf8)) != nil, "\(name): \(tag)")
                }
            }
        }
        try await Scratch.use { scratch in
            try scratch.write(Image.ipxe.place(in: scratch), to: "data.iso")
            let outcome = try await scratch.withDrive(
                "data.iso",
                run: "exec \"$SPINDLE\" rip out --tracks flac"
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("no tracks of audio"), "\(outcome)")
            #expect(!scratch.has("out"))
        }
    }
}
