import Foundation
import TestSupport
import Testing

/// What must not cost a disc, and what must not call a good one bad.
@Suite struct SparedDiscTests {
    private func makeDisc(_ scratch: Scratch, _ medium: String) async throws {
        let made = try await scratch.spindle("virtual", "create", "disc", "--medium", medium)
        try #require(made.status == 0, "\(made)")
    }

    @Test(arguments: ["cd-r", "dvd+rw", "bd-re"])
    func `A source that gives nothing leaves the disc blank`(medium: String) async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, medium)
            let room = try await scratch.info().writableSectors
            try scratch.write(Data(), to: "empty")
            try FileManager.default.createDirectory(
                atPath: scratch.path("nothing"),
                withIntermediateDirectories: false
            )
            let sources = [
                "false | $B", "$B </dev/null", "$B <empty", "$B <.", "$B <&-",
                "\"$SPINDLE\" burn empty", "\"$SPINDLE\" burn /dev/null",
                "\"$SPINDLE\" burn nothing",
            ]
            let script = sources.map { "\($0); echo $?" }.joined(separator: "\n")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "B=\"$SPINDLE burn -\"\n\(script)"
            )
            #expect(outcome.lines == sources.map { _ in "1" }, "\(outcome)")
            let info = try await scratch.info()
            #expect(info.state == "blank")
            #expect(info.writableSectors == room)
        }
    }

    @Test func `A pipe that ends within a sector is burned, and filled up`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "dvd+r")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    head -c 100001 \(Image.ipxe.rawValue) \
                        | "$SPINDLE" burn - --json --allow-truncated
                    """
            )
            let result = try outcome.result()
            #expect(result.status == "verified", "\(outcome)")
            #expect(result.bytes == 100_001)
        }
    }

    @Test(arguments: ["cd-r", "dvd+r"])
    func `A burn that is stopped before its first sector costs nothing`(medium: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    mkfifo pipe
                    exec 3<>pipe
                    env --default-signal=INT "$SPINDLE" burn --json - <pipe >events &
                    job=$!
                    until grep -q plan events; do kill -0 $job || break; sleep 0.02; done
                    kill -INT $job
                    wait $job
                    echo $?
                    """
            )
            #expect(outcome.lines == ["130"], "\(outcome)")
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test func `On a terminal there is time to stop a burn at no cost`() async throws {
        try Peers.require("script")
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "cd-r")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    cat >in-terminal <<'END'
                    echo $$ >job
                    exec "$SPINDLE" burn \(Image.ipxe.rawValue)
                    END
                    env --default-signal=INT script -qfec 'sh in-terminal' log >shown &
                    terminal=$!
                    until grep -q 'Ctrl-C' log; do kill -0 $terminal || break; sleep 0.05; done
                    kill -INT $(cat job)
                    wait $terminal
                    echo $?
                    """
            )
            #expect(outcome.lines == ["130"], "\(outcome)")
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test(arguments: ["cd-r", "dvd+r", "dvd+rw", "bd-r"])
    func `A burn that is stopped after its last sector has made a disc`(medium: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, medium)
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--clock", "real", "--disc", "disc", "--",
                    "sh",
                    "-c",
                    """
                    env --default-signal=INT "$SPINDLE" burn --json \(Image.ipxe.rawValue) >events &
                    job=$!
                    until grep -Eq '"phase":"close"|"bytes":2097152,.*"phase":"write"' events; do
                        kill -0 $job || break
                        sleep 0.02
                    done
                    kill -INT $job
                    wait $job
                    echo $?
                    """,
                ],
                within: 120
            )
            #expect(outcome.lines == ["130"], "\(outcome)")
            let result = try #require(
                try scratch.text("events").split(separator: "\n").last.map { try Event(String($0)) }
            )
            #expect(result.status == "interrupted")
            #expect(result.discState == "complete")
            #expect(result.discUsable != false)
            let verified = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify --quiet $SPINDLE_DRIVE \(Image.ipxe.rawValue)"
            )
            #expect(verified.status == 0, "\(verified)")
        }
    }

    /// libburn 1.5.4 crashes on a table of contents in which sessions are numbered 0.
    @Test func `A drive whose reply crashes libburn does not cost the result`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "cd-r")
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["reply command=43 set=2:0000"],
                run: "exec \"$SPINDLE\" burn --json \(Image.ipxe.rawValue)"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let events = try outcome.events()
            #expect(events.last?.status == "verified")
            #expect(events.contains { $0.text?.contains("libburn crashed") == true })
            #expect(try await scratch.info().state == "complete")
        }
    }

    /// A reading of a sector that is wrong, by how often it is, and what the burn has to say.
    struct Flip: Sendable, CustomStringConvertible {
        var fault: String
        var status: String
        var reads: [Int]?

        var description: String { fault }
    }

    @Test(
        arguments: ["cd-r", "dvd+r"],
        [
            Flip(fault: "flip lba=500 bytes=3", status: "differs", reads: [6, 6]),
            Flip(fault: "flip lba=500 bytes=3 count=1", status: "verified"),
            Flip(fault: "flip lba=500 bytes=3 count=2", status: "verified", reads: [4, 2]),
            Flip(fault: "flip lba=500 bytes=3 count=4", status: "verified", reads: [6, 4]),
            Flip(fault: "flip lba=100-700 bytes=3", status: "differs"),
            Flip(fault: "flip lba=100-700 bytes=3 count=1", status: "verified"),
        ]
    )
    func `A bad reading is told from a bad disc`(medium: String, flip: Flip) async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, medium)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [flip.fault],
                run: "exec \"$SPINDLE\" burn --json \(Image.ipxe.rawValue)"
            )
            let result = try outcome.result()
            #expect(result.status == flip.status, "\(outcome)")
            #expect(outcome.status == (flip.status == "verified" ? 0 : 2))
            #expect(result.sectorReads?.first.map { [$0.reads, $0.wrong] } == flip.reads)
            // Whatever came of it, a person is told how often.
            let says = result.sentences?.contains { $0.contains(" of ") && $0.contains(" read") }
            #expect(says == true)
        }
    }

    @Test func `A bad reading of sound is told from bad sound`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "cd-r")
            try Album.place(Album.mixed, in: scratch)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["flip lba=500 bytes=3 count=1", "flip lba=2000 bytes=3 count=1"],
                run: "exec \"$SPINDLE\" burn --json album.cue"
            )
            let result = try outcome.result()
            #expect(result.status == "verified", "\(outcome)")
            #expect(result.sectorReads?.map(\.sector) == [500, 2000])
            #expect(result.sectorReads?.allSatisfy { $0.reads == 3 && $0.wrong == 1 } == true)
        }
    }

    /// A later reading of the sector takes the disc away; LOAD is GOOD then, and there is no disc.
    @Test func `A disc that is lost when it is loaded anew leaves what was found before`()
        async throws
    {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "dvd+r")
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["flip lba=500 bytes=3", "remove lba=500 after=2"],
                run: "exec \"$SPINDLE\" burn --json \(Image.ipxe.rawValue)"
            )
            let result = try outcome.result()
            #expect(result.status == "differs", "\(outcome)")
            #expect(outcome.status == 2)
            #expect(result.sentences?.contains { $0.contains("found none any more") } == true)
        }
    }

    /// FUA is refused by some drives, and READ CD has none.
    @Test func `A disc is checked in a drive that takes no FUA`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "cd-r")
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [
                    "refuse command=read(10) sense=5/24/00", "flip lba=500 bytes=3 count=2",
                ],
                run: "exec \"$SPINDLE\" burn --json \(Image.ipxe.rawValue)"
            )
            #expect(try outcome.result().status == "verified", "\(outcome)")
        }
    }

    @Test func `An image that changes while it is burned is not verified`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "dvd+rw")
            try scratch.write(Noise.bytes(3000 * 2048, seed: 3), to: "moving.img")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn --json moving.img >events &
                    job=$!
                    until grep -q '"phase":"write"' events; do kill -0 $job || break; sleep 0.02; done
                    printf CHANGED | dd of=moving.img bs=1 seek=5000000 conv=notrunc status=none
                    wait $job
                    status=$?
                    cat events
                    exit $status
                    """
            )
            let result = try outcome.result()
            #expect(outcome.status == 1, "\(outcome)")
            #expect(result.status == "not-verified")
            #expect(result.sentences?.first?.contains("changed while it was burned") == true)
        }
    }

    /// What is called blank is looked for at the disc's beginning and at a few places further out.
    @Test(arguments: ["dvd+rw", "dvd-ram", "bd-re"])
    func `A disc that looks blank because of what was burned is not called a failure`(
        medium: String
    ) async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, medium)
            _ = try Image.noise.place(in: scratch)
            try scratch.makeSparse("zeros.img", size: 1 << 20)
            for arguments in ["zeros.img", "noise.img --at 50016"] {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: "\"$SPINDLE\" burn \(arguments) --no-verify --json"
                )
                #expect(outcome.status == 0, "\(outcome)")
                #expect(try outcome.result().status == "done")
            }
        }
    }

    @Test func `A blank BD-RE gets its default size`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "bd-re")
            let room = try await scratch.info().writableSectors
            try await scratch.burn(Image.ipxe.rawValue)
            let info = try await scratch.info()
            #expect(info.writableSectors == room)
            #expect(info.sectors == room)
        }
    }

    @Test func `A DVD-RW that was formatted quickly is written`() async throws {
        try Peers.require("dvd+rw-format")
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "dvd-rw")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    dvd+rw-format -force $SPINDLE_DRIVE >format.log 2>&1
                    "$SPINDLE" info --json >info.json || exit 98
                    exec "$SPINDLE" burn --json \(Image.ipxe.rawValue)
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified")
            #expect(try scratch.text("info.json").contains("\"state\":\"blank\""))
        }
    }

    @Test func `A drive that only reads calls no disc damaged`() async throws {
        try await Scratch.use { scratch in
            try await makeDisc(scratch, "cd-r")
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--disc", "disc", "--drive-model",
                "hp-su-108gb",
                "--", "sh", "-c",
                "\"$SPINDLE\" info --json; \"$SPINDLE\" burn \(Image.ipxe.rawValue); echo $?",
            ])
            #expect(outcome.output.contains("\"state\":\"unknown\""), "\(outcome)")
            #expect(outcome.lines.last == "4")
            #expect(outcome.errors.contains("only reads discs"))
        }
    }
}
