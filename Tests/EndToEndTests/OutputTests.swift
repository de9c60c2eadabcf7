import Foundation
import TestSupport
import Testing

/// What is printed where, and the options that change what a burn does.
@Suite struct OutputTests {
    private static let image = "/usr/lib/ipxe/ipxe.iso"

    @Test func `Time that passes before there is anything to show is shown`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--clock", "real", "--disc", Self.image,
                    "--fault", "slow lba=16 time=6.5", "--", "sh", "-c",
                    """
                    TERM=xterm script -qefc 'stty cols 80; exec "$SPINDLE" info' log >shown </dev/null
                    "$SPINDLE" rip a.iso --progress plain --time-limit 1s 2>plain
                    "$SPINDLE" info >answer 2>errors
                    """,
                ],
                within: 120
            )
            #expect(outcome.status == 0, "\(outcome)")
            let log = try scratch.text("log")
            #expect(log.contains("looking     0:02 gone\u{1B}[K"), "\(log)")
            // The answer stands where the line was.
            #expect(log.contains("\r\u{1B}[Kdrive "), "\(log)")
            let plain = try scratch.text("plain")
            let first = try #require(plain.split(separator: "\n").first)
            #expect(first.hasPrefix("looking     0:0"), "\(plain)")
            #expect(try scratch.text("errors") == "")
        }
    }

    @Test func `Jobs print an object a line: the plan first, the result last`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let jobs = [
                ("burn", "burn --json --verbose \(Self.image)", "verified"),
                ("rip", "rip --json --sum md5 rip.iso", "done"),
                ("verify", "verify --json rip.iso \(Self.image)", "verified"),
            ]
            for (verb, arguments, status) in jobs {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: "exec \"$SPINDLE\" \(arguments)"
                )
                #expect(outcome.status == 0, "\(outcome)")
                let events = try outcome.events()
                #expect(events.first?.event == "plan")
                #expect(events.last?.event == "result")
                #expect(events.filter { $0.event == "result" }.count == 1)
                #expect(events.allSatisfy { $0.version == 1 })
                #expect(events.last?.verb == verb)
                #expect(events.last?.status == status)
                #expect(events.last?.bytes == 2_097_152)
                #expect(outcome.lines.allSatisfy { !Self.hasBlanksBetweenTokens($0) })
                #expect(outcome.lines.allSatisfy { $0.hasPrefix("{\"event\":") })
                #expect(!outcome.output.contains("\u{1B}"))
                #expect(!outcome.errors.contains("\u{1B}"))
            }
            let md5 = try await scratch.run(["/usr/bin/md5sum", "rip.iso"])
            let ripped = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" rip --json --sum md5 --force rip.iso"
            )
            #expect(
                try ripped.result().sums?["md5"]
                    == md5.output.split(separator: " ").first.map(String.init)
            )
        }
    }

    @Test(arguments: ["0", "-5", "1", "20", "26", "40", "none", ""])
    func `Help has its texts whatever the width`(columns: String) async throws {
        try await Scratch.use { scratch in
            for arguments in [["--help"], ["help", "convert"], ["convert", "--help"]] {
                let help = try await scratch.run(
                    ["/usr/bin/env", "COLUMNS=\(columns)", Products.spindle] + arguments
                )
                #expect(help.status == 0, "\(help)")
                let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                let texts =
                    arguments == ["--help"]
                    ? [
                        "Burn, rip and verify optical discs and their images.",
                        "Show help information.",
                    ]
                    : ["Convert an image to another format.", "Replace existing files."]
                for text in texts { #expect(words.contains(text), "\(columns): \(help.output)") }
            }
        }
    }

    @Test(arguments: ["list", "list --json", "info", "info --json", "drives"])
    func `An answer that can't be written is no answer`(question: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let image = question == "drives" ? "" : Self.image
            let full = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" \(question) \(image) >/dev/full"
            )
            #expect(full.status == 1, "\(full)")
            #expect(full.errors.contains("could not be written"))
            // A reader that has had enough is no trouble.
            let head = try await scratch.withDrive(
                "disc",
                run: "{ \"$SPINDLE\" \(question) \(image); echo $? >status; } | true"
            )
            #expect(head.errors.isEmpty, "\(head)")
            #expect(try scratch.text("status") == "0\n")
        }
    }

    /// Whether a line of JSON has a blank outside of its strings.
    private static func hasBlanksBetweenTokens(_ line: String) -> Bool {
        var isString = false
        var isEscaped = false
        for character in line.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if isString, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isString.toggle()
            } else if !isString, character.properties.isWhitespace {
                return true
            }
        }
        return false
    }

    @Test(arguments: ["info --json", "drives --json", "info --json /usr/lib/ipxe/ipxe.iso"])
    func `Questions get one document`(arguments: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(
                Self.image,
                run: "exec \"$SPINDLE\" \(arguments)"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines.count == 1)
            let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            #expect(document is [String: Any] || document is [Any])
            #expect(!outcome.output.contains("\u{1B}"))
        }
    }

    @Test func `A terminal gets colour and whole words, unless it is not wanted`() async throws {
        try await Scratch.use { scratch in
            let compare = "\"$SPINDLE\" verify \(Self.image) \(Self.image)"
            func shown(_ variables: String) async throws -> Outcome {
                try await scratch.run([
                    "bash", "-c",
                    "export \(variables); script -qec 'stty cols 60; \(compare)' /dev/null </dev/null",
                ])
            }
            let colored = try await shown("TERM=xterm NO_COLOR=")
            #expect(colored.status == 0 && colored.output.contains("\u{1B}[32mVerified\u{1B}[0m:"))
            let plain = try await shown("TERM=xterm NO_COLOR=1")
            #expect(plain.output.contains("Verified:") && !plain.output.contains("[32m"))
            let dumb = try await shown("TERM=dumb NO_COLOR=")
            #expect(dumb.output.contains("Verified:") && !dumb.output.contains("\u{1B}"))
            let lines = dumb.output.split(whereSeparator: \.isNewline)
            #expect(lines.allSatisfy { $0.count <= 64 || !$0.contains(" ") }, "\(dumb)")
        }
    }

    @Test func `The virtual drive is listed`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusRW)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" drives --json"
            )
            let drives = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
            )
            let drive = try #require(drives.first { $0["path"] as? String == "/dev/sr0" })
            #expect(drive["medium"] as? String == "dvd+rw")
            #expect(drive["state"] as? String == "blank")
            let writes = try #require(drive["writes"] as? [String])
            #expect(Set(Medium.allCases.map(\.rawValue)).isSubset(of: writes))
        }
    }

    @Test func `The plan is told before anything is written, and data go to stdout alone`()
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn --progress plain \(Self.image) 2>errors || exit 1
                    cat errors >&2
                    exec "$SPINDLE" rip rip.iso
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.contains("DVD+R"))
            #expect(outcome.errors.contains("READ CAPACITY"))
            #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\r"))
            #expect(!outcome.output.contains("\u{1B}") && !outcome.output.contains("\r"))
            #expect(try await outcome.output.contains(scratch.sha256(Self.image)))
        }
    }

    @Test func `Quiet is silent where all went well, and not where it did not`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdRW)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn --quiet \(Self.image) || exit 1
                    "$SPINDLE" rip --quiet rip.iso || exit 2
                    "$SPINDLE" verify --quiet $SPINDLE_DRIVE rip.iso || exit 3
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output == "")
            #expect(outcome.errors == "")
            let failed = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn --quiet \(Self.image)"
            )
            #expect(failed.status == 4)
            #expect(failed.output == "")
            #expect(failed.errors.contains("closed"))
        }
    }

    @Test(arguments: [
        [], ["burn"], ["burn", "--speed", "fast", "x.iso"], ["burn", "--mode", "raw", "x.iso"],
        ["rip"], ["rip", "x.iso", "--retries", "-1"], ["rip", "--sum", "crc", "x.iso"],
        ["verify"], ["toast"], ["info", "--colour"], ["virtual", "run"], ["virtual", "toast"],
        ["virtual", "create", "x"], ["virtual", "create", "x", "--medium", "floppy"],
        ["virtual", "create", "x", "--medium", "cd-rom"], ["rip", "x.exe"],
    ])
    func `What can't be understood is a usage error`(arguments: [String]) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run([Products.spindle] + arguments)
            // Without a verb the help is what was asked for.
            #expect(outcome.status == (arguments == [] ? 0 : 64), "\(outcome)")
            #expect(!scratch.has("x"))
        }
    }

    @Test(arguments: [Medium.cdR, .cdRW], ["sao", "tao"])
    func `A rehearsal leaves the disc blank`(medium: Medium, mode: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn --simulate --mode \(mode) --json \(Self.image)"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "done")
            #expect(try outcome.result().discState == "blank")
            #expect(try await scratch.info().state == "blank")
            try await scratch.burn(Self.image, "--mode \(mode)")
        }
    }

    @Test(arguments: Medium.allCases)
    func `A burn without a look at the disc is done, not verified`(medium: Medium) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(medium)
            let result = try await scratch.burn(Self.image, "--no-verify", status: "done")
            #expect(result.exitCode == 0)
            #expect(result.bytes == 2_097_152)
        }
    }

    @Test func `The disc comes out where that is wished`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn --quiet --eject \(Self.image) || exit 1
                    exec "$SPINDLE" info --json
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.document().state == "none")
            #expect(try await scratch.info().state == "complete")
        }
    }

    @Test(arguments: [
        Recording(medium: .cdR), Recording(medium: .dvdPlusR), Recording(medium: .dvdPlusRW),
    ])
    func `A pipe is burned`(recording: Recording) async throws {
        try await Scratch.use { scratch in
            let bytes = try Image.oddNoise.place(in: scratch)
            try await scratch.makeDisc(recording.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "{ cat odd.img; sleep 1; } | \"$SPINDLE\" burn --json -"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified")
            #expect(result.bytes == bytes.count)
            #expect(try await result.sha256 == scratch.sha256("odd.img"))
            let verified = try await scratch.spindle("verify", "--json", "disc", "odd.img")
            #expect(verified.status == 0, "\(verified)")
        }
    }

    @Test func `The mode that is chosen is the mode that is told`() async throws {
        try await Scratch.use { scratch in
            for (options, mode) in [("", "sao"), ("--mode tao", "tao"), ("--mode sao", "sao")] {
                let disc = "disc-\(mode)-\(options.count)"
                try await scratch.makeDisc(.cdR, disc)
                let outcome = try await scratch.withDrive(
                    disc,
                    run:
                        "exec \"$SPINDLE\" burn --speed 8x --simulate --json \(options) \(Self.image)"
                )
                let plan = try #require(try outcome.events().first)
                #expect(plan.writeMode == mode)
                #expect(plan.medium == "cd-r")
                #expect(plan.bytes == 2_097_152)
            }
        }
    }
}
