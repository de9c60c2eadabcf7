import Foundation
import TestSupport
import Testing

/// Drives with the habits of real ones: Spindle and a peer live with each.
@Suite struct QuirkTests {
    /// The quirks, as `Docs/VirtualDrive.md` lists them.
    static let names: [String] = {
        let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Docs/VirtualDrive.md")
        let text = (try? String(contentsOf: document, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { !$0.hasPrefix("| Quirk | The drive") }.prefix { $0.hasPrefix("|") }
        return table.compactMap { line in
            let parts = line.split(separator: "`")
            return parts.count > 2 && line.hasPrefix("| `") ? String(parts[1]) : nil
        }
    }()

    /// Where a quirk shows, if that is not a CD-R.
    static let media = [
        "refuses-opc": "dvd-r", "busy-when-full": "dvd+r", "two-profiles": "dvd-rw",
        "speeds-on-cd-grid": "dvd+r", "zero-speeds": "dvd-r", "no-performance": "dvd+r",
        "performance-end-is-count": "dvd-r", "performance-end-is-zero": "dvd+r",
        "performance-end-is-maximum": "bd-r", "repeated-speed": "dvd+rw",
        "speeds-rounded-up": "dvd-r", "slowest-only": "dvd+r", "lies-about-incremental": "dvd-rw",
        "toc-control-7": "dvd-r", "zero-codes": "dvd-r", "no-free-blocks": "bd-r",
        "atip-zeros": "bd-r", "no-structure-11": "dvd-r", "ready-too-early": "dvd+rw",
        "slow-fixation": "dvd-r", "blank-is-30-06": "cd-rw", "no-short-track-information": "dvd+r",
    ]

    /// Those that leave nothing to burn: it is said, and nothing is written.
    static let hopeless: Set = ["misses-disc", "rejects-disc"]

    @Test func `All quirks are known here`() {
        #expect(Self.names.count > 50)
        #expect(Set(Self.media.keys).union(Self.hopeless).isSubset(of: Set(Self.names)))
    }

    @Test(arguments: names)
    func `Spindle and a peer live with a quirk`(quirk: String) async throws {
        try Peers.require("cdrskin")
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            let programs = [
                "\"$SPINDLE\" burn \(Image.ipxe.rawValue) --quiet",
                "cdrskin -v dev=$SPINDLE_DRIVE \(Image.ipxe.rawValue)",
            ]
            for (number, program) in programs.enumerated() {
                let made = try await scratch.spindle(
                    "virtual",
                    "create",
                    "disc\(number)",
                    "--medium",
                    Self.media[quirk] ?? "cd-r"
                )
                try #require(made.status == 0, "\(made)")
                let burned = try await run(program, on: "disc\(number)", quirk, scratch)
                if Self.hopeless.contains(quirk) {
                    #expect(number > 0 || burned.status == 4, "\(burned)")
                    #expect(burned.status != 0, "\(burned)")
                    continue
                }
                try #require(burned.status == 0, "\(burned)")
                let ripped = try await run(
                    "\"$SPINDLE\" rip rip\(number).iso --quiet",
                    on: "disc\(number)",
                    quirk,
                    scratch
                )
                try #require(ripped.status == 0, "\(ripped)")
                let rip = try scratch.bytes("rip\(number).iso")
                #expect(firstDifference(of: rip.prefix(source.count), from: source) == nil)
                #expect(rip.dropFirst(source.count).allSatisfy { $0 == 0 })
            }
        }
    }

    /// What a drive says of the run-out of a CD that was written track at once is nothing to be told of the
    /// disc.
    @Test(arguments: ["", "run-out-11-05", "run-out-26-00", "capacity-without-run-out"])
    func `A CD that was written track at once is whole`(quirk: String) async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn(Image.ipxe.rawValue, "--mode tao")
            let option = quirk.isEmpty ? "" : "--quirk \(quirk)"
            let outcome = try await scratch.run(
                [
                    "sh", "-c",
                    "exec \"$SPINDLE\" virtual run --disc disc \(option) -- \"$SPINDLE\" info",
                ],
                within: 60
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("ISO 9660"), "\(outcome)")
            #expect(!outcome.output.contains("can't be read"), "\(outcome)")
        }
    }

    /// Puts a disc into a drive with a quirk, and runs a program.
    private func run(_ program: String, on disc: String, _ quirk: String, _ scratch: Scratch)
        async throws -> Outcome
    {
        try await scratch.run(
            [
                Products.spindle, "virtual", "run", "--disc", disc, "--quirk", quirk, "--",
                "sh", "-c", "exec \(program)",
            ],
            within: 120
        )
    }
}
