import Foundation
import TestSupport
import Testing

/// What a burn does for the machine it runs on, with programs in place of the system's.
@Suite struct MannersTests {
    /// A program that notes its arguments and its number, and then does what it was given to do.
    private static let inhibitor = """
        #!/bin/sh
        echo "$@" >"$PLACE/asked"
        echo $$ >"$PLACE/number"
        while [ "${1#--}" != "$1" ]; do shift; done
        exec "$@"
        """

    private func place(_ program: String, _ scratch: Scratch) throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path("bin"),
            withIntermediateDirectories: true
        )
        try scratch.write(Data(program.utf8), to: "bin/systemd-inhibit")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: scratch.path("bin/systemd-inhibit")
        )
    }

    private func burn(_ scratch: Scratch, _ end: String) async throws -> Outcome {
        try await scratch.make("dvd+rw")
        try scratch.write(Noise.bytes(20_000 * 2048, seed: 9), to: "image.img")
        return try await scratch.withDrive(
            "disc",
            run: """
                export PLACE=$PWD PATH="$PWD/bin:$PATH" DBUS_SYSTEM_BUS_ADDRESS=unix:path=/none
                # The image comes only when the machine is kept awake, so that the burn can't be over before.
                { until [ -s number ]; do sleep 0.02; done; cat image.img; } |
                    "$SPINDLE" burn - --size $((20000 * 2048)) --json >events &
                job=$!
                \(end)
                wait $job
                echo $?
                # What kept the machine awake has ended by itself by now.
                for try in $(seq 60); do kill -0 $(cat number) 2>gone || break; sleep 0.5; done
                kill -0 $(cat number) 2>gone && echo awake
                true
                """
        )
    }

    @Test(arguments: [false, true])
    func `The machine is kept awake for as long as a burn lasts`(isKilled: Bool) async throws {
        try await Scratch.use { scratch in
            try place(Self.inhibitor, scratch)
            let kill = "until [ -s number ]; do sleep 0.02; done; kill -9 $job"
            let outcome = try await burn(scratch, isKilled ? kill : "")
            #expect(outcome.lines == [isKilled ? "137" : "0"], "\(outcome)")
            let asked = try scratch.text("asked")
            #expect(asked.contains("--what=idle:sleep --who=Spindle"), "\(asked)")
        }
    }

    @Test func `A burn does not mind a system that can't be kept awake`() async throws {
        try await Scratch.use { scratch in
            try place("#!/bin/sh\necho $$ >\"$PLACE/number\"\nexit 1\n", scratch)
            let outcome = try await burn(scratch, "")
            #expect(outcome.lines == ["0"], "\(outcome)")
        }
    }
}
