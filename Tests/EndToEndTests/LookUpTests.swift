import Foundation
import TestSupport
import Testing

/// Discs with sound whose answers a server on loopback has: right ones, none, and what is none.
@Suite struct LookUpTests {
    private func run(_ scratch: Scratch, _ script: String, within seconds: Double = 60) async throws
        -> Outcome
    {
        try await scratch.run(["sh", "-c", AnswerServer.start + script], within: seconds)
    }

    @Test func `Each database is asked once, and its answer is kept for a time without a network`()
        async throws
    {
        try await Scratch.use { scratch in
            let names = try await AnswerServer.place(
                ["/ar/ ar.bin", "lookup2.php ctdb.xml"],
                in: scratch
            )
            let outcome = try await run(
                scratch,
                """
                "$SPINDLE" verify album.cue --lookup --json >first.json; echo $?
                cp web/requests first.txt
                printf '/ar/ hang\\nlookup2.php 503\\n' >web/rules
                "$SPINDLE" verify album.cue --lookup --json >second.json; echo $?
                "$SPINDLE" verify album.cue --accuraterip kept --ctdb kept --json >third.json; echo $?
                "$SPINDLE" verify album.cue --json --accuraterip http://127.0.0.1:$port/dBAR.bin >fourth.json
                echo $?
                """
            )
            #expect(outcome.lines == ["0", "0", "0", "1"], "\(outcome)")
            let asked = try scratch.text("first.txt").split(separator: "\n")
            #expect(asked.count == 2, "\(asked)")
            #expect(asked[0].hasPrefix("/ar/a/7/d/dBAR-\(names.accuraterip).bin\tSpindle/"))
            #expect(asked[1].hasPrefix("/ctdb/lookup2.php?"))
            #expect(asked[1].contains("&toc=0:650:1200:1600\tSpindle/"))
            let answer = try scratch.bytes("kept/dBAR-\(names.accuraterip).bin")
            #expect(try answer == scratch.bytes("web/ar.bin"))
            #expect(
                try scratch.bytes("kept/\(names.ctdb).xml") == scratch.bytes("web/ctdb.xml")
            )
            let first = try LookUpResult("first.json", in: scratch)
            #expect(first.status == "verified")
            let databases = try #require(first.audio?.databases)
            #expect(databases.map(\.state) == ["found", "found"])
            #expect(databases.allSatisfy { $0.source.hasPrefix("http://127.0.0.1:") })
            #expect(databases.allSatisfy { $0.problem == nil && $0.kept != nil })
            // A server that is silent is asked, and what it said before is used.
            let second = try #require(try LookUpResult("second.json", in: scratch).audio)
            #expect(second.databases.map(\.state) == ["found", "found"])
            #expect(second.databases[0].problem?.contains("within 2 s") == true)
            #expect(second.databases[1].problem?.contains("503") == true)
            #expect(second.databases.allSatisfy { $0.source == $0.kept })
            #expect(second.tracks.map(\.verdict) == ["match", "match", "match"])
            let third = try #require(try LookUpResult("third.json", in: scratch).audio)
            #expect(third.databases.allSatisfy { $0.problem == nil && $0.kept == nil })
            // A URL without a slash at its end is the answer's own: 404 says that there is none.
            let fourth = try #require(try LookUpResult("fourth.json", in: scratch).audio)
            #expect(fourth.databases.map(\.state) == ["absent"])
            #expect(try AnswerServer.requests(scratch).last?.path == "/dBAR.bin")
        }
    }

    @Test func `What a server sends in place of an answer is none, and is not kept`() async throws {
        /// What the server does, by a word in the path; and the state, or a part of the reason.
        let cases: [(word: String, behaviour: String, state: String?, reason: String)] = [
            ("unknown", "404", "absent", "does not have the disc"),
            ("gone", "410", "absent", "does not have the disc"),
            ("wrong", "other.bin", "other-disc", "this disc is"),
            ("page", "page", nil, "is a web page"),
            ("busy", "503", nil, "HTTP status 503"),
            ("cut", "cut:ar.bin", nil, "the answer is cut short"),
            ("part", "part:ar.bin", nil, "is cut short"),
            ("slow", "hang", nil, "within 2 s"),
            ("drip", "drip", nil, "within 2 s"),
            ("endless", "endless", nil, "larger than any answer"),
            ("loop", "loop", nil, "from one address to the next"),
            ("file", "file", nil, "not of the web"),
            ("drop", "drop", nil, "closes the connection"),
        ]
        try await Scratch.use { scratch in
            _ = try await AnswerServer.place(
                ["/good/ ar.bin", "/sent/ to:/good/"]
                    + cases.map { "/\($0.word)/ \($0.behaviour)" },
                in: scratch
            )
            let outcome = try await run(
                scratch,
                """
                for word in \(cases.map(\.word).joined(separator: " ")); do
                    "$SPINDLE" verify album.cue --json --accuraterip http://127.0.0.1:$port/$word/ >$word.json
                    echo $?
                done
                "$SPINDLE" verify album.cue --json --accuraterip http://127.0.0.1:1/ >nobody.json; echo $?
                PATH=/nowhere "$SPINDLE" verify album.cue --json --lookup >program.json; echo $?
                ls -A kept
                "$SPINDLE" verify album.cue --json --accuraterip http://127.0.0.1:$port/sent/ >sent.json
                echo $?
                """,
                within: 120
            )
            #expect(
                outcome.lines == Array(repeating: "1", count: cases.count + 2) + ["0"],
                "\(outcome)"
            )
            for (word, _, state, reason) in cases {
                let result = try LookUpResult("\(word).json", in: scratch)
                #expect(result.text.contains(reason), "\(word): \(result)")
                #expect(result.status == "not-verified", "\(word): \(result)")
                if let state {
                    #expect(result.audio?.databases.map(\.state) == [state], "\(word): \(result)")
                } else {
                    #expect(result.reason == "no-answer", "\(word): \(result)")
                }
            }
            let nobody = try LookUpResult("nobody.json", in: scratch)
            #expect(nobody.text.contains("no connection"), "\(nobody)")
            let program = try LookUpResult("program.json", in: scratch)
            #expect(program.text.contains("curl, which fetches it, is not installed"))
            // A redirect within the web is followed.
            #expect(try LookUpResult("sent.json", in: scratch).status == "verified")
        }
    }

    @Test func `A look-up can be stopped`() async throws {
        try await Scratch.use { scratch in
            _ = try await AnswerServer.place(["/ar/ hang"], in: scratch)
            let outcome = try await run(
                scratch,
                """
                sed -i 's/^lookup-timeout.*/lookup-timeout = 25/' config/spindle/config
                timeout --preserve-status -s INT 4 "$SPINDLE" verify album.cue --lookup --json >stop.json
                echo $?
                """
            )
            #expect(outcome.lines == ["130"], "\(outcome)")
            #expect(outcome.seconds < 20, "\(outcome)")
            #expect(try LookUpResult("stop.json", in: scratch).status == "interrupted")
        }
    }

    @Test func `A rip is never lost for a look-up`() async throws {
        try await Scratch.use { scratch in
            _ = try await AnswerServer.place(["/ar/ hang", "/ctdb/ page", "/mb/ 503"], in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: AnswerServer.start + """
                    "$SPINDLE" rip rip.cue --lookup --json >rip.json; echo $?
                    cp web/requests first.txt
                    "$SPINDLE" rip tracks --tracks flac --lookup --json >tracks.json; echo $?
                    "$SPINDLE" rip page.cue --ctdb http://127.0.0.1:$port/ctdb/ --json >page.json; echo $?
                    printf '/ar/ ar.bin\\n' >web/rules
                    "$SPINDLE" rip proven.cue --lookup --json >proven.json; echo $?
                    """
            )
            #expect(outcome.lines == ["0", "0", "0", "0"], "\(outcome)")
            let rip = try LookUpResult("rip.json", in: scratch)
            #expect(rip.status == "done", "\(rip)")
            #expect(rip.audio?.databases.map(\.state) == ["no-answer", "no-answer"])
            #expect(rip.audio?.tracks.map(\.verdict) == ["unknown", "unknown", "unknown"])
            #expect(rip.text.contains("nothing is known of the tracks"), "\(rip)")
            #expect(rip.metadata == nil)
            #expect(try scratch.bytes("rip.bin") == Album.sound)
            // Names are asked for only where files get them.
            #expect(try !scratch.text("first.txt").contains("/mb/"))
            let tracks = try LookUpResult("tracks.json", in: scratch)
            #expect(tracks.metadata?.state == "no-answer")
            #expect(tracks.metadata?.source == "cd-text")
            #expect(tracks.metadata?.problem?.contains("503") == true)
            #expect(scratch.has("tracks/02 - Second.flac"))
            let page = try LookUpResult("page.json", in: scratch)
            #expect(page.audio?.databases.map(\.state) == ["no-answer"], "\(page)")
            #expect(page.audio?.databases.first?.problem?.contains("is a web page") == true)
            // One database suffices; the other one does not have the disc.
            let proven = try LookUpResult("proven.json", in: scratch)
            #expect(proven.status == "verified", "\(proven)")
            #expect(proven.audio?.databases.map(\.state) == ["found", "absent"])
        }
    }

    @Test func `A disc without sound is ripped, and nobody is asked`() async throws {
        try await Scratch.use { scratch in
            _ = try await AnswerServer.place(["/ hang"], in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("data.iso")
            let outcome = try await scratch.withDrive(
                "disc",
                run: AnswerServer.start + """
                    "$SPINDLE" rip rip.iso --lookup --json >rip.json; echo $?
                    """
            )
            #expect(outcome.lines == ["0"], "\(outcome)")
            #expect(try LookUpResult("rip.json", in: scratch).status == "done")
            #expect(try scratch.text("rip.json").contains("none was asked"))
            #expect(!scratch.has("web/requests"))
        }
    }

    @Test func `Parity is fetched where it may help, and kept`() async throws {
        try await Scratch.use { scratch in
            let names = try await AnswerServer.place(
                ["lookup2.php ctdb.xml", "/parity/77 parity"],
                in: scratch
            )
            var damaged = Album.sound
            for place in 1_000_000..<1_004_000 { damaged[place] = 0 }
            try scratch.write(damaged, to: "damaged.bin")
            try scratch.write(
                AlbumAnswers.ctdb(names, parity: "file:///etc/hostname"),
                to: "web/hostile.xml"
            )
            let outcome = try await run(
                scratch,
                """
                "$SPINDLE" verify album.cue --ctdb http://127.0.0.1:$port/ctdb/ --json >good.json; echo $?
                cp web/requests good.txt
                cp damaged.bin sound.bin
                "$SPINDLE" verify album.cue --ctdb http://127.0.0.1:$port/ctdb/ --json >bad.json; echo $?
                "$SPINDLE" convert album.cue right.cue --repair --lookup --json >right.json; echo $?
                printf 'lookup2.php ctdb.xml\\n/parity/ page\\n' >web/rules
                "$SPINDLE" convert album.cue again.cue --repair --lookup --json >again.json; echo $?
                mv kept away
                "$SPINDLE" convert album.cue none.cue --repair --lookup --json >none.json; echo $?
                printf 'lookup2.php hostile.xml\\n' >web/rules
                "$SPINDLE" verify album.cue --ctdb http://127.0.0.1:$port/ctdb/ --json >hostile.json; echo $?
                printf '/ 503\\n' >web/rules
                rm -rf kept
                "$SPINDLE" convert album.cue none.cue --repair --lookup --json >silent.json; echo $?
                """
            )
            #expect(outcome.lines == ["0", "2", "0", "0", "1", "2", "1"], "\(outcome)")
            #expect(try !scratch.text("good.txt").contains("parity"))
            let bad = try LookUpResult("bad.json", in: scratch)
            #expect(bad.audio?.repair?.isPossible == true, "\(bad)")
            #expect(try scratch.bytes("away/77.parity") == AlbumAnswers.parity)
            #expect(try scratch.bytes("right.bin") == Album.sound)
            // A page in place of parity: what was kept is used.
            #expect(try scratch.bytes("again.bin") == Album.sound)
            let none = try LookUpResult("none.json", in: scratch)
            #expect(none.text.contains("is a web page"), "\(none)")
            #expect(!scratch.has("none.cue"))
            let hostile = try LookUpResult("hostile.json", in: scratch)
            #expect(hostile.audio?.repair?.isPossible == nil)
            #expect(hostile.audio?.repair?.problem?.contains("no address of the web") == true)
            #expect(try LookUpResult("silent.json", in: scratch).text.contains("503"))
        }
    }

    @Test func `What makes no sense is refused`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            for arguments in [
                ["verify", "album.cue", "--accuraterip", "http://"],
                ["verify", "album.cue", "--ctdb", "https://some one/"],
                ["verify", "album.cue", "--ctdb", "http://me:secret@server/"],
                ["verify", "album.cue", "other.cue", "--lookup"],
                ["rip", "x.cue", "--track", "1", "--lookup"],
                ["rip", "x", "--tracks", "flac", "--release", "0-0"],
                ["rip", "x", "--tracks", "flac", "--lookup", "--release", "0-0"],
                ["convert", "album.cue", "x.cue", "--lookup"],
            ] {
                let outcome = try await scratch.run([Products.spindle] + arguments, within: 30)
                #expect(outcome.status == 64, "\(outcome)")
            }
        }
    }
}
