import Foundation
import TestSupport
import Testing

/// Burns that were broken off and are gone on with.
@Suite struct ResumeBurnTests {
    /// Burns, kills the process once the drive has taken something, and goes on.
    private static func script(kill: String, _ options: String = "") -> String {
        """
        env --default-signal=INT "$SPINDLE" burn image.img --json --no-verify \(options) >broken 2>errors &
        job=$!
        until grep -q '"bytes":[1-9].*"phase":"write"' broken; do kill -0 $job || break; sleep 0.02; done
        \(kill)
        wait $job
        echo $? >status
        "$SPINDLE" info --json >info.json
        "$SPINDLE" burn image.img --json >plain
        echo $? >plain.status
        "$SPINDLE" burn image.img --json --resume --yes
        code=$?
        "$SPINDLE" info --json >after.json
        exit $code
        """
    }

    private func prepare(_ scratch: Scratch, _ medium: String) async throws {
        let noise = Noise.bytes(1 << 20, seed: 31)
        var image = (0..<79).reduce(into: Data()) { bytes, _ in bytes += noise }
        // No two sectors are the same.
        for sector in 0..<(image.count / 2048) {
            image[sector * 2048] = UInt8(sector & 0xFF)
            image[sector * 2048 + 1] = UInt8(sector >> 8)
        }
        try scratch.write(image, to: "image.img")
        guard medium == Self.formatted else { return try await scratch.make(medium) }
        try await scratch.make("dvd-rw")
        let outcome = try await scratch.withDrive("disc", run: "\"$SPINDLE\" format --quiet")
        try #require(outcome.status == 0, "\(outcome)")
    }

    private static let formatted = "formatted dvd-rw"

    @Test(
        arguments: ["dvd+rw", "dvd-ram", "bd-re", "dvd+r", "dvd-r", "dvd-rw", formatted],
        ["kill -9 $job", "kill -INT $job"]
    )
    func `A burn that was broken off is gone on with`(medium: String, kill: String) async throws {
        // libburn ends the track of a DVD-R and DVD-RW that is stopped.
        if kill.contains("INT"), ["dvd-r", "dvd-rw"].contains(medium) { return }
        try await Scratch.use { scratch in
            try await prepare(scratch, medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 150,
                run: Self.script(kill: kill)
            )
            let events = try outcome.events()
            let result = try #require(events.last)
            // All of the image may have been there when the process died: then only the recording is to be
            // ended, and nothing is written. What was in the drive's buffer may be lost.
            let reasons = ["holds all that the image has", "it does not hold the image"]
            if outcome.status == 4, ["dvd+r", "dvd-r", "dvd-rw"].contains(medium),
                let said = result.sentences?.first, reasons.contains(where: { said.contains($0) })
            {
                #expect(try scratch.bytes("after.json") == scratch.bytes("info.json"))
                return
            }
            // On a machine that is busy the signal comes when nothing is left to be stopped.
            if outcome.status == 4, medium == "dvd+r",
                result.sentences?.first?.contains("it is complete") == true
            {
                #expect(try scratch.text("info.json").contains("\"state\":\"complete\""))
                return try await expectImage(scratch)
            }
            #expect(outcome.status == 0, "\(outcome)")
            #expect(result.status == "verified")
            let plan = try #require(events.first { $0.event == "plan" })
            let resumed = try #require(result.resumedSectors)
            #expect(plan.resumedSectors == resumed && resumed > 0 && resumed % 16 == 0)
            // The whole image may have been written before the process was stopped.
            let isSaid = result.sentences?.contains {
                $0.contains("from sector \(resumed) on") || $0.contains("nothing was written")
            }
            #expect(isSaid == true)
            #expect(try await result.sha256 == scratch.sha256("image.img"))
            // Without being asked to go on, a burn neither overwrites nor goes behind it.
            #expect(try scratch.text("plain.status") == "4\n")
            try await expectImage(scratch)
        }
    }

    /// Whether the disc holds the image.
    private func expectImage(_ scratch: Scratch) async throws {
        let back = try await scratch.withDrive(
            "disc",
            run:
                "dd if=$SPINDLE_DRIVE bs=2048 of=back count=\(79 << 9) 2>/dev/null && cmp back image.img"
        )
        #expect(back.status == 0, "\(back)")
    }

    @Test func `A disc whose burn can be gone on with is not called spoilt`() async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, "dvd+r")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--disc", "disc", "--fault",
                    "hang command=2A lba=20000 count=1", "--", "sh", "-c",
                    """
                    "$SPINDLE" burn image.img --json >broken
                    "$SPINDLE" burn image.img --json --resume --yes
                    """,
                ],
                within: 120
            )
            #expect(outcome.status == 0, "\(outcome)")
            let broken = try #require(
                try scratch.text("broken").split(separator: "\n").last.map { try Event(String($0)) }
            )
            let text = (broken.sentences ?? []).joined(separator: " ")
            #expect(broken.status == "failed")
            #expect(text.contains("“spindle burn --resume”"), "\(text)")
            #expect(!text.contains("spoilt") && !text.contains("can't be used"), "\(text)")
            try await expectImage(scratch)
        }
    }

    @Test(arguments: ["cd-r", "cd-rw", "bd-r", "dvd-r"])
    func `What can't be gone on with is said, and nothing is written`(medium: String) async throws {
        try await Scratch.use { scratch in
            try await prepare(scratch, medium)
            let kill = medium == "dvd-r" ? "kill -INT $job" : "kill -9 $job"
            let outcome = try await scratch.withDrive(
                "disc",
                within: 150,
                run: Self.script(kill: kill)
            )
            #expect(outcome.status == 4, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "refused")
            #expect(result.sentences?.contains("Nothing was written.") == true, "\(outcome)")
            #expect(try scratch.text("plain.status") == "4\n")
            #expect(try scratch.bytes("after.json") == scratch.bytes("info.json"))
        }
    }

    /// Another image's beginning is not this one's, and no blank disc holds any.
    @Test(arguments: ["dvd+rw", "bd-re", "dvd-ram"])
    func `A disc with something else is left alone`(medium: String) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(900 * 2048, seed: 3), to: "image.img")
            let other = Noise.bytes(900 * 2048, seed: 4)
            try scratch.write(other, to: "other.img")
            // It begins as that one does.
            let rest = Noise.bytes(500 * 2048, seed: 5)
            try scratch.write(other.prefix(400 * 2048) + rest, to: "alike.img")
            try await scratch.make(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn image.img --resume --json >blank; echo $? >codes
                    "$SPINDLE" burn other.img --quiet || exit 9
                    "$SPINDLE" burn image.img --resume --yes --json >other; echo $? >>codes
                    "$SPINDLE" burn alike.img --resume --json >alike; echo $? >>codes
                    "$SPINDLE" burn other.img --resume --json >same; echo $? >>codes
                    exec "$SPINDLE" burn alike.img --resume --yes --json
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("codes") == "4\n4\n4\n0\n")
            let refused = try #require(try SessionTests.events(scratch, "other").last)
            #expect(refused.reason == "other-disc")
            let alike = try #require(try SessionTests.events(scratch, "alike").last)
            #expect(alike.reason == "consent")
            let same = try #require(try SessionTests.events(scratch, "same").last)
            #expect(same.status == "verified" && same.resumedSectors == 900)
            #expect(same.sentences?.contains { $0.contains("nothing was written") } == true)
            let result = try outcome.result()
            #expect(result.status == "verified")
            #expect([384, 400].contains(result.resumedSectors))
        }
    }
}

/// Discs that are read back in another drive.
@Suite struct SecondDriveTests {
    private static let moving = """
        env --default-signal=INT "$SPINDLE" burn \(Image.ipxe.rawValue) --json \
            --drive $SPINDLE_DRIVE_1 --verify-drive $SPINDLE_DRIVE_2 >events &
        job=$!
        until grep -q 'Now put the disc' events; do kill -0 $job || break; sleep 0.05; done

        """

    private static let ending = "wait $job; code=$?; cat events; exit $code"

    @Test(arguments: ["cd-r", "dvd+r", "bd-re"])
    func `The other drive's verdict counts, and is named`(medium: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.make(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                Image.memtest32.rawValue,
                within: 100,
                run: Self.moving + """
                    "$SPINDLE" virtual eject --drive 1 >log 2>&1 || exit 98
                    until grep -q 'is not the one' events; do kill -0 $job || break; sleep 0.05; done
                    "$SPINDLE" virtual eject --drive 2 >>log 2>&1
                    "$SPINDLE" virtual insert --drive 2 disc >>log 2>&1 || exit 97
                    \(Self.ending)
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let events = try outcome.events()
            let result = try #require(events.last)
            #expect(result.status == "verified")
            #expect(result.verifyDrive == "/dev/sr1")
            #expect(events.first?.verifyDrive == "/dev/sr1")
            #expect(result.sentences?.first?.contains("in /dev/sr1 (SPINDLE") == true)
            #expect(result.sentences?.last?.contains("/dev/sr0") == true)
        }
    }

    @Test func `A disc that stays in its drive is not called verified`() async throws {
        try await Scratch.use { scratch in
            try await scratch.make("dvd+r")
            let outcome = try await scratch.withDrive(
                "disc",
                Image.memtest32.rawValue,
                run: Self.moving + """
                    kill -INT $job
                    \(Self.ending)
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "interrupted")
            #expect(result.sha256 == nil && result.discState == "complete")
        }
    }

    @Test func `A copy that lies in the other drive is not the disc that was burned`() async throws
    {
        try await Scratch.use { scratch in
            try await scratch.make("dvd+r")
            try await scratch.burn(Image.ipxe.rawValue)
            _ = try await scratch.run(["mv", "disc", "copy"])
            try await scratch.make("dvd+r")
            let outcome = try await scratch.withDrive(
                "disc",
                "copy",
                run: Self.moving + """
                    until grep -q 'is not the one' events; do kill -0 $job || break; sleep 0.05; done
                    kill -INT $job
                    \(Self.ending)
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "interrupted" && result.sha256 == nil)
        }
    }

    /// A volume's first sectors alone are the same on many discs.
    @Test func `A disc that begins alike is not the one that was burned`() async throws {
        try await Scratch.use { scratch in
            let image = try Image.ipxe.place(in: scratch)
            try scratch.write(
                image.prefix(24 * 2048) + Noise.bytes(image.count - 24 * 2048, seed: 8),
                to: "alike.iso"
            )
            try await scratch.make("dvd+r")
            let moved = try await scratch.withDrive(
                "disc",
                "alike.iso",
                run: Self.moving + """
                    "$SPINDLE" virtual eject --drive 1 >log 2>&1 || exit 98
                    until grep -q 'is not the one' events; do kill -0 $job || break; sleep 0.05; done
                    "$SPINDLE" virtual eject --drive 2 >>log 2>&1
                    sleep 2.5
                    "$SPINDLE" virtual insert --drive 2 alike.iso >>log 2>&1 || exit 97
                    sleep 3
                    kill -INT $job
                    \(Self.ending)
                    """
            )
            #expect(moved.status == 130, "\(moved)")
            #expect(try moved.result().status == "interrupted")
        }
    }

    @Test func `A second drive that is none, or the first one, is refused before the laser`()
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.make("cd-r")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    B="$SPINDLE burn --json \(Image.ipxe.rawValue) --verify-drive"
                    $B $SPINDLE_DRIVE >same; echo $?
                    $B /dev/sr7 >none; echo $?
                    $B /dev/null >null; echo $?
                    """
            )
            #expect(outcome.lines == ["64", "4", "4"], "\(outcome)")
            #expect(try await scratch.info().state == "blank")
        }
    }
}
