import Foundation
import TestSupport
import Testing

/// Folders of rips against databases' answers, and folders of tracks against their disc.
@Suite struct AlbumsVerifyTests {
    private struct Counts: Decodable, Equatable {
        var verified: Int
        var differs: Int
        var incomplete: Int
        var notVerified: Int
        var unchecked: Int
    }

    private struct Line: Decodable {
        struct Album: Decodable {
            struct Audio: Decodable {
                struct Track: Decodable { var verdict: String }
                var tracks: [Track]
            }

            var path: String
            var kind: String
            var status: String
            var reason: String?
            var audio: Audio?
            var sentences: [String]
        }

        var event: String
        var status: String?
        var exitCode: Int?
        var album: Album?
        var albums: Counts?
        var audioOffset: Int?
        var sentences: [String]?
        var notes: [String]?
    }

    private func lines(_ outcome: Outcome) throws -> [Line] {
        try outcome.lines.map {
            try JSONDecoder.snake.decode(Line.self, from: Data($0.utf8))
        }
    }

    /// Albums of all kinds in the folder `music`, with answers in `answers`.
    private func place(in scratch: Scratch) async throws {
        try Album.place(Album.plainAudio, in: scratch)
        try await AlbumAnswers.place(in: scratch)
        try await scratch.makeDisc(.cdR)
        try await scratch.burn("album.cue")
        let made = try await scratch.withDrive(
            "disc",
            run: """
                set -e
                mkdir -p music/1 music/3 music/deep/4 music/5 music/6 music/7
                cp album.cue sound.bin music/1
                cp album.cue music/1/second.cue
                "$SPINDLE" rip music/2 --tracks flac >&2
                flac -s --force-raw-format --endian=little --sign=signed --channels=2 --bps=16 \\
                    --sample-rate=44100 --tag-from-file=CUESHEET=album.cue -o music/3/all.flac sound.bin
                cp music/2/*.flac music/deep/4
                cp album.cue sound.bin music/5
                printf XXXX | dd of=music/5/sound.bin bs=1 seek=2116800 conv=notrunc status=none
                cp album.cue music/6
                echo notes >music/7/notes.txt
                ln -s ../1 music/7/link
                """
        )
        try #require(made.status == 0, "\(made)")
    }

    @Test func `Each album of a folder has a verdict, and the worst is the whole's`() async throws {
        try await Scratch.use { scratch in
            try await place(in: scratch)
            func verify() async throws -> (Int32, [Line]) {
                let outcome = try await scratch.spindle(
                    "verify",
                    "music",
                    "--accuraterip",
                    "answers",
                    "--json"
                )
                return (Int32(outcome.status), try lines(outcome))
            }
            let (status, all) = try await verify()
            let albums = all.compactMap(\.album)
            #expect(status == 2, "\(all)")
            #expect(
                albums.map(\.path) == [
                    "music/1/album.cue", "music/2/2.cue", "music/3/all.flac", "music/5/album.cue",
                    "music/6/album.cue", "music/deep/4",
                ]
            )
            #expect(
                albums.map(\.kind) == ["image", "image", "file", "image", "image", "tracks"]
            )
            #expect(
                albums.map(\.status) == [
                    "verified", "verified", "verified", "differs", "not-verified", "verified",
                ],
                "\(albums)"
            )
            #expect(albums[3].audio?.tracks.map(\.verdict) == ["match", "mismatch", "match"])
            #expect(albums[4].reason != nil && albums[4].audio == nil)
            #expect(albums[5].sentences.contains { $0.contains("There is no sheet") })
            let result = try #require(all.last)
            #expect(result.event == "result" && result.status == "differs")
            #expect(
                result.albums
                    == Counts(verified: 4, differs: 1, incomplete: 0, notVerified: 0, unchecked: 1)
            )
            #expect(
                result.sentences?.first == "Of 6 albums, 4 match, 1 differs, 1 can't be checked."
            )
            #expect(result.sentences?.contains("1 link was not followed.") == true)

            try FileManager.default.removeItem(atPath: scratch.path("music/5"))
            let (unchecked, fewer) = try await verify()
            #expect(unchecked == 1 && fewer.last?.status == "not-verified", "\(fewer)")
            try FileManager.default.removeItem(atPath: scratch.path("music/6"))
            let (right, good) = try await verify()
            #expect(right == 0 && good.last?.status == "verified", "\(good)")
            #expect(good.last?.sentences?.first == "All 4 albums match other people's rips.")

            // A folder's name need not be UTF-8.
            func make(_ script: String) async throws {
                let made = try await scratch.run(["sh", "-c", "set -e; \(script)"])
                try #require(made.status == 0, "\(made)")
            }
            try await make(
                "name=$(printf 'caf\\351'); mkdir \"music/$name\"; cp album.cue sound.bin \"music/$name\""
            )
            let (named, more) = try await verify()
            #expect(named == 0, "\(more)")
            #expect(more.last?.sentences?.first == "All 5 albums match other people's rips.")
            // What lies too deep is not looked into, so that not all is verified.
            try await make("mkdir -p music/8/$(printf 'a/%.0s' $(seq 40))")
            let (cut, deep) = try await verify()
            #expect(cut == 1 && deep.last?.status == "not-verified", "\(deep)")
            #expect(deep.last?.albums?.verified == 5, "\(deep)")
        }
    }

    @Test func `A folder without an album, and a place without answers, are refused`() async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await AlbumAnswers.place(in: scratch)
            let made = try await scratch.run(["sh", "-c", "mkdir empty; echo x >empty/file.txt"])
            try #require(made.status == 0, "\(made)")
            let none = try await scratch.spindle("verify", "empty", "--accuraterip", "answers")
            #expect(none.status == 1, "\(none)")
            #expect(none.errors.contains("There is no album in empty"), "\(none)")
            let lost = try await scratch.spindle("verify", ".", "--accuraterip", "nowhere")
            #expect(lost.status == 1, "\(lost)")
            #expect(lost.errors.contains("nowhere can't be found"), "\(lost)")
        }
    }

    @Test func `An empty drive and a blank disc are refused by what they are`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let check = "exec \"$SPINDLE\" verify $SPINDLE_DRIVE --accuraterip . --json"
            let list = "exec \"$SPINDLE\" list $SPINDLE_DRIVE"
            for (discs, reason, sentence) in [
                ([], "no-disc", "There is no disc in /dev/sr0."),
                (["--disc", "disc"], "blank-disc", "The disc in /dev/sr0 is blank."),
            ] {
                let drive = [Products.spindle, "virtual", "run"] + discs + ["--", "sh", "-c"]
                let checked = try await scratch.run(drive + [check])
                let result = try checked.result()
                #expect(checked.status == 4 && result.reason == reason, "\(checked)")
                #expect(
                    result.sentences == [
                        sentence, "Nothing was checked.", "Put in a disc with audio.",
                    ],
                    "\(checked)"
                )
                let listed = try await scratch.run(drive + [list])
                #expect(listed.status == 4, "\(listed)")
                #expect(listed.errors.contains("\(sentence)\nNothing was read.\n"), "\(listed)")
            }
        }
    }

    @Test func `A folder of tracks is compared with its disc, also where that lies elsewhere`()
        async throws
    {
        try await Scratch.use { scratch in
            try await place(in: scratch)
            for (audio, offset) in [("offset=0", nil), ("offset=30", -30), ("offset=-667", 667)] {
                let outcome = try await scratch.run(
                    [
                        Products.spindle, "virtual", "run", "--disc", "disc", "--audio", audio,
                        "--", "sh", "-c", "exec \"$SPINDLE\" verify music/2 $SPINDLE_DRIVE --json",
                    ],
                    within: 60
                )
                #expect(outcome.status == 0, "\(outcome)")
                let found = try lines(outcome)
                #expect(found.last?.status == "verified")
                #expect(found.last?.audioOffset == offset, "\(outcome)")
                #expect(
                    found.contains { $0.notes?.contains { $0.contains("music/2/2.cue") } == true }
                )
            }
            // What is wrong besides is found.
            let wrong = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--disc", "disc", "--audio", "offset=30",
                    "--fault", "flip lba=300", "--", "sh", "-c",
                    "exec \"$SPINDLE\" verify $SPINDLE_DRIVE music/2/2.cue --json",
                ],
                within: 60
            )
            #expect(wrong.status == 2, "\(wrong)")
            let found = try #require(try lines(wrong).last)
            #expect(found.status == "differs" && found.audioOffset == -30, "\(wrong)")
        }
    }
}
