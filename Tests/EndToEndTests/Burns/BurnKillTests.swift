import Foundation
import TestSupport
import Testing

/// Burns that are stopped or killed at random moments.
@Suite struct BurnKillTests {
    /// Sectors of the image: 30 MB, which take the virtual drive about a second.
    private static let sectors = 15_000

    /// Burns, does something to it after a while, and looks who has the drive and what the disc is.
    private static func script(_ signal: String, after seconds: Double) -> String {
        """
        env --default-signal=INT "$SPINDLE" burn image.img --json --no-verify >events 2>errors &
        job=$!
        until grep -q '"event":"plan"' events; do kill -0 $job || break; sleep 0.01; done
        sleep \(seconds)
        kill -\(signal) $job 2>gone
        wait $job
        echo $? >status
        # What is left of it gives the drive back by itself.
        for try in 1 2 3 4 5 6 7 8 9 10; do
            perl -e 'use Fcntl;
                sysopen(F, $ENV{SPINDLE_DRIVE}, O_RDONLY|O_EXCL|O_NONBLOCK) or exit 1' && break
            test $try = 10 && exit 98
            sleep 1
        done
        exec timeout 30 "$SPINDLE" info --json
        """
    }

    @Test(arguments: BurnRun.media, ["INT", "KILL"])
    func `A burn that ends at any moment leaves a drive that is free and a disc that is known`(
        medium: String,
        signal: String
    ) async throws {
        try await Scratch.use { scratch in
            let image = Noise.bytes(Self.sectors * 2048, seed: 77)
            try scratch.write(image, to: "image.img")
            var random = SeededGenerator(seed: UInt64(medium.count * 31 + signal.count))
            for _ in 0..<Soak.count(1, long: 50) {
                try await scratch.make(medium)
                let seconds = Double(random.roll(1500)) / 1000
                let outcome = try await scratch.withDrive(
                    "disc",
                    within: 120,
                    run: Self.script(signal, after: seconds)
                )
                let what = "\(medium), \(signal) after \(seconds) s: \(outcome)"
                try #require(outcome.status == 0, "\(what)")
                let truth = try DiscTruth(scratch.path("disc"))
                #expect(truth.isCalled(try outcome.document().state), "\(what)")
                #expect(truth.isCalled(try await scratch.info().state), "\(what)")
                let events = try scratch.text("events")
                let status = try scratch.text("status")
                let result = events.split(separator: "\n").last.flatMap { try? Event(String($0)) }
                if status == "0\n" {
                    #expect(result?.status == "done" && truth.holds(image, at: 0), "\(what)")
                } else if signal == "KILL" {
                    #expect(status == "137\n", "\(what)")
                } else {
                    #expect(status == "130\n" && result?.status == "interrupted", "\(what)")
                    let isTrue =
                        result?.discState.map { $0 == "unknown" || truth.isCalled($0) }
                        ?? true
                    #expect(isTrue, "\(what) \(events)")
                    let isSpoilt =
                        !truth.isErasable && !truth.isOverwritable && truth.state != "blank"
                        && !truth.holds(image, at: 0)
                    #expect(result?.discUsable != true || !isSpoilt, "\(what)")
                }
                try FileManager.default.removeItem(atPath: scratch.path("disc"))
                try FileManager.default.removeItem(atPath: scratch.path("events"))
            }
        }
    }
}
