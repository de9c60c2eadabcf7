import Foundation
import TestSupport
import Testing

/// What was ripped is burned, and ripped again: nothing is lost on the way.
@Suite struct IdentityTests {
    /// A disc with audio before track 1, gaps, indexes, codes, pre-emphasis and CD-TEXT.
    private static let audio = """
        CATALOG 1234567890123
        TITLE "An Album"
        PERFORMER "Some One"
        FILE "sound.bin" BINARY
          TRACK 01 AUDIO
            TITLE "First"
            PERFORMER "Some One"
            ISRC USABC0512345
            INDEX 00 00:00:00
            INDEX 01 00:01:50
            INDEX 02 00:03:10
          TRACK 02 AUDIO
            TITLE "Second"
            PERFORMER "Other"
            FLAGS DCP PRE
            ISRC USABC0512346
            INDEX 00 00:06:50
            INDEX 01 00:08:50
            INDEX 02 00:11:00
            INDEX 03 00:12:00
          TRACK 03 AUDIO
            TITLE "Third"
            PERFORMER "Some One"
            ISRC USABC0512347
            INDEX 00 00:15:00
            INDEX 01 00:16:00

        """

    private static let extra =
        audio.replacing(
            "FILE \"sound.bin\" BINARY\n",
            with: "FILE \"sound.bin\" BINARY\n  REM SESSION 01\n"
        )
            + """
              REM SESSION 02
            FILE "data.iso" BINARY
              TRACK 04 MODE1/2048
                INDEX 01 00:00:00

            """

    @Test(arguments: ["a disc of audio", "with a data session"])
    func `A rip of the burn of a rip is the rip`(_ kind: String) async throws {
        try await Scratch.use { scratch in
            let sheet = kind == "a disc of audio" ? Self.audio : Self.extra
            try Album.place(sheet, in: scratch)
            let first = try await scratch.withDrive(
                "album.cue",
                run: "exec \"$SPINDLE\" rip first.cue --json"
            )
            #expect(first.status == 0, "\(first)")
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("first.cue")
            let second = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" rip second.cue --json"
            )
            #expect(second.status == 0, "\(second)")
            let (one, other) = (try scratch.text("first.cue"), try scratch.text("second.cue"))
            #expect(one == other.replacing("second", with: "first"))
            for word in [
                "CATALOG 1234567890123", "USABC0512345", "USABC0512346", "USABC0512347", "PRE",
                "INDEX 00 00:00:00", "INDEX 03", "TITLE \"Second\"",
            ] {
                #expect(other.contains(word), "\(word): \(other)")
            }
            // Of several sessions there is a file for each track.
            let joined = try await scratch.run(
                ["sh", "-c", "cat first*.bin >a; cat second*.bin >b"]
            )
            #expect(joined.status == 0, "\(joined)")
            let (a, b) = (try scratch.bytes("a"), try scratch.bytes("b"))
            // libburn writes a second session a track at a time, with 150 sectors of zeros and two of run-out.
            let added = kind == "a disc of audio" ? 0 : 152 * 2352
            #expect(b.count == a.count + added)
            #expect(firstDifference(of: b.prefix(a.count), from: a) == nil)
            #expect(firstDifference(of: a.prefix(Album.sound.count), from: Album.sound) == nil)
        }
    }
}
