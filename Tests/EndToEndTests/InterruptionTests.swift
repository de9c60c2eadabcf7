import Foundation
import TestSupport
import Testing

/// Processes that are killed or interrupted, terminals and readers that go away.
@Suite struct InterruptionTests {
    /// An image that takes a while: 64 MiB of noise, and a hole to 600 MiB.
    private static let image = "big.img"

    /// Waits in a script until sectors were written.
    private static let untilWriting = """
        until grep -q '"bytes":[1-9].*"phase":"write"' events; do
            kill -0 $job || break
            sleep 0.02
        done
        """

    /// Has the drive open its tray, as its button does; Linux would not while others use the drive, so
    /// the command is START STOP UNIT, in a `struct sg_io_hdr`.
    private static let ejecting = """
        perl -e 'use Fcntl;
            sysopen(F, $ENV{SPINDLE_DRIVE}, O_RDWR|O_NONBLOCK) or exit 1;
            my ($cdb, $sense) = (pack("C6", 0x1B, 0, 0, 0, 2, 0), "\\0" x 64);
            my $header = pack("l l C C S L Q P P L L l x4 Q C C C C S S l L L x4",
                83, -1, 6, 64, 0, 0, 0, $cdb, $sense, 60000, 0, 0, 0, (0) x 10);
            ioctl(F, 0x2285, $header) or exit 1' || exit 98
        """

    private func prepare(_ scratch: Scratch, _ medium: Medium) async throws {
        let noise = Noise.bytes(1 << 20, seed: 7)
        let beginning = (0..<64).reduce(into: Data()) { bytes, _ in bytes += noise }
        try scratch.makeSparse(Self.image, size: 600 << 20, beginning: beginning)
        try await scratch.makeDisc(medium)
    }

    /// Burns, and does something to the process in the middle.
    private func burnAnd(
        _ act: String,
        _ scratch: Scratch,
        _ recording: Recording
    ) async throws -> Outcome {
        try await scratch.withDrive(
            "disc",
            within: 120,
            run: """
                env --default-signal=INT,TERM "$SPINDLE" burn --json --no-verify \
                    \(recording.options) \(Self.image) >events 2>errors &
                job=$!
                \(Self.untilWriting)
                \(act)
                wait $job
                echo $? >status
                timeout 5 "$SPINDLE" info --json
                """
        )
    }

    @Test(arguments: Recording.all)
    func `After kill -9 in mid-burn the drive answers and says what the disc is`(
        recording: Recording
    ) async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, recording.medium)
            let outcome = try await burnAnd("kill -9 $job", scratch, recording)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("status") == "137\n")
            let info = try outcome.document()
            #expect(info.medium == recording.medium.rawValue)
            #expect(info.state != "none" && info.state != "blank")
            // What an overwritable disc holds, it holds; a recording that was broken off is not complete.
            #expect(recording.medium == .dvdPlusRW || info.state != "complete")
            let file = try await scratch.spindle("info", "--json", "disc")
            #expect(file.status == 0, "\(file)")
            guard recording.medium == .dvdPlusRW else { return }
            try await scratch.burn(Image.ipxe.rawValue, "--yes")
        }
    }

    @Test(arguments: Recording.all)
    func `After the drive's own death the disc is sound`(recording: Recording) async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, recording.medium)
            // The shell's parent is the drive's process.
            let outcome = try await burnAnd("kill -9 $PPID", scratch, recording)
            #expect(outcome.status == 137, "\(outcome)")
            // A burn whose drive has gone ends, and does not call itself good.
            for _ in 0..<400 where !scratch.has("status") {
                try await Task.sleep(for: .seconds(0.1))
            }
            #expect(try scratch.text("status") == "1\n")
            #expect(
                try Event(scratch.text("events").split(separator: "\n").last.map(String.init) ?? "")
                    .status == "failed"
            )
            let file = try await scratch.spindle("info", "--json", "disc")
            #expect(file.status == 0, "\(file)")
            #expect(try file.document().medium == recording.medium.rawValue)
            let info = try await scratch.info()
            #expect(info.medium == recording.medium.rawValue)
            #expect(info.state != "none" && info.state != "blank")
        }
    }

    @Test(arguments: Recording.all, ["INT", "TERM"])
    func `An interrupted burn gives the drive back and says what the disc is`(
        recording: Recording,
        signal: String
    ) async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, recording.medium)
            let outcome = try await burnAnd("kill -\(signal) $job", scratch, recording)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("status") == "130\n")
            let result = try #require(
                try scratch.text("events").split(separator: "\n").last.map { try Event(String($0)) }
            )
            #expect(result.status == "interrupted")
            #expect(result.exitCode == 130)
            let info = try outcome.document()
            // To every other drive a CD whose track is open is damaged.
            let isOpenCD =
                recording.medium.isCD && info.state == "appendable" && result.bytes ?? 0 > 0
            #expect(result.discState == (isOpenCD ? "unknown" : info.state))
            #expect(
                result.discUsable == (recording.medium == .cdRW || recording.medium == .dvdPlusRW)
            )
            let sentences = try #require(result.sentences)
            #expect(sentences.count == 3 && sentences[1].contains("disc"), "\(sentences)")
            // The drive is nobody's: another program may claim it.
            let claimed = try await scratch.withDrive(
                "disc",
                run: """
                    exec perl -e 'use Fcntl;
                        sysopen(F, $ENV{SPINDLE_DRIVE}, O_RDONLY|O_EXCL|O_NONBLOCK) or exit 1'
                    """
            )
            #expect(claimed.status == 0, "\(claimed)")
        }
    }

    @Test func `A burn from a pipe in which nothing more comes can be stopped`() async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, .dvdPlusR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    mkfifo pipe
                    exec 3<>pipe
                    head -c 4000000 \(Self.image) >&3 &
                    env --default-signal=INT "$SPINDLE" burn --json - <pipe >events &
                    job=$!
                    \(Self.untilWriting)
                    kill -INT $job
                    wait $job
                    echo $? >status
                    exec timeout 5 "$SPINDLE" info --json
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("status") == "130\n")
            #expect(try outcome.document().state != "blank")
        }
    }

    @Test func `A rip whose disc is taken out stops, and calls no sector bad`() async throws {
        try await Scratch.use { scratch in
            let noise = Noise.bytes(1 << 20, seed: 8)
            try scratch.makeSparse("large.img", size: 2_000_000 * 2048, beginning: noise)
            let outcome = try await scratch.withDrive(
                "large.img",
                run: """
                    "$SPINDLE" rip rip.iso --json >events &
                    job=$!
                    until grep -q '"bytes":[1-9].*"phase":"read"' events; do sleep 0.02; done
                    \(Self.ejecting)
                    wait $job
                    status=$?
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed")
            #expect(result.sentences?.first?.contains("taken out") == true)
            #expect(!scratch.has("rip.iso"))
            let bad = try await scratch.run([
                "/usr/bin/ddrescuelog", "-b2048", "-l-", "rip.iso.map",
            ])
            #expect(bad.lines.isEmpty)
        }
    }

    @Test func `An interrupted rip keeps what it has read`() async throws {
        try await Scratch.use { scratch in
            let noise = Noise.bytes(1 << 20, seed: 8)
            try scratch.makeSparse("large.img", size: 2_000_000 * 2048, beginning: noise)
            let outcome = try await scratch.withDrive(
                "large.img",
                run: """
                    env --default-signal=INT "$SPINDLE" rip rip.iso --json >events &
                    job=$!
                    until grep -q '"bytes":[1-9].*"phase":"read"' events; do sleep 0.02; done
                    kill -INT $job
                    wait $job
                    status=$?
                    timeout 5 "$SPINDLE" info --json >info.json || exit 98
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "interrupted")
            #expect(!scratch.has("rip.iso"))
            #expect(scratch.has("rip.iso.part"))
            let untried = try await scratch.run(
                ["/usr/bin/ddrescuelog", "-b2048", "-l?", "rip.iso.map"])
            let first = try #require(untried.lines.first.flatMap { Int($0) })
            #expect(result.bytes == first * 2048)
            #expect(untried.lines.last == "1999999")
            let part = try FileHandle(
                forReadingFrom: URL(fileURLWithPath: scratch.path("rip.iso.part"))
            )
            #expect(
                try firstDifference(of: part.read(upToCount: noise.count) ?? Data(), from: noise)
                    == nil
            )
        }
    }

    @Test func `A copy that is stopped while it reads says so, and leaves nothing`() async throws {
        try await Scratch.use { scratch in
            let noise = Noise.bytes(1 << 20, seed: 8)
            try scratch.makeSparse("large.img", size: 2_000_000 * 2048, beginning: noise)
            try await scratch.makeDisc(.dvdPlusRW, "copy")
            let outcome = try await scratch.withDrive(
                "large.img",
                "copy",
                run: """
                    env --default-signal=INT "$SPINDLE" copy --folder . --json >events &
                    job=$!
                    until grep -q '"bytes":[1-9].*"phase":"read"' events; do sleep 0.02; done
                    kill -INT $job
                    wait $job
                    status=$?
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            let sentences = try #require(try outcome.result().sentences)
            #expect(sentences.first?.contains("stopped") == true, "\(sentences)")
            #expect(sentences.last == "Nothing was written to a disc.")
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path)
            #expect(!left.contains { $0.hasPrefix("spindle-copy") })
            #expect(try await scratch.info("copy").state == "blank")
        }
    }

    @Test(arguments: [("--folder .", false), ("--image kept.iso", true)])
    func `A copy that is stopped while it writes is gone on with where its image was kept`(
        way: String,
        isKept: Bool
    ) async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, .dvdPlusRW)
            let outcome = try await scratch.withDrive(
                Self.image,
                "disc",
                within: 120,
                run: """
                    env --default-signal=INT "$SPINDLE" copy \(way) --no-verify --json >events &
                    job=$!
                    \(Self.untilWriting)
                    kill -INT $job
                    wait $job
                    status=$?
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            let advice = try #require(try outcome.result().sentences?.last)
            #expect(advice.contains("--resume") == isKept, "\(advice)")
        }
    }

    /// The map says no more than what is in the file: the rest is for ddrescue to read.
    @Test func `A rip that is killed after a while has left a map`() async throws {
        try Peers.require("ddrescuelog")
        try await Scratch.use { scratch in
            let noise = Noise.bytes(4000 * 2048, seed: 9)
            try scratch.write(noise, to: "large.img")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--clock", "real", "--disc",
                    "large.img",
                    "--fault", "slow lba=1500 time=11", "--fault", "slow lba=3000 time=50", "--",
                    "sh", "-c",
                    """
                    "$SPINDLE" rip rip.iso &
                    job=$!
                    until grep -q ' +$' rip.iso.map; do kill -0 $job || break; sleep 0.1; done
                    kill -9 $job
                    """,
                ]
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(!scratch.has("rip.iso"))
            let finished = try await scratch.run(
                ["/usr/bin/ddrescuelog", "-b2048", "-l+", "rip.iso.map"])
            let count = finished.lines.count
            #expect(count >= 512 && count < 4000)
            #expect(finished.lines == (0..<count).map(String.init))
            let part = try scratch.bytes("rip.iso.part")
            #expect(part.count >= count * 2048)
            let difference = firstDifference(
                of: part.prefix(count * 2048),
                from: noise.prefix(count * 2048)
            )
            #expect(difference == nil)
        }
    }

    /// The disc is asked what it is, and the burn says how far it came.
    @Test(arguments: [Medium.cdR, .dvdPlusRW])
    func `A burn whose image breaks off says what the disc is now`(medium: Medium) async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    "$SPINDLE" burn --json --no-verify \(Self.image) >events &
                    job=$!
                    \(Self.untilWriting)
                    truncate -s 3000000 \(Self.image)
                    wait $job
                    status=$?
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed")
            #expect(result.sentences?.first?.contains("\(Self.image) could not be read") == true)
            #expect((result.bytes ?? 0) >= 2048)
            #expect(result.discUsable == (medium == .dvdPlusRW))
            #expect(result.discState != nil)
            let advice = medium == .dvdPlusRW ? "burn again" : "use a new disc"
            #expect(result.sentences?.last?.contains(advice) == true)
        }
    }

    @Test(arguments: [Medium.cdR, .dvdPlusR])
    func `A burn whose reader goes away finishes`(medium: Medium) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    { "$SPINDLE" burn --json /usr/lib/ipxe/ipxe.iso; echo $? >status; } | head -n 1
                    exec "$SPINDLE" verify --quiet $SPINDLE_DRIVE /usr/lib/ipxe/ipxe.iso
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines.count == 1)
            #expect(try scratch.text("status") == "0\n")
            #expect(try await scratch.info().state == "complete")
        }
    }

    /// What is opened first then gets the numbers of the standard streams.
    @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    func `A burn without standard streams finishes`(redirection: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn --json /usr/lib/ipxe/ipxe.iso \(redirection)
                    echo $? >status
                    exec "$SPINDLE" verify --quiet $SPINDLE_DRIVE /usr/lib/ipxe/ipxe.iso
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("status") == "0\n")
        }
    }

    @Test func `A burn goes on when it is told to hang up or to pause`() async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, .cdR)
            let outcome = try await burnAnd(
                "for i in 1 2 3; do kill -HUP $job; kill -TSTP $job; sleep 0.1; done",
                scratch,
                Recording(medium: .cdR)
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("status") == "0\n")
            #expect(try outcome.document().state == "complete")
            let verified = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify --quiet $SPINDLE_DRIVE \(Self.image)"
            )
            #expect(verified.status == 0, "\(verified)")
        }
    }

    @Test func `A burn whose terminal goes away finishes`() async throws {
        try Peers.require("script")
        try await Scratch.use { scratch in
            try await prepare(scratch, .cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    cat >in-terminal <<'END'
                    "$SPINDLE" burn --no-verify \(Self.image) &
                    echo $! >job
                    wait
                    END
                    script -qfc 'sh in-terminal' log >shown &
                    terminal=$!
                    until [ -s job ] && grep -q MB log; do sleep 0.05; done
                    job=$(cat job)
                    kill -0 $job || exit 97
                    kill -9 $terminal
                    while kill -0 $job 2>gone; do sleep 0.1; done
                    exec "$SPINDLE" verify --quiet $SPINDLE_DRIVE \(Self.image)
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try await scratch.info().state == "complete")
        }
    }
}
