import Foundation
import TestSupport
import Testing

/// What `info --lookup` shows of a disc: what databases have of it, and all that is known without them.
@Suite struct InfoLookUpTests {
    private static let first = "11111111-2222-4333-8444-555555555555"
    private static let second = "11111111-2222-4333-8444-666666666666"

    private func place(
        _ scratch: Scratch,
        _ albums: [(id: String, title: String, tracks: [String])],
        isExact: Bool = true
    ) async throws -> DiscNames {
        let names = try await AnswerServer.place(
            ["/mb/ws/2/discid/ mb.json", "/ar/ ar.bin", "lookup2.php ctdb.xml"],
            in: scratch
        )
        try scratch.write(
            try AlbumAnswers.musicBrainz(isExact ? names.musicbrainz : nil, albums),
            to: "web/mb.json"
        )
        return names
    }

    private func run(_ scratch: Scratch, _ script: String, within seconds: Double = 60) async throws
        -> Outcome
    {
        try await scratch.run(["sh", "-c", AnswerServer.start + script], within: seconds)
    }

    @Test func `A disc's album and what databases of rips have of it are shown`() async throws {
        try await Scratch.use { scratch in
            let names = try await place(
                scratch,
                [(Self.first, "Some \u{202E}Album\u{1B}[2J", ["One", "../Two", "Three"])]
            )
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: AnswerServer.start + """
                    "$SPINDLE" info --json >plain.json; echo $?
                    test -e web/requests; echo $?
                    "$SPINDLE" info --lookup --json >drive.json; echo $?
                    cp web/requests first.txt
                    "$SPINDLE" info album.cue --lookup --json >image.json; echo $?
                    "$SPINDLE" info --lookup >shown.txt; echo $?
                    "$SPINDLE" info --accuraterip kept --ctdb kept --json >kept.json; echo $?
                    """
            )
            #expect(outcome.lines == ["0", "1", "0", "0", "0", "0"], "\(outcome)")
            #expect(try InfoLookUp("plain.json", in: scratch).lookup == nil)
            let asked = try scratch.text("first.txt").split(separator: "\n")
            #expect(asked.count == 3, "\(asked)")
            for file in ["drive.json", "image.json"] {
                let info = try InfoLookUp(file, in: scratch)
                #expect(info.identifiers?.musicbrainz == names.musicbrainz)
                let lookup = try #require(info.lookup)
                #expect(lookup.databases.map(\.name) == ["accuraterip", "ctdb"])
                #expect(lookup.databases.map(\.state) == ["found", "found"])
                #expect(lookup.databases.allSatisfy { $0.problem == nil && $0.kept != nil })
                let album = try #require(lookup.album)
                #expect(album.state == "found" && album.problem == nil && album.kept != nil)
                let release = try #require(album.releases.first)
                #expect(album.releases.count == 1 && release.id == Self.first)
                #expect(release.isExact && release.disc == 2 && release.discs == 2)
                #expect(release.performer == "Singer & Band" && release.date == "1998-03")
                #expect(release.tracks.map(\.number) == [1, 2, 3])
                #expect(release.tracks.map(\.title) == ["One", "../Two", "Three"])
                #expect(release.tracks.first?.performer == "Player 1 & Band")
            }
            let shown = try scratch.text("shown.txt")
            for line in [
                "look-up   The disc is in AccurateRip: 1 pressing, of 22 rips at most.",
                "look-up   The disc is in the CUETools Database: 1 entry, of 9 rips at most.",
                "look-up   MusicBrainz has 1 release of this disc.",
                "          release \(Self.first)", "           1  “One” by Player 1 & Band",
            ] {
                #expect(shown.contains(line + "\n"), "\(line): \(shown)")
            }
            #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
            // Without a look-up MusicBrainz is not asked.
            let kept = try #require(try InfoLookUp("kept.json", in: scratch).lookup)
            #expect(kept.databases.map(\.state) == ["found", "found"] && kept.album == nil)
        }
    }

    @Test func `Of several releases all are listed, and none is chosen`() async throws {
        try await Scratch.use { scratch in
            _ = try await place(
                scratch,
                [
                    (Self.first, "Album", ["One", "Two", "Three"]),
                    (Self.second, "Album again", ["One", "Two", "Three"]),
                ]
            )
            let outcome = try await run(
                scratch,
                """
                "$SPINDLE" info album.cue --lookup --json </dev/null >all.json; echo $?
                "$SPINDLE" info album.cue --lookup </dev/null >all.txt; echo $?
                """
            )
            #expect(outcome.lines == ["0", "0"], "\(outcome)")
            let album = try #require(try InfoLookUp("all.json", in: scratch).lookup?.album)
            #expect(album.releases.map(\.id) == [Self.first, Self.second])
            #expect(album.releases.allSatisfy { $0.tracks.count == 3 })
            let text = try scratch.text("all.txt")
            #expect(text.contains("MusicBrainz has 2 releases of this disc."), "\(text)")
            #expect(text.contains("album     Album by Singer & Band, 1998-03, DE, Label CAT 1"))
            #expect(text.contains("album     Album again by Singer & Band"))
            // The same tracks are shown once.
            #expect(text.components(separatedBy: "“Two”").count == 2, "\(text)")
        }
    }

    @Test func `A release that is only like the disc is told as such`() async throws {
        try await Scratch.use { scratch in
            _ = try await place(
                scratch,
                [(Self.first, "Album", ["One", "Two", "Three"])],
                isExact: false
            )
            let outcome = try await run(
                scratch,
                """
                "$SPINDLE" info album.cue --lookup --json >like.json; echo $?
                "$SPINDLE" info album.cue --lookup >like.txt; echo $?
                """
            )
            #expect(outcome.lines == ["0", "0"], "\(outcome)")
            let album = try #require(try InfoLookUp("like.json", in: scratch).lookup?.album)
            #expect(album.state == "similar" && album.releases.map(\.isExact) == [false])
            let text = try scratch.text("like.txt")
            #expect(text.contains("1 release with a table of contents like this disc's"), "\(text)")
            #expect(text.contains("album     perhaps Album by Singer & Band"), "\(text)")
        }
    }

    @Test func `What is no answer is told in a sentence, and all else is shown`() async throws {
        /// What each server does; the state that follows, and a part of the sentence.
        let cases: [(name: String, behaviour: String, state: String, reason: String)] = [
            ("absent", "404", "absent", "does not have the disc"),
            ("page", "page", "no-answer", "is a web page"),
            ("busy", "503", "no-answer", "HTTP status 503"),
            ("cut", "cut:ctdb.xml", "no-answer", "the answer is cut short"),
            ("hang", "hang", "no-answer", "within 2 s"),
            ("drop", "drop", "no-answer", "closes the connection"),
        ]
        try await Scratch.use { scratch in
            let names = try await place(scratch, [])
            let script = cases.map { name, behaviour, _, _ in
                """
                printf '/ \(behaviour)\\n' >web/rules
                "$SPINDLE" info album.cue --lookup --json >\(name).json; echo $?
                """
            }
            let outcome = try await run(
                scratch,
                script.joined(separator: "\n") + """

                    PATH=/nowhere "$SPINDLE" info album.cue --lookup --json >program.json; echo $?
                    "$SPINDLE" info album.cue --lookup >shown.txt; echo $?
                    ls -A kept 2>/dev/null | wc -l
                    """,
                within: 120
            )
            #expect(
                outcome.lines == Array(repeating: "0", count: cases.count + 3),
                "\(outcome)"
            )
            for (name, _, state, reason) in cases + [("program", "", "no-answer", "curl")] {
                let info = try InfoLookUp("\(name).json", in: scratch)
                #expect(info.identifiers?.accuraterip == names.accuraterip, "\(name)")
                let lookup = try #require(info.lookup, "\(name)")
                #expect(lookup.databases.map(\.state) == [state, state], "\(name): \(lookup)")
                #expect(lookup.album?.state == state, "\(name): \(lookup)")
                #expect(lookup.album?.releases.isEmpty == true, "\(name)")
                let told = lookup.notes.filter { $0.contains(reason) }
                #expect(told.count >= 2, "\(name): \(lookup.notes)")
            }
            let shown = try scratch.text("shown.txt")
            #expect(shown.contains("id        AccurateRip \(names.accuraterip)"), "\(shown)")
            #expect(shown.contains("look-up   AccurateRip gave no answer: "), "\(shown)")
        }
    }

    @Test func `A disc without sound asks nobody, and a file that is no answer costs nothing`()
        async throws
    {
        try await Scratch.use { scratch in
            let names = try await place(scratch, [])
            try scratch.write(Data("<html></html>".utf8), to: "page.bin")
            let outcome = try await run(
                scratch,
                """
                "$SPINDLE" info data.iso --lookup --json >data.json; echo $?
                test -e web/requests; echo $?
                "$SPINDLE" info album.cue --accuraterip page.bin --json >page.json 2>page.txt; echo $?
                "$SPINDLE" info album.cue --accuraterip nowhere >none.json 2>none.txt; echo $?
                "$SPINDLE" info album.cue --ctdb http:// >no.txt 2>&1; echo $?
                """
            )
            #expect(outcome.lines == ["0", "1", "1", "1", "64"], "\(outcome)")
            let data = try #require(try InfoLookUp("data.json", in: scratch).lookup)
            #expect(data.databases.isEmpty && data.album == nil)
            #expect(data.notes.contains { $0.contains("none was asked") }, "\(data)")
            let page = try InfoLookUp("page.json", in: scratch)
            #expect(page.identifiers?.ctdb == names.ctdb && page.lookup == nil)
            #expect(try scratch.text("page.txt").contains("is a web page"))
            #expect(try scratch.text("none.json").contains(names.accuraterip))
        }
    }

    @Test func `A look-up that is stopped leaves what is known`() async throws {
        try await Scratch.use { scratch in
            let names = try await place(scratch, [])
            let outcome = try await run(
                scratch,
                """
                printf '/ hang\\n' >web/rules
                sed -i 's/^lookup-timeout.*/lookup-timeout = 25/' config/spindle/config
                timeout --preserve-status -s INT 4 "$SPINDLE" info album.cue --lookup --json >stop.json
                echo $?
                """
            )
            #expect(outcome.lines == ["130"], "\(outcome)")
            #expect(outcome.seconds < 20, "\(outcome)")
            let info = try InfoLookUp("stop.json", in: scratch)
            #expect(info.identifiers?.ctdb == names.ctdb && info.lookup == nil)
        }
    }
}

/// What `info --json` says of a disc's names, and of what databases have.
private struct InfoLookUp: Decodable {
    struct Album: Decodable {
        struct Release: Decodable {
            struct Track: Decodable {
                var number: Int
                var title: String?
                var performer: String?
            }

            var id: String
            var title: String
            var performer: String?
            var date: String?
            var disc: Int
            var discs: Int
            var isExact: Bool
            var tracks: [Track]
        }

        var state: String
        var kept: String?
        var problem: String?
        var releases: [Release]
    }

    struct LookUp: Decodable {
        var databases: [LookUpResult.Audio.Database]
        var album: Album?
        var notes: [String]
    }

    var identifiers: DiscNames?
    var lookup: LookUp?

    init(_ file: String, in scratch: Scratch) throws {
        self = try JSONDecoder.snake.decode(InfoLookUp.self, from: scratch.bytes(file))
    }
}
