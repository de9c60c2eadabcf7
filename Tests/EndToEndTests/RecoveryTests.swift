import Foundation
import TestSupport
import Testing

/// Rips that are killed, run out of room, lose their disc or their drive, and go on.
@Suite struct RecoveryTests {
    /// Damage in blocks, in single sectors, and in sectors that can be read at the second time.
    private static let damage = [
        "read lba=4000-4031", "read lba=9000", "read lba=20000-20003 count=1",
        "read lba=31990-32100",
    ]
    private static let sectors = 40_000

    private func makeImage(_ scratch: Scratch) throws -> Data {
        let part = Noise.bytes(1 << 20, seed: 5)
        var image = Data()
        while image.count < Self.sectors * 2048 { image += part + Data([UInt8(image.count >> 20)]) }
        image = image.prefix(Self.sectors * 2048)
        try scratch.write(image, to: "disc.img")
        return image
    }

    @Test
    func `Killed at any moment, a rip goes on to the image and the map of an undisturbed one`()
        async throws
    {
        let kills = Soak.count(4, long: 100)
        try await Scratch.use { scratch in
            _ = try makeImage(scratch)
            let outcome = try await scratch.withDrive(
                "disc.img",
                faults: Self.damage.filter { !$0.contains("count") },
                within: Double(60 + 12 * kills),
                run: """
                    now() { date +%s%N; }
                    start=$(now)
                    "$SPINDLE" rip whole.iso --quiet >/dev/null 2>&1; [ $? = 3 ] || exit 90
                    took=$(($(now) - start))
                    n=0
                    while [ $n -lt \(kills) ]; do
                        n=$((n + 1))
                        rm -f out.iso out.iso.part out.iso.map
                        "$SPINDLE" rip out.iso --quiet >/dev/null 2>&1 & job=$!
                        sleep "$(awk -v s=$n$$ -v t=$took 'BEGIN { srand(s); print rand() * t / 1e9 }')"
                        kill -9 $job 2>/dev/null; wait $job 2>/dev/null
                        ls out.iso* >>left 2>/dev/null
                        echo >>left
                        "$SPINDLE" rip out.iso --resume --quiet >/dev/null 2>>errors
                        [ $? = 3 ] || exit 91
                        cmp out.iso whole.iso || exit 92
                        cmp out.iso.map whole.iso.map || exit 93
                    done
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            // No image is without its map; before the first sector there may be none yet.
            for files in try scratch.text("left").split(separator: "\n\n") {
                let names = files.split(separator: "\n")
                #expect(names.contains("out.iso.map") || !names.contains("out.iso"), "\(names)")
            }
        }
    }

    @Test func `A map that ddrescue wrote is gone on with`() async throws {
        try Peers.require("ddrescue")
        try await Scratch.use { scratch in
            let image = try makeImage(scratch)
            let rescued = try await scratch.withDrive(
                "disc.img",
                faults: ["read lba=4000-4031", "read lba=9000"],
                run: "ddrescue -q -b2048 -n -s 40M $SPINDLE_DRIVE out.iso out.iso.map"
            )
            #expect(rescued.status == 0, "\(rescued)")
            let outcome = try await scratch.withDrive(
                "disc.img",
                run: "exec \"$SPINDLE\" rip out.iso --resume --json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "done" && (result.resumedSectors ?? 0) > 10_000)
            #expect(try firstDifference(of: scratch.bytes("out.iso"), from: image) == nil)
            #expect(!scratch.has("out.iso.map") && !scratch.has("out.iso.part"))
        }
    }

    @Test func `A full disk keeps what was read, and the rip goes on when there is room`()
        async throws
    {
        try await Scratch.use { scratch in
            let image = try makeImage(scratch)
            let full = try await scratch.withDrive(
                "disc.img",
                run: "ulimit -f 20000; exec \"$SPINDLE\" rip out.iso --json"
            )
            #expect(full.status == 1, "\(full)")
            let result = try full.result()
            #expect(result.status == "failed" && result.output == "out.iso.part")
            #expect(result.map == "out.iso.map" && (result.bytes ?? 0) > 0)
            let resumed = try await scratch.withDrive(
                "disc.img",
                run: "exec \"$SPINDLE\" rip out.iso --resume --json"
            )
            #expect(resumed.status == 0, "\(resumed)")
            #expect((try resumed.result().resumedSectors ?? 0) > 0)
            #expect(try firstDifference(of: scratch.bytes("out.iso"), from: image) == nil)
        }
    }

    @Test func `A disk that is full before the first sector costs nothing that was read before`()
        async throws
    {
        try await Scratch.use { scratch in
            let image = try makeImage(scratch)
            try scratch.write(image, to: "whole.iso")
            let script = "exec \"$SPINDLE\" rip out.iso --json"
            let lost = try await scratch.withDrive(
                "disc.img",
                faults: ["gone command=read(10),read-cd lba=25000"],
                run: script
            )
            #expect(lost.status == 1, "\(lost)")
            let full = try await scratch.withDrive(
                "disc.img",
                run: "ulimit -f 20000; \(script) --resume --merge whole.iso"
            )
            #expect(full.status == 1, "\(full)")
            #expect(try full.result().map == "out.iso.map")
            let resumed = try await scratch.withDrive("disc.img", run: "\(script) --resume")
            #expect(resumed.status == 0, "\(resumed)")
            #expect((try resumed.result().resumedSectors ?? 0) > 20_000)
            #expect(try firstDifference(of: scratch.bytes("out.iso"), from: image) == nil)
        }
    }

    @Test(arguments: ["remove lba=25000 count=1", "gone command=read(10),read-cd lba=25000"])
    func `A disc that is taken out, and a drive that is unplugged, cost nothing but time`(
        _ fault: String
    ) async throws {
        try await Scratch.use { scratch in
            let image = try makeImage(scratch)
            let lost = try await scratch.withDrive(
                "disc.img",
                faults: [fault, "read lba=4000-4031"],
                run: "exec \"$SPINDLE\" rip out.iso --json"
            )
            #expect(lost.status == 1, "\(lost)")
            let result = try lost.result()
            #expect(result.status == "failed" && result.output == "out.iso.part")
            #expect((result.bytes ?? 0) > 20_000 * 2048)
            let resumed = try await scratch.withDrive(
                "disc.img",
                run: "exec \"$SPINDLE\" rip out.iso --resume --json"
            )
            #expect(resumed.status == 0, "\(resumed)")
            #expect(try firstDifference(of: scratch.bytes("out.iso"), from: image) == nil)
        }
    }

    @Test func `A drive that resets itself in the middle of damage is told anew`() async throws {
        try await Scratch.use { scratch in
            _ = try makeImage(scratch)
            let outcome = try await scratch.withDrive(
                "disc.img",
                faults: Self.damage + [
                    "attention lba=31000-31999 count=1 reset sense=6/29/00",
                    "hang command=read(10),read-cd lba=35000 count=1",
                ],
                run: "exec \"$SPINDLE\" rip out.iso --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.unreadableSectors == 32 + 1 + 111)
        }
    }

    @Test func `A drive that hangs for good is given up, and what was read is kept`() async throws {
        try await Scratch.use { scratch in
            let image = try makeImage(scratch)
            let outcome = try await scratch.withDrive(
                "disc.img",
                faults: [
                    "hang command=read(10),read-cd lba=25000-39999",
                    "hang command=test-unit-ready after=40",
                ],
                run: "exec \"$SPINDLE\" rip out.iso --json"
            )
            #expect([1, 3].contains(outcome.status), "\(outcome)")
            let resumed = try await scratch.withDrive(
                "disc.img",
                run: "exec \"$SPINDLE\" rip out.iso --resume --json"
            )
            #expect(resumed.status == 0, "\(resumed)")
            #expect(try firstDifference(of: scratch.bytes("out.iso"), from: image) == nil)
        }
    }

    /// Makes an image of three files with so many bytes each, and lists it.
    private static func makeFiles(of size: Int, in scratch: Scratch) async throws -> Listing {
        for name in ["a", "b", "c"] { try scratch.write(Noise.bytes(size, seed: 3), to: name) }
        let made = try await scratch.run(
            [
                "/usr/bin/xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", "files.iso", "a", "b",
                "c",
            ]
        )
        try #require(made.status == 0, "\(made)")
        let listed = try await scratch.spindle("list", "files.iso", "--json")
        return try JSONDecoder.snake.decode(Listing.self, from: Data(listed.output.utf8))
    }

    @Test func `Missing sectors are listed with the files that they belong to`() async throws {
        try await Scratch.use { scratch in
            let entries = try await Self.makeFiles(of: 100 << 10, in: scratch)
            let b = try #require(entries.entries.first { $0.path == "b" }?.sectors?.first)
            let outcome = try await scratch.withDrive(
                "files.iso",
                faults: [
                    "read lba=\(b.start + 3)-\(b.start + 5)", "read lba=\(b.start + b.count)",
                ],
                run: "exec \"$SPINDLE\" rip out.iso --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.damagedFiles?.map(\.path) == ["b", "c"])
            #expect(result.damagedFiles?.map(\.unreadableSectors) == [3, 1])
            #expect(result.sentences?.contains("They belong to 2 files: b, c.") == true)
        }
    }

    @Test func `Files that matter are read first`() async throws {
        try await Scratch.use { scratch in
            let entries = try await Self.makeFiles(of: 4 << 20, in: scratch)
            let places = try ["a", "b", "c"].map { name in
                let file = entries.entries.first { $0.path == name }
                return try #require(file?.sectors?.first).start + 1000
            }
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--trace", "trace", "--disc", "files.iso", "--",
                "sh", "-c", "exec \"$SPINDLE\" rip out.iso --json --first /c --first b",
            ])
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.bytes("out.iso") == scratch.bytes("files.iso"))
            // The order in which the middles of the files were read.
            let order = try scratch.text("trace").split(separator: "\n").dropFirst()
                .compactMap { try? JSONDecoder().decode(Traced.self, from: Data($0.utf8)).sectors }
                .compactMap { read in places.firstIndex { read.contains($0) } }
            #expect(order == [2, 1, 0])
            let wrong = try await scratch.withDrive(
                "files.iso",
                run: "exec \"$SPINDLE\" rip other.iso --json --first d"
            )
            #expect(wrong.status == 4, "\(wrong)")
            #expect(!scratch.has("other.iso.part"))
        }
    }

    /// A command of a trace.
    private struct Traced: Decodable {
        var cdb: String

        /// The sectors that a READ CD or READ(10) asks for.
        var sectors: Range<Int>? {
            let isReadCD = cdb.hasPrefix("be")
            guard isReadCD || cdb.hasPrefix("28"),
                let start = Int(cdb.dropFirst(4).prefix(8), radix: 16),
                let count = Int(
                    cdb.dropFirst(isReadCD ? 12 : 14).prefix(isReadCD ? 6 : 4),
                    radix: 16
                )
            else { return nil }
            return start..<start + count
        }
    }

    private struct Listing: Decodable {
        struct Entry: Decodable {
            var path: String
            var sectors: [Event.Run]?
        }
        var entries: [Entry]
    }

    @Test func `Two damaged copies make a whole image`() async throws {
        try await Scratch.use { scratch in
            let image = try makeImage(scratch)
            for (name, fault) in [("one", "read lba=4000-4031"), ("two", "read lba=9000-9100")] {
                let outcome = try await scratch.withDrive(
                    "disc.img",
                    faults: [fault],
                    run: "exec \"$SPINDLE\" rip \(name).iso --quiet"
                )
                #expect(outcome.status == 3, "\(outcome)")
            }
            let merged = try await scratch.withDrive(
                "disc.img",
                faults: ["read lba=4000-4031", "read lba=9000-9100"],
                run: "exec \"$SPINDLE\" rip one.iso --resume --merge two.iso --json"
            )
            #expect(merged.status == 0, "\(merged)")
            let result = try merged.result()
            #expect(result.mergedSectors == 32)
            #expect(result.sentences?.first?.hasSuffix("and none is missing.") == true)
            #expect(try firstDifference(of: scratch.bytes("one.iso"), from: image) == nil)
        }
    }

    @Test func `While the drive struggles, progress says so, and foretells nothing`() async throws {
        try await Scratch.use { scratch in
            _ = try makeImage(scratch)
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--clock", "real", "--disc", "disc.img",
                    "--fault", "read lba=300-303 time=3", "--", "sh", "-c",
                    "exec \"$SPINDLE\" rip out.iso --json --time-limit 12s",
                ],
                within: 60
            )
            #expect(outcome.status == 3, "\(outcome)")
            #expect(try outcome.result().limit == "time")
            let events = try outcome.events().filter { $0.badSectors != nil }
            #expect(events.contains { ($0.secondsSinceRead ?? 0) > 1.5 })
            #expect(events.allSatisfy { $0.secondsLeft == nil || ($0.secondsSinceRead ?? 0) < 2 })
        }
    }
}
