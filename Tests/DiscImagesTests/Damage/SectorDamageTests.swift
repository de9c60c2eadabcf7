import DiscImages
import DiscModel
import LinuxCalls
import TestSupport
import Testing
import Transfer

/// What images' raw sectors say of themselves, and the same discs repaired.
struct SectorDamageTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func cue(_ disc: SampleDisc, _ name: String = "image") throws -> DiscImage {
        try folder.write("\(name).bin", disc.bytes)
        let sheet = disc.cueSheet().replacing("image.bin", with: "\(name).bin")
        return try DiscImage(try folder.write("\(name).cue", sheet))
    }

    private func runs(_ damage: SectorDamage) -> [String] {
        damage.runs.map { run in
            let parts: [String?] = [
                "\(run.sectors.lowerBound)..<\(run.sectors.upperBound)",
                run.faults.names.joined(separator: "+"),
                run.changedBytes.map { "repair \($0)" },
                run.headerOffset.map { "offset \($0)" },
            ]
            return parts.compactMap(\.self).joined(separator: " ")
        }
    }

    @Test func `a disc without damage`() throws {
        for (disc, count) in [(SampleDisc.data, 40), (.xa, 50), (.mixed, 40), (.audio, 0)] {
            let damage = try SectorDamage(of: try cue(disc).disc)
            #expect(runs(damage) == [])
            #expect(damage.checkedSectors == count)
        }
    }

    @Test func `damage in mode 1`() throws {
        var disc = SampleDisc.data
        func damage(_ sector: Int, _ places: Int...) {
            for place in places { disc.sessions[0].tracks[0].sectors[sector][place] ^= 0x5A }
        }
        damage(3, 100)
        damage(4, 100, 200, 300)
        damage(10, 0)
        damage(12, 14)
        damage(20, 2080)
        for place in 500..<900 { damage(25, place) }
        disc.sessions[0].tracks[0].sectors[30] = Array(repeating: 0, count: 2352)
        disc.sessions[0].tracks[0].sectors[31] = Array(repeating: 0, count: 2352)
        disc.sessions[0].tracks[0].sectors[35] = SampleDisc.mode1(42, 1, seed: 9)[0]
        let damaged = try cue(disc).disc
        let found = try SectorDamage(of: damaged)
        #expect(
            runs(found) == [
                "3..<5 edc+ecc repair 4", "10..<11 sync+edc repair 1",
                "12..<13 header+edc+ecc repair 1", "20..<21 ecc", "25..<26 edc+ecc",
                "30..<32 empty", "35..<36 header offset 7",
            ]
        )
        #expect(found.checkedSectors == 40)
        #expect(found.lost.map(\.sectors) == [25..<26, 30..<32])
        #expect(found.irregular.map(\.sectors) == [20..<21, 35..<36])

        // Repaired, the sectors are what they were; all else stays.
        var repaired = disc
        for sector in [3, 4, 10, 12] {
            repaired.sessions[0].tracks[0].sectors[sector] =
                SampleDisc.data.tracks[0].sectors[sector]
        }
        let raw = try expectSameInPieces(AmendedDisc(damaged, repairing: found), .raw)
        for (address, sector) in raw where (0..<40).contains(address) {
            let isSame = sector == repaired.tracks[0].sectors[address]
            #expect(isSame, "\(address)")
        }
        let user = try expectSameInPieces(AmendedDisc(damaged, repairing: found), .user)
        #expect(user[4] == Array(SampleDisc.data.tracks[0].sectors[4][16..<2064]))
        // The file is copied up to the first sector that is repaired, and never with one.
        let stored = (0..<40).map { address in
            AmendedDisc(damaged, repairing: found).storedBytes(at: address).map { $0.count / 2352 }
                ?? 0
        }
        #expect(stored.prefix(14) == [3, 2, 1, 0, 0, 5, 4, 3, 2, 1, 0, 1, 0, 27])
    }

    @Test func `damage in XA, and none in sound`() throws {
        var disc = SampleDisc.xa
        // Every third sector from 23 on is of form 2.
        for sector in [5, 23, 26, 30] {
            disc.sessions[0].tracks[0].sectors[sector][700] ^= 1
        }
        disc.sessions[0].tracks[0].sectors[26].replaceSubrange(2348..., with: [0, 0, 0, 0])
        disc.sessions[0].tracks[0].sectors[31][13] ^= 1
        disc.sessions[0].tracks[0].sectors[35][5] ^= 1
        let found = try SectorDamage(of: try cue(disc).disc)
        #expect(
            runs(found) == [
                "5..<6 edc+ecc repair 1", "23..<24 edc", "30..<31 edc+ecc repair 1",
                "31..<32 header offset \((disc.tracks[0].sectors[31][13] & 1) == 1 ? 75 : -75)",
                "35..<36 sync repair 1",
            ]
        )
        var mixed = SampleDisc.mixed
        mixed.sessions[0].tracks[1].sectors[3][9] ^= 1
        mixed.sessions[0].tracks[0].sectors[39][9] ^= 1
        #expect(runs(try SectorDamage(of: try cue(mixed).disc)) == ["39..<40 sync+edc repair 1"])
    }

    @Test func `sectors of 2336 bytes`() throws {
        var disc = SampleDisc.xa
        disc.sessions[0].tracks[0].sectors[7][900] ^= 1
        disc.sessions[0].tracks[0].sectors[8][2340] ^= 1
        try folder.write("image.bin", disc.tracks[0].sectors.flatMap { Array($0[16...]) })
        let image = try DiscImage(
            try folder.write(
                "image.cue",
                "FILE image.bin BINARY\nTRACK 01 MODE2/2336\nINDEX 01 00:00:00\n"
            )
        )
        let found = try SectorDamage(of: image.disc)
        #expect(runs(found) == ["7..<8 edc+ecc repair 1", "8..<9 ecc"])
        let repaired = AmendedDisc(image.disc, repairing: found)
        let raw = try expectSameInPieces(repaired, .raw)
        #expect(raw[7] == SampleDisc.xa.tracks[0].sectors[7])
        #expect(raw[8] == disc.tracks[0].sectors[8])
        #expect(repaired.storedBytes(at: 7) == nil)
        #expect(repaired.storedBytes(at: 0)?.count == 7 * 2336)
    }

    @Test func `user data without EDC say nothing`() throws {
        let image = try DiscImage(
            try folder.write(
                "image.iso",
                SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
            )
        )
        let found = try SectorDamage(of: image.disc)
        #expect(found.checkedSectors == 0 && found.runs.isEmpty)
    }
}
