import Foundation
import TestSupport
import Testing

/// The names of tracks from MusicBrainz: one release, several of which nobody guesses, and hostile ones.
@Suite struct AlbumLookUpTests {
    private static let first = "11111111-2222-4333-8444-555555555555"
    private static let second = "11111111-2222-4333-8444-666666666666"
    private static let titles = ["One", "Two", "Three"]

    private func place(
        _ scratch: Scratch,
        _ albums: [(id: String, title: String, tracks: [String])],
        isExact: Bool = true
    ) async throws -> DiscNames {
        let names = try await AnswerServer.place(
            ["/mb/ws/2/discid/ mb.json", "/ar/ ar.bin"],
            in: scratch
        )
        try scratch.write(
            try AlbumAnswers.musicBrainz(isExact ? names.musicbrainz : nil, albums),
            to: "web/mb.json"
        )
        try await scratch.makeDisc(.cdR)
        try await scratch.burn("album.cue")
        return names
    }

    private func files(_ scratch: Scratch, _ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path(folder)).sorted()
    }

    @Test func `The names of the only release go into files, and none of them leads out`()
        async throws
    {
        try await Scratch.use { scratch in
            let titles = ["One", "../../etc/\u{7}two\n\u{1B}[2Jx", "Three"]
            let names = try await place(scratch, [(Self.first, "Some \u{202E}Album", titles)])
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: AnswerServer.start + """
                    "$SPINDLE" rip out --tracks flac --lookup --json >rip.json; echo $?
                    "$SPINDLE" verify $SPINDLE_DRIVE out/out.cue >&2; echo $?
                    "$SPINDLE" rip shown --tracks wav --lookup >shown.txt 2>&1; echo $?
                    """
            )
            #expect(outcome.lines == ["0", "0", "0"], "\(outcome)")
            #expect(
                try files(scratch, "out") == [
                    "01 - One.flac", "02 - .._.._etc_ two [2Jx.flac", "03 - Three.flac", "out.cue",
                    "out.m3u8",
                ]
            )
            let result = try LookUpResult("rip.json", in: scratch)
            #expect(result.status == "verified", "\(result)")
            #expect(result.metadata?.source == "musicbrainz")
            #expect(result.metadata?.state == "found")
            #expect(result.metadata?.release?.id == Self.first)
            #expect(result.metadata?.release?.performer == "Singer & Band")
            #expect(result.metadata?.release?.disc == 2)
            #expect(result.metadata?.candidates == nil)
            let flac = try scratch.bytes("out/01 - One.flac")
            for tag in [
                "TITLE=One", "ARTIST=Player 1 & Band", "ALBUMARTIST=Singer & Band", "DATE=1998-03",
                "DISCNUMBER=2", "DISCTOTAL=2", "TRACKNUMBER=1", "ISRC=USABC0512345",
                "MUSICBRAINZ_ALBUMID=\(Self.first)", "MUSICBRAINZ_DISCID=\(names.musicbrainz)",
                "MUSICBRAINZ_TRACKID=aaaaaaaa-0000-4000-8000-000000000001",
            ] {
                #expect(flac.range(of: Data(tag.utf8)) != nil, "\(tag)")
            }
            // The sheet says what the disc has.
            let sheet = try scratch.text("out/out.cue")
            #expect(sheet.contains("TITLE \"Second\"") && sheet.contains("TITLE \"An Album\""))
            #expect(!sheet.contains("Player"))
            #expect(
                try scratch.bytes("kept/\(names.musicbrainz).json")
                    == scratch.bytes("web/mb.json")
            )
            let asked = try AnswerServer.requests(scratch).first { $0.path.contains("/mb/") }
            #expect(asked?.agent.hasPrefix("Spindle/") == true)
            #expect(asked?.path.contains("&toc=1+3+1750+150+800+1350") == true)
            // What steers a terminal is not printed.
            let shown = try scratch.bytes("shown.txt")
            #expect(!shown.contains(0x1B) && !shown.contains(0x07))
            #expect(shown.range(of: Data("\u{202E}".utf8)) == nil)
        }
    }

    @Test func `Of several releases none is guessed`() async throws {
        try await Scratch.use { scratch in
            _ = try await place(
                scratch,
                [
                    (Self.first, "Album", Self.titles),
                    (Self.second, "Album again", ["Uno", "Due", "Tre"]),
                ]
            )
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: AnswerServer.start + """
                    "$SPINDLE" rip none --tracks flac --lookup --json </dev/null >none.json; echo $?
                    "$SPINDLE" rip one --tracks flac --lookup --release \(Self.second) --json >one.json
                    echo $?
                    "$SPINDLE" rip two --tracks flac --lookup --json \
                        --release 99999999-2222-4333-8444-555555555555 >two.json
                    echo $?
                    """
            )
            #expect(outcome.lines == ["0", "0", "64"], "\(outcome)")
            let none = try LookUpResult("none.json", in: scratch)
            #expect(none.metadata?.state == "found")
            #expect(none.metadata?.source == "cd-text")
            #expect(none.metadata?.release == nil)
            #expect(none.metadata?.candidates?.map(\.id) == [Self.first, Self.second])
            #expect(scratch.has("none/02 - Second.flac"))
            let plan = try #require(scratch.text("none.json").split(separator: "\n").first)
            #expect(plan.contains("--release") && plan.contains(Self.second), "\(plan)")
            #expect(plan.contains("Album again by Singer & Band, 1998-03, DE, Label CAT 1"))
            let one = try LookUpResult("one.json", in: scratch)
            #expect(one.metadata?.release?.title == "Album again")
            #expect(scratch.has("one/02 - Due.flac"))
            #expect(!scratch.has("two"))
        }
    }

    @Test func `A person on a terminal is asked`() async throws {
        try await Scratch.use { scratch in
            _ = try await place(
                scratch,
                [
                    (Self.first, "Album", Self.titles),
                    (Self.second, "Album again", ["Uno", "Due", "Tre"]),
                ]
            )
            let program = """
                import os, pty, sys
                child, terminal = pty.fork()
                if child == 0:
                    spindle = os.environ["SPINDLE"]
                    os.execv(spindle, [spindle, "rip", sys.argv[2], "--tracks", "flac", "--lookup"])
                seen, answers = b"", sys.argv[1].split(",")
                while True:
                    try:
                        part = os.read(terminal, 4096)
                    except OSError:
                        break
                    if not part:
                        break
                    seen += part
                    if seen.endswith(b"Number [0]: ") and answers:
                        os.write(terminal, (answers.pop(0) + "\\n").encode())
                sys.stdout.buffer.write(seen)
                sys.stdout.flush()
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
                """
            try scratch.write(Data(program.utf8), to: "person.py")
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: AnswerServer.start + """
                    python3 person.py 7,2 second >second.txt; echo $?
                    python3 person.py 0 nothing >nothing.txt; echo $?
                    """
            )
            #expect(outcome.lines == ["0", "0"], "\(outcome)")
            let second = try scratch.text("second.txt")
            #expect(second.contains("several releases"), "\(second)")
            #expect(second.contains("1  Album by Singer & Band"), "\(second)")
            #expect(second.contains("no number from 0 to 2"), "\(second)")
            #expect(scratch.has("second/02 - Due.flac"))
            #expect(scratch.has("nothing/02 - Second.flac"))
        }
    }

    @Test func `A table of contents that is only like the disc's proves no release`() async throws {
        try await Scratch.use { scratch in
            _ = try await place(scratch, [(Self.first, "Album", Self.titles)], isExact: false)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: AnswerServer.start + """
                    "$SPINDLE" rip none --tracks flac --lookup --json >none.json; echo $?
                    "$SPINDLE" rip one --tracks flac --lookup --release \(Self.first) --json >one.json
                    echo $?
                    printf '/mb/ 404\\n' >web/rules
                    rm -rf kept
                    "$SPINDLE" rip unknown --tracks flac --lookup --json >unknown.json; echo $?
                    """
            )
            #expect(outcome.lines == ["0", "0", "0"], "\(outcome)")
            let none = try LookUpResult("none.json", in: scratch)
            #expect(none.metadata?.state == "similar" && none.metadata?.source == "cd-text")
            #expect(none.metadata?.candidates?.count == 1)
            #expect(scratch.has("none/01 - First.flac"))
            #expect(scratch.has("one/01 - One.flac"))
            #expect(try LookUpResult("unknown.json", in: scratch).metadata?.state == "absent")
        }
    }
}
