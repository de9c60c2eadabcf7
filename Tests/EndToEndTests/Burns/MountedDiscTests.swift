import Foundation
import TestSupport
import Testing

/// Discs that are mounted when they are to be burned, blanked or formatted; the tests need `/dev/fuse`.
@Suite(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/fuse")))
struct MountedDiscTests {
    /// Runs a script with a drive, where nobody else sees what it mounts: other tests have drives of the same
    /// name.
    private func run(_ script: String, in scratch: Scratch) async throws -> Outcome {
        try await scratch.run(
            ["unshare", getuid() == 0 ? "-m" : "-rm", Products.spindle, "virtual", "run"]
                + ["--disc", "disc", "--", "sh", "-c", script],
            within: 100
        )
    }

    @Test(arguments: ["burn noise.img", "format --kind full"])
    func `A mounted disc is unmounted with consent alone`(verb: String) async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try await scratch.make("bd-re")
            try await scratch.burn(Image.ipxe.rawValue)
            let outcome = try await run(
                """
                mkdir files
                "$SPINDLE" mount $SPINDLE_DRIVE files --quiet || exit 98
                "$SPINDLE" \(verb) --json >refused
                echo $? >code
                ls files >names
                "$SPINDLE" \(verb) --yes --json
                code=$?
                ls files >empty
                "$SPINDLE" unmount files 2>/dev/null
                exit $code
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("code") == "4\n")
            let refused = try #require(try SessionTests.events(scratch, "refused").last)
            #expect(refused.status == "refused" && refused.reason == "mounted")
            let text = (refused.sentences ?? []).joined(separator: " ")
            #expect(text.contains("is mounted on") && text.contains("spindle unmount"), "\(text)")
            #expect(text.contains("--yes"))
            #expect(try !scratch.text("names").isEmpty)
            #expect(try scratch.text("empty").isEmpty)
        }
    }

    /// What can be refused without it doesn't cost the mount.
    @Test(arguments: ["burn noise.img --yes", "blank --yes", "format --yes"])
    func `A mounted disc that does not suit stays mounted`(verb: String) async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try await scratch.make("bd-r")
            try await scratch.burn(Image.ipxe.rawValue)
            let outcome = try await run(
                """
                mkdir files
                "$SPINDLE" mount $SPINDLE_DRIVE files --quiet || exit 98
                "$SPINDLE" \(verb) --json
                code=$?
                ls files >names
                "$SPINDLE" unmount files
                exit $code
                """,
                in: scratch
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(try !scratch.text("names").isEmpty, "\(outcome)")
            #expect(!outcome.said.contains("was unmounted"), "\(outcome)")
        }
    }

    @Test func `A mounted disc whose files are in use stays mounted`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try await scratch.make("dvd+rw")
            try await scratch.burn(Image.ipxe.rawValue)
            let outcome = try await run(
                """
                mkdir files
                "$SPINDLE" mount $SPINDLE_DRIVE files --quiet || exit 98
                (cd files && exec sleep 60) &
                user=$!
                until test "$(readlink /proc/$user/cwd)" = "$PWD/files"; do sleep 0.05; done
                "$SPINDLE" burn noise.img --yes --json
                code=$?
                kill $user
                wait $user
                "$SPINDLE" unmount files >/dev/null
                exit $code
                """,
                in: scratch
            )
            #expect(outcome.status == 4, "\(outcome)")
            let result = try outcome.result()
            #expect(result.reason == "in-use")
            #expect(result.sentences?.first?.contains("sleep (process") == true, "\(outcome)")
        }
    }
}
