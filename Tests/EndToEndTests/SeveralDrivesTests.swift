import Foundation
import TestSupport
import Testing

/// One image in several drives: read once, each disc judged by itself.
@Suite struct SeveralDrivesTests {
    @Test func `A pipe is burned in four drives at once, and each disc is right`() async throws {
        try await Scratch.use { scratch in
            let noise = try Image.oddNoise.place(in: scratch)
            let media = ["cd-r", "dvd+r", "dvd+rw", "bd-r"]
            for (index, medium) in media.enumerated() {
                try await scratch.make(medium, "d\(index)")
            }
            // What comes through a pipe can be read once only.
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                "d2",
                "d3",
                within: 120,
                run: """
                    cat odd.img | "$SPINDLE" burn - --size \(noise.count) --json \\
                        --drive $SPINDLE_DRIVE_1 --drive $SPINDLE_DRIVE_2 \\
                        --drive $SPINDLE_DRIVE_3 --drive $SPINDLE_DRIVE_4 \
                        --log log --log log.json
                    """
            )
            try #require(outcome.status == 0, "\(outcome)")
            // Logs have what each drive told.
            let (log, record) = (try scratch.text("log"), try scratch.text("log.json"))
            for index in 0..<4 {
                #expect(log.contains("  /dev/sr\(index): Verified"), "\(log)")
                #expect(record.contains(",\"drive\":\"/dev/sr\(index)\","), "\(record)")
            }
            let events = try outcome.events()
            let result = try #require(events.last)
            #expect(result.drive == nil && result.status == "verified")
            #expect(try await result.sha256 == scratch.sha256("odd.img"))
            #expect(result.sentences?.count == 5)
            let nodes = (0..<4).map { "/dev/sr\($0)" }
            for (node, medium) in zip(nodes, media) {
                let own = events.filter { $0.drive == node }
                #expect(own.first?.event == "plan" && own.first?.medium == medium)
                #expect(own.first?.model?.isEmpty == false)
                #expect(own.last?.event == "result" && own.last?.status == "verified")
            }
            #expect(events.dropLast().allSatisfy { $0.drive != nil })
            #expect(events.first { $0.medium == "cd-r" }?.writeMode == "sao")
            for index in 0..<4 {
                let verified = try await scratch.withDrive(
                    "d\(index)",
                    run: """
                        dd if=$SPINDLE_DRIVE bs=2048 count=1001 2>/dev/null |
                            head -c \(noise.count) | cmp - odd.img
                        """
                )
                #expect(verified.status == 0, "\(index): \(verified)")
            }
        }
    }

    @Test func `One drive that fails leaves the others alone`() async throws {
        try await Scratch.use { scratch in
            let noise = Noise.bytes(20_000 * 2048, seed: 3)
            try scratch.write(noise, to: "large.img")
            for name in ["d0", "d1", "closed"] { try await scratch.make("cd-r", name) }
            _ = try Image.noise.place(in: scratch)
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                "closed",
                within: 120,
                run: """
                    "$SPINDLE" burn noise.img --quiet --drive $SPINDLE_DRIVE_3 || exit 99
                    "$SPINDLE" burn large.img --json --drive $SPINDLE_DRIVE_1 \\
                        --drive $SPINDLE_DRIVE_3 --drive $SPINDLE_DRIVE_2 --drive /dev/sr9
                    """
            )
            #expect(outcome.status == 4, "\(outcome)")
            let events = try outcome.events()
            func last(_ node: String) -> Event? { events.last { $0.drive == node } }
            #expect(last("/dev/sr0")?.status == "verified")
            #expect(last("/dev/sr1")?.status == "verified")
            #expect(last("/dev/sr2")?.status == "refused")
            #expect(last("/dev/sr9")?.reason == "no-drive")
            #expect(events.last?.sentences?.first == "2 of 4 discs came out well.")
        }
    }

    /// Ctrl-C reaches all of them, and each says what its disc is.
    @Test func `A wish to stop reaches each drive`() async throws {
        try await Scratch.use { scratch in
            try scratch.makeSparse("large.img", size: 600 << 20, beginning: Data("x".utf8))
            for name in ["d0", "d1"] { try await scratch.make("cd-r", name) }
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                within: 120,
                run: """
                    env --default-signal=INT "$SPINDLE" burn large.img --json \\
                        --drive $SPINDLE_DRIVE_1 --drive $SPINDLE_DRIVE_2 >events &
                    burn=$!
                    until grep -q '"phase":"write"' events; do sleep 0.05; done
                    kill -INT $burn
                    wait $burn
                    status=$?
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 130, "\(outcome.status)")
            let results = try outcome.events().filter { $0.event == "result" }
            #expect(results.count == 3)
            #expect(results.allSatisfy { $0.status == "interrupted" && $0.exitCode == 130 })
        }
    }

    /// Each process reads the sheet and what it names.
    @Test func `Discs of several tracks are burned in all drives, too`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            for name in ["d0", "d1"] { try await scratch.make("cd-r", name) }
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                within: 120,
                run: """
                    "$SPINDLE" burn album.cue --offset 12 --json --drive $SPINDLE_DRIVE_1 \
                        --drive $SPINDLE_DRIVE_2 || exit
                    "$SPINDLE" rip one.cue --drive $SPINDLE_DRIVE_1 --offset -12 --quiet || exit
                    "$SPINDLE" rip two.cue --drive $SPINDLE_DRIVE_2 --offset -12 --quiet || exit
                    cmp one.bin two.bin
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let results = try outcome.events().filter { $0.event == "result" }
            #expect(results.count == 3)
            #expect(results.allSatisfy { $0.status == "verified" }, "\(outcome)")
            #expect(results.last?.sentences?.first == "2 of 2 discs came out well.")
            let back = try scratch.bytes("one.bin")
            // The samples that were to be sent before the disc's beginning are not there.
            let (ripped, sent) = (back.dropFirst(48), Album.sound.dropFirst(48))
            #expect(firstDifference(of: ripped, from: sent) == nil)
        }
    }

    @Test func `Each process knows the encoding of the sheet`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            for name in ["d0", "d1"] { try await scratch.make("cd-r", name) }
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                within: 120,
                run: """
                    { printf 'TITLE "Caf\\202"\\n'; cat album.cue; } >old.cue
                    "$SPINDLE" burn old.cue --encoding CP437 --quiet --allow-loss \
                        --drive $SPINDLE_DRIVE_1 --drive $SPINDLE_DRIVE_2 >&2 || exit
                    "$SPINDLE" info $SPINDLE_DRIVE_1 && "$SPINDLE" info $SPINDLE_DRIVE_2
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.components(separatedBy: "“Café”").count == 3, "\(outcome)")
        }
    }

    /// A process for one drive sees that its input ends, and of an input of unknown size it can't know that
    /// more was to come.
    @Test(arguments: ["", "--no-verify"])
    func `A source that fails half way makes no disc that came out well`(options: String)
        async throws
    {
        try Peers.require("python3")
        try await Scratch.use { scratch in
            let noise = Noise.bytes(6_000 * 2048, seed: 5)
            try scratch.write(noise, to: "large.img")
            for name in ["d0", "d1"] { try await scratch.make("dvd+r", name) }
            // A connection that the other side resets: reading from it fails.
            let program = """
                import socket, struct, subprocess, sys, threading, time

                def serve(listener, data):
                    connection = listener.accept()[0]
                    connection.sendall(data)
                    time.sleep(1)
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    connection.close()

                data = open("large.img", "rb").read()[:8000000]
                listener = socket.create_server(("127.0.0.1", 0))
                threading.Thread(target=serve, args=(listener, data), daemon=True).start()
                source = socket.create_connection(listener.getsockname())
                sys.exit(subprocess.call(sys.argv[1:], stdin=source))
                """
            try scratch.write(Data(program.utf8), to: "reset.py")
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                within: 120,
                run: """
                    python3 reset.py "$SPINDLE" burn - --json \(options) \
                        --drive $SPINDLE_DRIVE_1 --drive $SPINDLE_DRIVE_2
                    """
            )
            #expect(outcome.status == 1, "\(outcome)")
            let results = try outcome.events().filter { $0.event == "result" }
            #expect(results.count == 3)
            #expect(results.allSatisfy { $0.status == "failed" }, "\(outcome)")
            #expect(results.last?.sentences?.first == "0 of 2 discs came out well.")
            let told = results.first?.sentences?.first ?? ""
            #expect(told.contains("could not be read to its end"), "\(outcome)")
        }
    }

    @Test func `Where nobody says which drive to copy from, the option that names it is told`()
        async throws
    {
        try await Scratch.use { scratch in
            for name in ["d0", "d1"] { try await scratch.make("cd-r", name) }
            let outcome = try await scratch.withDrive("d0", "d1", run: "exec \"$SPINDLE\" copy")
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.errors.contains("Name one of them with --from."), "\(outcome)")
        }
    }

    @Test func `A drive named twice is refused`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            for name in ["d0", "d1"] { try await scratch.make("cd-r", name) }
            let outcome = try await scratch.withDrive(
                "d0",
                "d1",
                run: """
                    "$SPINDLE" burn noise.img --drive $SPINDLE_DRIVE_1 --drive $SPINDLE_DRIVE_1
                    test $? = 64
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.errors.contains("named twice"))
        }
    }

    /// A source that stalls and is slow: the drive waits for it.
    @Test(arguments: ["cd-r", "dvd+r"])
    func `A slow pipe of known size ruins no disc`(medium: String) async throws {
        try await Scratch.use { scratch in
            let noise = try Image.noise.place(in: scratch)
            try await scratch.make(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    (head -c 1000000 noise.img; sleep 1; tail -c +1000001 noise.img) |
                        "$SPINDLE" burn - --size \(noise.count) --json
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified")
        }
    }

    /// A tenth of what the drive writes at its slowest, and nothing at all for a while.
    @Test(arguments: [("cd-r", 15_000), ("dvd-r", 140_000), ("bd-r", 450_000)])
    func `A source of a tenth of the speed makes a good disc`(medium: String, rate: Int)
        async throws
    {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(rate / 2048 * 2048 * 5, seed: 4), to: "slow.img")
            try await scratch.make(medium)
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--clock", "real", "--disc", "disc", "--",
                    "sh", "-c",
                    """
                    for second in 0 1 2 3 4; do
                        tail -c +$((second * \(rate / 2048 * 2048) + 1)) slow.img |
                            head -c \(rate / 2048 * 2048)
                        test $second = 2 && sleep 3
                        sleep 1
                    done | "$SPINDLE" burn - --size \(rate / 2048 * 2048 * 5) --speed 1x --json
                    """,
                ],
                within: 280
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified")
            #expect(try await result.sha256 == scratch.sha256("slow.img"))
        }
    }

    @Test func `A pipe that ends before the size that was told is no success`() async throws {
        try await Scratch.use { scratch in
            let noise = try Image.noise.place(in: scratch)
            try await scratch.make("dvd+r")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "\"$SPINDLE\" burn - --size \(noise.count + 4096) --json <noise.img"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed")
            // Neither the drive nor its speed is to blame.
            #expect(
                result.sentences?.first
                    == "the standard input ended after \(noise.count) bytes, and \(noise.count + 4096) were to come."
            )
            #expect(result.sentences?.last?.contains("speed") == false, "\(outcome)")
        }
    }

    /// What comes at once is known before the drive is touched.
    @Test func `A pipe that has ended before the size that was told costs no disc`() async throws {
        try await Scratch.use { scratch in
            try await scratch.make("cd-r")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "head -c 5000 /dev/urandom | \"$SPINDLE\" burn - --size 5001 --json"
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try outcome.result().status == "refused")
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test(arguments: ["cd-r", "cd-rw"])
    func `A pipe that gives more than the disc has room for is told from a bad disc`(
        medium: String
    ) async throws {
        try await Scratch.use { scratch in
            try await scratch.make(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: "head -c 800000000 /dev/zero | \"$SPINDLE\" burn - --json"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed")
            let told = result.sentences?.first ?? ""
            #expect(told.hasPrefix("More came from the standard input than the "), "\(outcome)")
            #expect(result.sentences?.last?.contains("brand") == false, "\(outcome)")
        }
    }
}
