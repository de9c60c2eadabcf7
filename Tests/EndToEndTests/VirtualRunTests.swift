import Foundation
import TestSupport
import Testing

/// `virtual run`: a drive for any program.
@Suite struct VirtualRunTests {
    @Test(arguments: [0, 1, 3, 4, 64, 130, 255])
    func `The exit code is the command's`(code: Int) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(run: "exit \(code)")
            #expect(outcome.status == code)
            #expect(outcome.output == "")
        }
    }

    @Test(arguments: [("KILL", 137), ("TERM", 143), ("INT", 130), ("SEGV", 139)])
    func `The end by a signal is told as a shell tells it`(signal: String, code: Int) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--", "env", "--default-signal", "sh",
                "-c",
                "kill -\(signal) $$",
            ])
            #expect(outcome.status == code, "\(outcome)")
        }
    }

    @Test func `Nothing is added to the command's output`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive("disc", run: "printf 'a\\0b\\n'; echo c >&2")
            #expect(outcome.output == "a\0b\n")
            #expect(outcome.errors.contains("c\n"))
            let missing = try await scratch.run(
                [Products.spindle, "virtual", "run", "--disc", "disc", "--", "./nowhere"])
            #expect(missing.status != 0)
            #expect(missing.output == "")
            #expect(missing.errors.contains("nowhere"))
        }
    }

    @Test(arguments: ["", ".", "/nowhere", "/dev/null", "long"])
    func `A runtime directory that is none does not keep a drive away`(place: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            var directory = place
            if place == "long" {
                // Longer than a socket's path can be.
                directory = scratch.path(String(repeating: "l", count: 110))
                try FileManager.default.createDirectory(
                    atPath: directory,
                    withIntermediateDirectories: false
                )
            }
            let outcome = try await scratch.run([
                "/usr/bin/env", "XDG_RUNTIME_DIR=\(directory)", Products.spindle,
                "virtual", "run", "--disc", "disc", "--",
                // The drive is there whatever directory the command goes to.
                "/bin/sh", "-c", "cd / && exec \(Products.spindle) info",
            ])
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("blank"), "\(outcome)")
        }
    }

    @Test func `The command's input is the caller's`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run([
                "/bin/sh", "-c", "echo hello | \"$SPINDLE\" virtual run -- cat",
            ])
            #expect(outcome.output == "hello\n")
        }
    }

    @Test func `Several discs are in several drives`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR, "one")
            try await scratch.makeDisc(.dvdPlusRW, "two")
            let outcome = try await scratch.withDrive(
                "one",
                "two",
                "/usr/lib/ipxe/ipxe.iso",
                run: """
                    for drive in $SPINDLE_DRIVE_1 $SPINDLE_DRIVE_2 $SPINDLE_DRIVE_3; do
                        "$SPINDLE" info --json --drive $drive
                    done
                    unset SPINDLE_DRIVE
                    "$SPINDLE" burn /usr/lib/ipxe/ipxe.iso --json
                    """
            )
            #expect(outcome.status == 4, "\(outcome)")
            let media = try outcome.lines.prefix(3).map {
                try JSONDecoder.snake.decode(InfoDocument.self, from: Data($0.utf8)).medium
            }
            #expect(media == ["cd-r", "dvd+rw", "cd-rom"])
            // Which of the three is meant, nobody can know.
            let sentences = try #require(outcome.result().sentences).joined(separator: " ")
            #expect(sentences.contains("--drive"), "\(sentences)")
        }
    }

    @Test func `Two drives work side by side`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR, "one")
            try await scratch.makeDisc(.dvdPlusR, "two")
            let outcome = try await scratch.withDrive(
                "one",
                "two",
                run: """
                    "$SPINDLE" burn --json '\(Image.memtest64.rawValue)' \
                        --drive $SPINDLE_DRIVE_1 >one.json &
                    "$SPINDLE" burn --json '\(Image.ipxe.rawValue)' \
                        --drive $SPINDLE_DRIVE_2 >two.json
                    two=$?
                    wait $! && exit $two
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            for (disc, image) in [("one", Image.memtest64), ("two", Image.ipxe)] {
                try await scratch.rip(disc, to: "\(disc).iso")
                #expect(
                    try firstDifference(
                        of: scratch.bytes("\(disc).iso"),
                        from: image.place(in: scratch)
                    ) == nil
                )
            }
        }
    }

    @Test func `A small image becomes a pressed CD`() async throws {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            let info = try await scratch.info(Image.ipxe.rawValue)
            #expect(info.medium == "cd-rom")
            #expect(info.state == "complete")
            try await scratch.rip(Image.ipxe.rawValue)
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }

    @Test func `A large image becomes a pressed DVD`() async throws {
        try await Scratch.use { scratch in
            let noise = Noise.bytes(4096, seed: 4)
            try scratch.makeSparse("large.img", size: 2_000_000 * 2048, beginning: noise)
            let info = try await scratch.info("large.img")
            #expect(info.medium == "dvd-rom")
            #expect(info.sectors == 2_000_000)
            let outcome = try await scratch.withDrive(
                "large.img",
                run: """
                    dd if=$SPINDLE_DRIVE bs=2048 count=2 of=front 2>dd.log
                    dd if=$SPINDLE_DRIVE bs=2048 skip=1999999 of=end 2>>dd.log
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try firstDifference(of: scratch.bytes("front"), from: noise) == nil)
            #expect(try firstDifference(of: scratch.bytes("end"), from: Data(count: 2048)) == nil)
        }
    }

    @Test func `A virtual disc's file is a disc to look at`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            let blank = try await scratch.spindle("info", "--json", "disc").document()
            #expect(blank.origin == "virtual-disc")
            #expect(blank.medium == "dvd+r")
            #expect(blank.state == "blank")
            try await scratch.burn(Image.ipxe.rawValue)
            let burned = try await scratch.spindle("info", "--json", "disc").document()
            #expect(burned.state == "complete")
            #expect(burned.sessions?.count == 1)
            #expect(burned.sessions?.first?.tracks.first?.sectors == 1024)
            let verified = try await scratch.spindle(
                "verify",
                "--json",
                "disc",
                Image.ipxe.rawValue
            )
            #expect(verified.status == 0, "\(verified)")
        }
    }

    @Test func `A disc is not made over a file`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Data("precious".utf8), to: "disc")
            let outcome = try await scratch.spindle("virtual", "create", "disc", "--medium", "cd-r")
            #expect(outcome.status == 1)
            #expect(try scratch.text("disc") == "precious")
        }
    }

    /// One drive at a time holds a disc.
    @Test func `A disc is in one drive only`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "\"$SPINDLE\" virtual run --disc disc -- touch ran"
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(!scratch.has("ran"))
        }
    }
}
