import Foundation
import TestSupport
import Testing

/// `info` names damaged sectors, and `convert --repair` repairs them, by the built command.
@Suite struct RepairTests {
    private struct Run: Decodable, Equatable {
        var start: Int
        var count: Int
        var faults: [String]
        var isRepairable: Bool?
        var changedBytes: Int?
    }

    private struct Document: Decodable {
        struct Damage: Decodable {
            var checkedSectors: Int
            var faultySectors: Int
            var runs: [Run]
        }

        var damage: Damage?
    }

    private struct Result: Decodable {
        var status: String
        var repairedSectors: Int?
        var repairedBytes: Int?
        var repairedRuns: [Run]?
        var damagedRuns: [Run]?
        var irregularRuns: [Run]?
        var sha256: String?
    }

    private static let right: [UInt8] = (0..<60).flatMap { sector in
        PlainSector.mode1(sector, Array(Noise.bytes(2048, seed: UInt64(sector))))
    }

    private static func damaged(_ places: (sector: Int, bytes: Range<Int>)...) -> Data {
        var bytes = right
        for (sector, range) in places {
            for place in range { bytes[sector * 2352 + place] ^= 0xA5 }
        }
        return Data(bytes)
    }

    private func write(_ data: Data, _ scratch: Scratch) throws {
        try scratch.write(data, to: "disc.bin")
        try scratch.write(
            Data(
                "FILE \"disc.bin\" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n".utf8
            ),
            to: "disc.cue"
        )
    }

    private func document(_ scratch: Scratch, _ name: String) async throws -> Document {
        let outcome = try await scratch.spindle("info", "--json", name)
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONDecoder.snake.decode(Document.self, from: Data(outcome.output.utf8))
    }

    private func result(_ outcome: Outcome) throws -> Result {
        let last = try #require(outcome.lines.last)
        return try JSONDecoder.snake.decode(Result.self, from: Data(last.utf8))
    }

    @Test func `Damage is named, and repaired where it was asked for`() async throws {
        try await Scratch.use { scratch in
            let data = Self.damaged((5, 100..<101), (6, 20..<22), (40, 2200..<2201))
            try write(data, scratch)
            let found = try #require(try await document(scratch, "disc.cue").damage)
            let repairable = Run(
                start: 5,
                count: 2,
                faults: ["edc", "ecc"],
                isRepairable: true,
                changedBytes: 3
            )
            let parity = Run(start: 40, count: 1, faults: ["ecc"])
            #expect(found.checkedSectors == 60 && found.faultySectors == 3)
            #expect(found.runs == [repairable, parity])
            let text = try await scratch.spindle("info", "disc.cue")
            #expect(
                text.lines.contains(
                    "damage    sectors 5 to 6: wrong EDC and P or Q; can be repaired"
                )
            )
            #expect(
                text.lines.contains("damage    sector 40: wrong P or Q; the data are right")
            )
            #expect(text.lines.contains("sectors   3 of 60 sectors have something wrong"))

            let plain = try await scratch.spindle("convert", "--quiet", "disc.cue", "same.cue")
            #expect(plain.status == 0, "\(plain)")
            #expect(try scratch.bytes("same.bin") == data)

            let repaired = try await scratch.spindle(
                "convert",
                "--json",
                "--repair",
                "--prove",
                "disc.cue",
                "out.cue"
            )
            #expect(repaired.status == 0, "\(repaired)")
            let result = try result(repaired)
            #expect(result.status == "verified")
            #expect(result.repairedSectors == 2 && result.repairedBytes == 3)
            #expect(result.repairedRuns == [repairable] && result.damagedRuns == [])
            #expect(result.irregularRuns == [parity])
            #expect(try scratch.bytes("out.bin") == Self.damaged((40, 2200..<2201)))
            #expect(try scratch.bytes("disc.bin") == data)

            let iso = try await scratch.spindle("convert", "--repair", "disc.cue", "out.iso")
            #expect(iso.status == 1, "parity of its own is no part of an ISO: \(iso)")
        }
    }

    @Test func `What is beyond repair is named, kept, and no success`() async throws {
        try await Scratch.use { scratch in
            let data = Self.damaged((9, 14..<15), (30, 300..<1200))
            try write(data, scratch)
            let outcome = try await scratch.spindle(
                "convert",
                "--json",
                "--repair",
                "disc.cue",
                "out.cue"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try result(outcome)
            #expect(result.status == "incomplete" && result.repairedSectors == 1)
            #expect(
                result.damagedRuns
                    == [Run(start: 30, count: 1, faults: ["edc", "ecc"], isRepairable: false)]
            )
            #expect(try scratch.bytes("out.bin") == Self.damaged((30, 300..<1200)))
            let shown = try await scratch.spindle("convert", "--repair", "disc.cue", "two.cue")
            #expect(shown.status == 3)
            #expect(shown.said.contains("Damaged beyond repair, and kept as they are: sector 30."))
        }
    }
}
