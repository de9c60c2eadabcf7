import Foundation
import TestSupport
import Testing

/// Rips of discs with sound that are killed, lose their drive or run out of time, and go on, whatever the
/// format.
@Suite struct RecoveryFormatsTests {
    /// Damage in data and in sound.
    private static let damage = ["read lba=100-103", "read lba=900-905", "read lba=1300"]

    /// Formats with several files, with subchannel, and with all in one file.
    private static let rips = [
        "rip.cue", "rip.cue --split", "rip.ccd --subchannel", "rip.toc", "rip.nrg", "rip.mds",
        "rip.cdi",
    ]

    /// Places a mixed disc, and rips it undisturbed into a folder.
    private func prepare(_ rip: String, _ faults: [String], _ scratch: Scratch) async throws {
        try Album.place(Album.mixed, in: scratch)
        let whole = try await scratch.withDrive(
            "album.cue",
            faults: faults,
            run: "mkdir whole out; cd whole; exec \"$SPINDLE\" rip \(rip) --allow-loss --quiet"
        )
        #expect(whole.status == (faults.isEmpty ? 0 : 3), "\(rip): \(whole)")
    }

    /// Whole sectors with a right EDC are the same on the same disc, so that one that is not is enough.
    @Test func `A disc whose end is another one does not go on with whole sectors`() async throws {
        try await Scratch.use { scratch in
            let image = Noise.bytes(3000 * 2048, seed: 1)
            try scratch.write(image, to: "one.iso")
            let end = Noise.bytes(1000 * 2048, seed: 2)
            try scratch.write(image.prefix(2000 * 2048) + end, to: "two.iso")
            let lost = try await scratch.withDrive(
                "one.iso",
                faults: ["gone command=read-cd lba=2900"],
                run: "exec \"$SPINDLE\" rip rip.cue --json"
            )
            #expect(lost.status == 1, "\(lost)")
            let map = try scratch.bytes("rip.cue.map")
            let other = try await scratch.withDrive(
                "two.iso",
                run: "exec \"$SPINDLE\" rip rip.cue --resume --json"
            )
            #expect(other.status == 1, "\(other)")
            #expect(try other.result().reason == "other-disc", "\(other)")
            #expect(try scratch.bytes("rip.cue.map") == map)
            let rest = try await scratch.withDrive(
                "one.iso",
                run: """
                    "$SPINDLE" rip rip.cue --resume && "$SPINDLE" verify rip.cue one.iso
                    """
            )
            #expect(rest.status == 0, "\(rest)")
        }
    }

    @Test(arguments: rips)
    func `A drive that is lost costs nothing but time`(_ rip: String) async throws {
        try await Scratch.use { scratch in
            try await prepare(rip, Self.damage, scratch)
            let script = "cd out; exec \"$SPINDLE\" rip \(rip) --allow-loss --json"
            let lost = try await scratch.withDrive(
                "album.cue",
                faults: Self.damage + ["gone command=read-cd lba=1500"],
                run: script
            )
            #expect(lost.status == 1, "\(rip): \(lost)")
            let result = try lost.result()
            let name = String(rip.prefix(7))
            #expect(result.status == "failed" && result.output == "\(name).part", "\(lost)")
            #expect(result.map == "\(name).map" && (result.bytes ?? 0) > 500 * 2048, "\(lost)")
            let resumed = try await scratch.withDrive(
                "album.cue",
                faults: Self.damage,
                run: "\(script) --resume"
            )
            #expect(resumed.status == 3, "\(rip): \(resumed)")
            #expect((try resumed.result().resumedSectors ?? 0) > 500, "\(resumed)")
            #expect(try resumed.result().unreadableSectors == 11, "\(resumed)")
            let same = try await scratch.run(["diff", "-r", "-x", "*.evidence", "whole", "out"])
            #expect(same.status == 0, "\(rip): \(same)")
            // Another drive, or a cleaned disc, gives the rest.
            let rest = try await scratch.withDrive("album.cue", run: "\(script) --resume")
            #expect(rest.status == 0, "\(rip): \(rest)")
            #expect(!scratch.has("out/\(name).map"))
            let whole = try await scratch.withDrive(
                "album.cue",
                run: """
                    cd whole; "$SPINDLE" rip \(rip) --allow-loss --quiet --force || exit
                    cd ..; exec diff -r -x '*.evidence' whole out
                    """
            )
            #expect(whole.status == 0, "\(rip): \(whole)")
        }
    }

    @Test
    func `Killed at any moment, a rip goes on to the files of an undisturbed one`() async throws {
        let kills = Soak.count(4, long: 100)
        try await Scratch.use { scratch in
            try await prepare("rip.cue", Self.damage, scratch)
            let outcome = try await scratch.withDrive(
                "album.cue",
                faults: Self.damage,
                within: Double(60 + 12 * kills),
                run: """
                    now() { date +%s%N; }
                    cd out
                    start=$(now)
                    "$SPINDLE" rip rip.cue --allow-loss --quiet >/dev/null 2>&1; [ $? = 3 ] || exit 90
                    took=$(($(now) - start))
                    n=0
                    while [ $n -lt \(kills) ]; do
                        n=$((n + 1))
                        rm -f rip.*
                        "$SPINDLE" rip rip.cue --allow-loss --quiet >/dev/null 2>&1 & job=$!
                        sleep "$(awk -v s=$n$$ -v t=$took 'BEGIN { srand(s); print rand() * t / 1e9 }')"
                        kill -9 $job 2>/dev/null; wait $job 2>/dev/null
                        "$SPINDLE" rip rip.cue --allow-loss --resume --quiet >/dev/null 2>>../errors
                        [ $? = 3 ] || exit 91
                        diff -r -x '*.evidence' . ../whole || exit 92
                    done
                    """
            )
            #expect(outcome.status == 0, "\(outcome) \((try? scratch.text("errors")) ?? "")")
        }
    }

    @Test func `A time limit ends the trying, and another rip goes on`() async throws {
        try await Scratch.use { scratch in
            try await prepare("rip.cue", [], scratch)
            let script = "cd out; exec \"$SPINDLE\" rip rip.cue --json"
            let late = try await scratch.withDrive(
                "album.cue",
                run: "\(script) --time-limit 0.0001"
            )
            #expect(late.status == 3, "\(late)")
            let result = try late.result()
            #expect(result.limit == "time" && (result.untriedSectors ?? 0) > 500, "\(late)")
            let resumed = try await scratch.withDrive("album.cue", run: "\(script) --resume")
            #expect(resumed.status == 0, "\(resumed)")
            let same = try await scratch.run(["diff", "-r", "whole", "out"])
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test(arguments: ["nrg", "chd"])
    func `The damage of a DVD is kept in every format`(_ format: String) async throws {
        try await Scratch.use { scratch in
            let image = Noise.bytes(3000 * 2048, seed: 14)
            try scratch.write(image, to: "disc.iso")
            let outcome = try await scratch.withDrive(
                "disc.iso",
                faults: ["read lba=100-103", "read lba=2000"],
                run: "exec \"$SPINDLE\" rip rip.\(format) --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete" && result.unreadableSectors == 5, "\(outcome)")
            #expect(scratch.has("rip.\(format).map"))
            let back = try await scratch.spindle(
                "convert",
                "rip.\(format)",
                "back.iso",
                "--allow-loss"
            )
            #expect(back.status == 0, "\(back)")
            var wanted = image
            for sector in [100, 101, 102, 103, 2000] {
                wanted.replaceSubrange(
                    sector * 2048..<(sector + 1) * 2048,
                    with: repeatElement(0, count: 2048)
                )
            }
            #expect(try firstDifference(of: scratch.bytes("back.iso"), from: wanted) == nil)
            guard format == "nrg" else { return }
            let rest = try await scratch.withDrive(
                "disc.iso",
                run: "exec \"$SPINDLE\" rip rip.nrg --resume --json"
            )
            #expect(rest.status == 0, "\(rest)")
            #expect(!scratch.has("rip.nrg.map"))
            let whole = try await scratch.spindle("verify", "rip.nrg", "disc.iso", "--json")
            #expect(whole.status == 0, "\(whole)")
        }
    }

    @Test func `What is packed is tried as long, and not gone on with`() async throws {
        try await Scratch.use { scratch in
            try await prepare("rip.cue", Self.damage, scratch)
            let outcome = try await scratch.withDrive(
                "album.cue",
                faults: Self.damage + ["read lba=1000 count=2"],
                run: """
                    cd out
                    "$SPINDLE" rip no.chd --resume; echo $?
                    "$SPINDLE" rip no.cue --audio flac --resume; echo $?
                    "$SPINDLE" rip no.cue --merge x.cue; echo $?
                    "$SPINDLE" rip rip.chd --allow-loss --json >json; echo $?
                    "$SPINDLE" rip few.chd --allow-loss --give-up 3 --json >few; echo $?
                    "$SPINDLE" convert rip.chd rip.cue --allow-loss --quiet; cmp rip.bin ../whole/rip.bin
                    """
            )
            #expect(outcome.lines == ["64", "64", "64", "3", "3"], "\(outcome)")
            #expect(try scratch.text("out/json").contains("\"unreadable_sectors\":11"))
            #expect(try scratch.text("out/few").contains("\"limit\":\"bad-sectors\""))
            #expect(scratch.has("out/rip.chd.map") && !scratch.has("out/no.cue.part"))
        }
    }

    @Test func `Another disc is refused, and what was read stays as it is`() async throws {
        try await Scratch.use { scratch in
            try await prepare("rip.cue", [], scratch)
            try scratch.write(Noise.bytes(Album.sound.count, seed: 6), to: "other.bin")
            try scratch.write(
                Data(try scratch.text("album.cue").replacing("sound.bin", with: "other.bin").utf8),
                to: "other.cue"
            )
            let script = "cd out; \"$SPINDLE\" rip rip.cue --json"
            _ = try await scratch.withDrive(
                "album.cue",
                faults: ["gone command=read-cd lba=1500"],
                run: script
            )
            let outcome = try await scratch.withDrive(
                "other.cue",
                run: "cp -r out before; (\(script) --resume); echo $?; exec diff -r before out"
            )
            #expect(outcome.status == 0 && outcome.lines.last == "1", "\(outcome)")
        }
    }
}
