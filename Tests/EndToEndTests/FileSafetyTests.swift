import Foundation
import TestSupport
import Testing

/// What becomes of files when something goes wrong, or somebody else is at work.
@Suite struct FileSafetyTests {
    private static let image = "/usr/lib/ipxe/ipxe.iso"
    private static let lateErrors = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixture/late-errors.py").path

    /// Runs a shell's script beside some images; the script finds the command at `$SPINDLE`.
    private func script(_ scratch: Scratch, _ text: String) async throws -> Outcome {
        try await scratch.run(["/bin/sh", "-c", "export LC_ALL=C\n\(text)"])
    }

    private func names(_ scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path).sorted()
    }

    // MARK: Storage

    /// Each of these file systems takes every write, and says only then that the data are lost.
    @Test(arguments: ["close", "sync", "names", "unsynced"])
    func `Nothing that failed at its end is done, or has its name`(mode: String) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.mixed, in: scratch)
            let outputs = ["o.iso", "o.cue", "o.ccd", "o.chd", "o.nrg", "o.cso", "o.disc"]
            let outcome = try await script(
                scratch,
                """
                mkdir late
                /usr/bin/python3 \(Self.lateErrors) \(mode) late log 2>errors & server=$!
                for i in $(seq 100); do mountpoint -q late && break; sleep 0.05; done
                mountpoint late || exit 1
                for output in \(outputs.joined(separator: " ")); do
                    "$SPINDLE" convert album.cue late/$output --allow-loss >said 2>&1
                    echo "$output $? $(grep -c Done said) $(ls late | wc -l)"
                    rm -f late/*
                done
                "$SPINDLE" virtual create late/blank --medium cd-r >said 2>&1
                echo "blank $? $(grep -c blank said) $(ls late | wc -l)"
                "$SPINDLE" virtual run --trace late/trace -- true >said 2>&1
                echo "trace $? $(ls late/trace 2>/dev/null | wc -l)"
                fusermount -u late; wait $server; exit 0
                """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let log = try scratch.text("log")
            #expect(!log.contains(" unsynced"), "\(log)")
            for output in outputs + ["blank"] {
                let line = outcome.lines.first { $0.hasPrefix("\(output) ") } ?? ""
                if mode == "unsynced" {
                    #expect(line.hasPrefix("\(output) 0 1 "), "\(outcome)")
                } else if output == "blank" {
                    #expect(line.hasPrefix("blank 1 ") && line.hasSuffix(" 0"), "\(line)")
                } else {
                    #expect(line == "\(output) 1 0 0", "\(outcome)")
                }
            }
            if mode == "unsynced" {
                // After the names the directory.
                #expect(log.split(separator: "\n").contains("fsyncdir /"))
            } else if mode != "names" {
                #expect(!log.contains("rename"), "\(log)")
            }
        }
    }

    @Test func `A report that can't be written leaves the old image as it was`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.mixed, in: scratch)
            let outcome = try await script(
                scratch,
                """
                echo precious >o.iso; mkdir o.iso.loss.txt.part
                exec "$SPINDLE" convert album.cue o.iso --allow-loss --force
                """
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try scratch.text("o.iso") == "precious\n")
            #expect(!scratch.has("o.iso.part"))
        }
    }

    @Test func `What appears meanwhile is not replaced`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(40 << 20, seed: 9), to: "long.iso")
            let outcome = try await script(
                scratch,
                """
                "$SPINDLE" convert long.iso o.cso >said 2>&1 & job=$!
                until [ -s o.cso.part ]; do kill -0 $job || break; sleep 0.02; done
                echo precious >o.cso; wait $job
                """
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try scratch.text("said").contains("o.cso is there now"))
            #expect(try scratch.text("o.cso") == "precious\n")
            #expect(!scratch.has("o.cso.part"))
        }
    }

    @Test func `A source that changes is no source`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(40 << 20, seed: 9), to: "long.iso")
            let outcome = try await script(
                scratch,
                """
                "$SPINDLE" convert long.iso o.cso >said 2>&1 & job=$!
                until [ -s o.cso.part ]; do kill -0 $job || break; sleep 0.02; done
                printf x | dd of=long.iso bs=1 seek=1000000 conv=notrunc 2>/dev/null; wait $job
                """
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try scratch.text("said").contains("long.iso changed while it was read"))
            #expect(try names(scratch) == ["long.iso", "said"])
        }
    }

    @Test func `What a rip has left is not touched`() async throws {
        try await Scratch.use { scratch in
            for force in ["", "--force"] {
                let outcome = try await script(
                    scratch,
                    """
                    echo part >o.iso.part; echo map >o.iso.map
                    exec "$SPINDLE" convert \(Self.image) o.iso \(force)
                    """
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect(try scratch.text("o.iso.part") == "part\n")
                #expect(try scratch.text("o.iso.map") == "map\n")
                #expect(!scratch.has("o.iso"))
            }
        }
    }

    // MARK: Drives

    @Test func `A disc that is in a drive is not replaced`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let before = try scratch.bytes("disc")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" convert --format virtual-disc --force \(Self.image) disc"
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.errors.contains("disc is in use"))
            #expect(try scratch.bytes("disc") == before)
        }
    }

    @Test(arguments: ["virtual run --disc disc", "virtual trace --drive /dev/null"])
    func `A trace replaces nothing`(verb: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let before = try scratch.bytes("disc")
            let parts = verb.split(separator: " ").map(String.init)
            let file = verb.hasPrefix("virtual run") ? ["--trace", "disc"] : ["disc"]
            let outcome = try await scratch.run(
                [Products.spindle] + parts + file + ["--", "touch", "ran"]
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try scratch.bytes("disc") == before)
            #expect(!scratch.has("ran"))
        }
    }

    @Test func `A blank disc is not converted`() async throws {
        try await Scratch.use { scratch in
            for medium in Medium.allCases {
                try? FileManager.default.removeItem(atPath: scratch.path("disc"))
                try await scratch.makeDisc(medium)
                let outcome = try await scratch.spindle("convert", "disc", "o.nrg", "--allow-loss")
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("is blank"))
                #expect(try names(scratch) == ["disc"])
            }
        }
    }

    @Test(arguments: ["o.nrg", "o.iso", "o.bin"])
    func `A name that promises another format is refused`(output: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle(
                "convert",
                Self.image,
                output,
                "--format",
                "cue"
            )
            #expect(outcome.status == 64, "\(outcome)")
            #expect(try names(scratch).isEmpty)
        }
    }

    // MARK: Processes

    @Test(arguments: [
        "info pipe", "list pipe", "convert pipe o.nrg", "verify pipe \(FileSafetyTests.image)",
        "verify \(FileSafetyTests.image) pipe", "virtual run --disc pipe -- true",
        "virtual run --replay pipe -- true",
    ])
    func `A pipe as an operand is refused, and not waited for`(arguments: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await script(
                scratch,
                "mkfifo pipe; exec timeout 10 \"$SPINDLE\" \(arguments) </dev/null"
            )
            #expect([1, 4].contains(outcome.status), "\(outcome)")
            #expect(!outcome.errors.isEmpty)
        }
    }

    @Test func `SIGQUIT stops a job as SIGINT does, without a report of a crash`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(40 << 20, seed: 9), to: "long.iso")
            let outcome = try await script(
                scratch,
                """
                env --default-signal=QUIT "$SPINDLE" convert long.iso o.cso >said 2>&1 & job=$!
                until [ -s o.cso.part ]; do kill -0 $job || break; sleep 0.02; done
                kill -QUIT $job; wait $job
                """
            )
            #expect(outcome.status == 130, "\(outcome)")
            #expect(try !scratch.text("said").lowercased().contains("crash"))
            #expect(try names(scratch) == ["long.iso", "said"])
        }
    }

    @Test(arguments: [
        "convert \(FileSafetyTests.image) o.nrg", "convert --json \(FileSafetyTests.image) o.cso",
        "verify \(FileSafetyTests.image) \(FileSafetyTests.image)",
        "verify --json \(FileSafetyTests.image) \(FileSafetyTests.image)",
        "virtual create blank --medium cd-r", "--help", "help burn", "--version",
    ])
    func `Output that is lost is told`(arguments: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await script(scratch, "exec \"$SPINDLE\" \(arguments) >/dev/full")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("could not be written"))
        }
    }

    // MARK: Names from strangers

    private static let hostile = [
        "\u{1B}[31mred", "\u{1B}]52;c;aGk=\u{7}", "a\r\nFAKE: Verified", "\u{9B}31m",
        "\u{202E}-rtl",
        "\u{2066}x\u{2069}", "\u{7F}\u{8}", "\u{2028}ls",
    ]

    @Test(arguments: FileSafetyTests.hostile)
    func `Nothing that a stranger named steers the terminal`(name: String) async throws {
        try await Scratch.use { scratch in
            let image = try Data(contentsOf: URL(fileURLWithPath: Self.image))
            try scratch.write(image, to: "\(name).iso")
            try scratch.write(
                Data("\(String(repeating: "0", count: 64))  \(name)x\n".utf8),
                to: "SUMS"
            )
            try Album.place(Album.plainAudio, in: scratch)
            let sheet = try scratch.text("album.cue")
            try scratch.write(Data("TITLE \"\(name)\"\n\(sheet)".utf8), to: "t.cue")
            try scratch.write(Data(sheet.replacing("sound.bin", with: name).utf8), to: "f.cue")
            let runs = [
                ["info", "\(name).iso"], ["list", "\(name).iso"],
                ["convert", "\(name).iso", "o.nrg"],
                ["convert", "t.cue", "\(name).toc"], ["verify", "\(name).iso", "SUMS"],
                ["info", "t.cue"], ["info", "f.cue"], ["info", "none\(name)"], [name],
                ["convert", "--packing=\(name)", "t.cue", "o.dmg"], ["info", "--\(name)"],
            ]
            for arguments in runs {
                for json in [false, true] {
                    let outcome = try await scratch.run(
                        [Products.spindle] + arguments + (json ? ["--json"] : [])
                    )
                    for text in [outcome.output, outcome.errors] {
                        #expect(!text.unicodeScalars.contains(where: Self.steers), "\(arguments)")
                        #expect(!text.contains("\nFAKE"), "\(arguments): \(text)")
                    }
                }
            }
        }
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        return value < 0x20 && value != 0x0A || (0x7F..<0xA0).contains(value)
            || (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
}
