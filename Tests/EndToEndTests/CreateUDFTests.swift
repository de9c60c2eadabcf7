import Foundation
import TestSupport
import Testing

/// Images and discs with UDF that are made of files.
@Suite struct CreateUDFTests {
    private func makeTree(in scratch: Scratch) async throws {
        let made = try await scratch.run(
            [
                "sh", "-c",
                """
                set -e
                mkdir -p tree/sub/deep tree/empty-directory
                echo hello >tree/hello.txt; echo world >tree/sub/größe; : >tree/empty
                head -c 3000001 /dev/urandom >tree/sub/deep/noise
                ln -s ../hello.txt tree/sub/link; ln tree/hello.txt tree/sub/hard
                chmod 750 tree/sub; chmod 640 tree/hello.txt
                touch -d "2001-02-03 04:05:06 UTC" tree/hello.txt
                """,
            ],
            within: 30
        )
        try #require(made.status == 0, "\(made)")
    }

    private func isSame(_ one: String, _ other: String, in scratch: Scratch) async throws -> Bool {
        let outcome = try await scratch.run(
            ["diff", "-r", "--no-dereference", one, other],
            within: 60
        )
        return outcome.status == 0
    }

    @Test(arguments: ["1.02", "2.01", "2.50"])
    func `What goes into an image comes out of it`(_ revision: String) async throws {
        try await Scratch.use { scratch in
            try await makeTree(in: scratch)
            let made = try await scratch.spindle(
                "create",
                "disc.iso",
                "tree",
                "--udf",
                revision,
                "--json"
            )
            #expect(made.status == 0, "\(made)")
            #expect(try made.result().status == "verified")
            let info = try await scratch.spindle("info", "disc.iso")
            #expect(info.output.contains("UDF \(revision) “tree”"), "\(info)")
            let out = try await scratch.spindle(
                "extract",
                "disc.iso",
                "--to",
                "out",
                "--tree",
                "udf",
                "--permissions"
            )
            #expect(out.status == 0, "\(out)")
            #expect(try await isSame("tree", "out", in: scratch))
            let facts = try await scratch.run(
                ["sh", "-c", "stat -c '%a %Y' out/hello.txt; stat -c %a out/sub"],
                within: 10
            )
            #expect(facts.lines == ["640 981173106", "750"])
            if revision == "1.02" {
                let peer = try await scratch.run(
                    [
                        "sh", "-c",
                        "mkdir peer && bsdtar -xf disc.iso -C peer && cat peer/sub/größe",
                    ],
                    within: 30
                )
                #expect(peer.output == "world\n", "\(peer)")
            }
        }
    }

    @Test func `The same files make the same image where that is asked for`() async throws {
        try await Scratch.use { scratch in
            try await makeTree(in: scratch)
            let again = try await scratch.run(
                [
                    "sh", "-c",
                    """
                    export SOURCE_DATE_EPOCH=1700000000
                    for name in c d; do
                        "$SPINDLE" create $name.iso tree --udf 2.50 --reproducible --volume V || exit
                        sleep 1.1; touch tree/sub
                    done
                    cmp c.iso d.iso
                    """,
                ],
                within: 60
            )
            #expect(again.status == 0, "\(again)")
        }
    }

    @Test func `What UDF can't keep, and options of other images, are refused`() async throws {
        try await Scratch.use { scratch in
            try await makeTree(in: scratch)
            let pipe = try await scratch.run(["mkfifo", "tree/pipe"], within: 5)
            #expect(pipe.status == 0)
            let refused = try await scratch.spindle(
                "create",
                "disc.iso",
                "tree",
                "--udf",
                "2.01",
                "--json"
            )
            #expect(
                refused.status == 1 && refused.output.contains("\"reason\":\"loss\""),
                "\(refused)"
            )
            #expect(!scratch.has("disc.iso"))
            let video = try await scratch.spindle(
                "create",
                "disc.iso",
                "tree",
                "--video",
                "dvd",
                "--json"
            )
            #expect(video.status == 1 && video.output.contains("VIDEO_TS"), "\(video)")
            let mixed = try await scratch.spindle(
                "create",
                "disc.iso",
                "tree",
                "--udf",
                "2.01",
                "--zisofs"
            )
            #expect(mixed.status == 64, "\(mixed)")
        }
    }

    @Test func `A directory is burned as UDF with no image between`() async throws {
        try await Scratch.use { scratch in
            try await makeTree(in: scratch)
            try await scratch.makeDisc(.dvdPlusRW)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn tree --udf 2.50 --json && "$SPINDLE" extract $SPINDLE_DRIVE --to out >&2
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified", "\(outcome)")
            #expect(try await isSame("tree", "out", in: scratch))
        }
    }
}
