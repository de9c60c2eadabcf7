import Foundation
import TestSupport
import Testing

/// A burned disc under Linux, which takes a disc for what it was until it is loaded anew.
@Suite struct RenewalTests {
    private func burn(_ medium: String, _ options: String..., scratch: Scratch) async throws
        -> Event
    {
        let made = try await scratch.spindle("virtual", "create", "disc", "--medium", medium)
        try #require(made.status == 0, "\(made)")
        let words = options.joined(separator: " ")
        let outcome = try await scratch.run(
            [
                "sh", "-c",
                """
                exec "$SPINDLE" virtual run --disc disc \(words) -- sh -c '
                "$SPINDLE" burn noise.img --json >burn || exit 1
                dd if=$SPINDLE_DRIVE of=read bs=2048 count=1500 status=none
                tail -n 1 burn'
                """,
            ],
            within: 60
        )
        return try outcome.result()
    }

    @Test(arguments: ["dvd+r", "bd-r", "cd-r"])
    func `A burned disc is read as a block device at once`(medium: String) async throws {
        try await Scratch.use { scratch in
            let bytes = try Image.noise.place(in: scratch)
            let result = try await burn(medium, "--fault stale-size", scratch: scratch)
            #expect(result.status == "verified")
            #expect(try scratch.bytes("read") == bytes)
            #expect(try scratch.text("burn").contains("reload it"))
            #expect(try !scratch.text("burn").contains("before you mount it"))
        }
    }

    @Test func `A tray that stays open is told of, and the disc is as good`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            let result = try await burn(
                "dvd+r",
                "--fault stale-size --quirk no-tray-motor",
                scratch: scratch
            )
            #expect(result.status == "verified")
            #expect(try scratch.text("burn").contains("close it before you mount the disc"))
        }
    }

    @Test func `A disc that Linux sees as it is stays where it is`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            let result = try await burn("dvd+r", scratch: scratch)
            #expect(result.status == "verified")
            #expect(try !scratch.text("burn").contains("reload it"))
        }
    }
}
