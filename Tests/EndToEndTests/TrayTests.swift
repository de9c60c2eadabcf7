import Foundation
import TestSupport
import Testing

/// The tray, the doctor, and drives where people name them.
@Suite struct TrayTests {
    /// Runs a script with a virtual drive in which a blank DVD+R lies.
    private func run(_ script: String, options: String..., scratch: Scratch) async throws -> Outcome
    {
        let made = try await scratch.spindle("virtual", "create", "disc", "--medium", "dvd+r")
        try #require(made.status == 0, "\(made)")
        return try await scratch.run(
            [
                "sh", "-c",
                "exec \"$SPINDLE\" virtual run --disc disc \(options.joined(separator: " ")) -- sh -c '\(script)'",
            ],
            within: 60
        )
    }

    @Test func `The tray opens and closes, and what is in it is told`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await run(
                """
                "$SPINDLE" eject --json >out; "$SPINDLE" info --json >open
                "$SPINDLE" load "$SPINDLE_DRIVE" --json >in
                """,
                scratch: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("out").contains("\"ejected\":true"))
            #expect(try scratch.text("open").contains("\"state\":\"none\""))
            #expect(try scratch.text("in").contains("\"disc_state\":\"blank\""))
        }
    }

    @Test func `A tray that does not close by itself is told of`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await run(
                "\"$SPINDLE\" eject >out && \"$SPINDLE\" load",
                options: "--quirk no-tray-motor",
                scratch: scratch
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.errors.contains("still open"))
            #expect(outcome.errors.contains("Push it in"))
        }
    }

    /// What a drive says that is becoming ready, or tells of what happened before, and of its open tray.
    @Test(arguments: ["2/04/01 count=2", "6/28/00 count=1", "6/29/00 count=1"])
    func `A drive that is at something else is asked again to eject the disc`(sense: String)
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await run(
                "\"$SPINDLE\" eject --json",
                options: "--fault \"refuse command=1B sense=\(sense)\"",
                scratch: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("\"ejected\":true"), "\(outcome)")
        }
    }

    /// Programs lock the tray (CDROM_LOCKDOOR), and the command that takes the lock off may be the first one that
    /// is told what happened.
    @Test func `A locked tray opens though the drive tells of something else first`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await run(
                """
                lock="import fcntl, os, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_NONBLOCK), 0x5329, 1)"
                python3 -c "$lock" "$SPINDLE_DRIVE" && "$SPINDLE" eject --json
                """,
                options: "--fault \"refuse command=1E sense=6/29/00 after=1 count=1\"",
                scratch: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("\"ejected\":true"), "\(outcome)")
        }
    }

    @Test func `A drive that does not answer leaves it open where the tray is`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await run(
                "\"$SPINDLE\" eject",
                options: "--fault \"hang command=1B count=1\"",
                scratch: scratch
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("not known"), "\(outcome)")
            #expect(!outcome.errors.contains("still in the drive"), "\(outcome)")
        }
    }

    /// q-028 of the recorded quirks.
    @Test func `A drive that says too early that there is no disc is asked again`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await run(
                "\"$SPINDLE\" eject >out && \"$SPINDLE\" load --json",
                options: "--quirk staggered-load",
                scratch: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("\"disc_state\":\"blank\""), "\(outcome)")
        }
    }

    @Test func `A drive may be named where the image is`() async throws {
        try await Scratch.use { scratch in
            let bytes = try Image.noise.place(in: scratch)
            let outcome = try await run(
                """
                "$SPINDLE" burn noise.img "$SPINDLE_DRIVE" >burn || exit 9
                "$SPINDLE" rip "$SPINDLE_DRIVE" first.iso >rip || exit 8
                "$SPINDLE" rip second.iso "$SPINDLE_DRIVE" >rip || exit 7
                """,
                scratch: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.bytes("first.iso") == scratch.bytes("second.iso"))
            #expect(try scratch.bytes("first.iso").starts(with: bytes))
        }
    }

    @Test func `The doctor's report tells a drive, and no number of its own`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await run(
                "\"$SPINDLE\" doctor --report report.jsonl --json",
                scratch: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("\"level\":\"fine\""))
            let report = try scratch.text("report.jsonl")
            #expect(report.contains("\"origin\":\"doctor\""))
            #expect(report.contains("\"serials\":false"))
            #expect(report.split(separator: "\n").count > 5)
        }
    }

    @Test func `Without a drive the doctor says what is missing`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle("doctor", "--drive", "/dev/sr31", "--json")
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.output.contains("\"level\":\"problem\""))
        }
    }

    @Test(arguments: [
        ("/dev/sr31", "no-drive", "There is no drive at"),
        ("/dev/null", "not-a-drive", "like a drive"),
        ("file.iso", "not-a-drive", "file.iso is not a drive."),
    ])
    func `What is no drive is not said to be one that is in use or forbidden`(
        _ path: String,
        _ id: String,
        _ words: String
    ) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Data(count: 2048), to: "file.iso")
            let outcome = try await scratch.spindle("doctor", path, "--json")
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.output.contains("\"id\":\"\(id)\""), "\(outcome)")
            #expect(outcome.output.contains(words), "\(outcome)")
            #expect(!outcome.output.contains("kill"), "\(outcome)")
        }
    }

    @Test(arguments: [("brun", "burn"), ("veryfy", "verify"), ("dump", "rip"), ("ls", "list")])
    func `A verb that there is not is answered with the one that was meant`(
        _ wrong: String,
        _ right: String
    ) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle(wrong, "x")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("did you mean “\(right)”?"), "\(outcome)")
        }
    }

    @Test func `What was refused has a reason for scripts`() async throws {
        try await Scratch.use { scratch in
            let missing = try await scratch.spindle("burn", "nothere.iso", "--json")
            #expect(missing.output.contains("\"reason\":\"no-source\""), "\(missing)")
            let drive = try await scratch.spindle("rip", "/dev/sr31", "x.iso", "--json")
            #expect(drive.output.contains("\"reason\":\"no-drive\""), "\(drive)")
        }
    }
}
