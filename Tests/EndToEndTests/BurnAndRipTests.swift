import Foundation
import TestSupport
import Testing

/// The main job: onto the disc, verified, and back.
@Suite struct BurnAndRipTests {
    @Test(arguments: Recording.all, Image.allCases)
    func `A burn is verified, and the rip is what the rule owes`(
        recording: Recording,
        image: Image
    ) async throws {
        try await Scratch.use { scratch in
            let bytes = try image.place(in: scratch)
            try await scratch.makeDisc(recording.medium)
            let burned = try await scratch.burn(image.rawValue, recording.options)
            #expect(burned.bytes == bytes.count)
            #expect(burned.exitCode == 0)
            #expect(try await burned.sha256 == scratch.sha256(image.rawValue))
            let info = try await scratch.info()
            #expect(info.medium == recording.medium.rawValue)
            #expect(info.state == "complete")
            guard let owed = image.owed(bytes, recording) else { return }
            let ripped = try await scratch.rip()
            let rip = try scratch.bytes("rip.iso")
            #expect(rip.count == owed.count)
            #expect(firstDifference(of: rip, from: owed) == nil)
            #expect(ripped.bytes == rip.count)
            #expect(try await ripped.sha256 == scratch.sha256("rip.iso"))
            #expect(!scratch.has("rip.iso.part"))
            #expect(!scratch.has("rip.iso.map"))
        }
    }

    /// A drive may still have all of a small image in its buffer: it is told to read the disc (FUA).
    @Test(arguments: [Medium.cdR, .dvdPlusR, .dvdPlusRW])
    func `A small image is read back from the disc and not from the drive's buffer`(medium: Medium)
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(medium)
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--disc", "disc", "--trace", "trace",
                "--",
                Products.spindle, "burn", "--json", Image.ipxe.rawValue,
            ])
            #expect(outcome.status == 0, "\(outcome)")
            let reads = try scratch.text("trace").split(separator: "\n")
                .filter { $0.contains("\"cdb\":\"28") || $0.contains("\"cdb\":\"be") }
            let forced = reads.filter { $0.contains("\"cdb\":\"2808") }
            #expect(forced.count >= 1_048_576 / (256 * 2048))
            #expect(forced.last == reads.last)
        }
    }

    /// What lies behind the image is from other times, and nothing says where it begins.
    @Test func `The whole of a DVD+RW without a file system is ripped, and that is said`()
        async throws
    {
        try await Scratch.use { scratch in
            let bytes = try await scratch.makeNoiseDisc("dvd+rw")
            // The plan tells; nobody needs 4.7 GB of zeros to see it.
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    env --default-signal=INT "$SPINDLE" rip rip.iso --json >events &
                    rip=$!
                    until grep -q '"event":"progress"' events; do sleep 0.05; done
                    kill -INT $rip
                    wait $rip
                    status=$?
                    cat events
                    exit $status
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            let plan = try #require(try outcome.events().first)
            #expect(plan.sectors == Medium.dvdSectors)
            #expect(plan.notes?.contains { $0.contains("whole capacity") } == true)
            let file = try FileHandle(
                forReadingFrom: URL(fileURLWithPath: scratch.path("rip.iso.part"))
            )
            #expect(
                try firstDifference(of: file.read(upToCount: bytes.count) ?? Data(), from: bytes)
                    == nil
            )
        }
    }

    /// On a CD that was written track at once, run-out follows the track: its two blocks can't be
    /// read, and are no damage.
    @Test func `Run-out is no damage`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeNoiseDisc("cd-r", "--mode tao")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" rip rip.iso --json"
            )
            #expect(outcome.status == 0)
            let events = try outcome.events()
            #expect(events.last?.unreadableSectors == 0)
            #expect(events.first?.notes?.contains { $0.contains("run-out") } == true)
        }
    }
}
