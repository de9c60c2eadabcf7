import DiscAudio
import DiscModel
import LinuxCalls
import Testing

/// The names of discs, by the tables and names that other programs' tests publish.
@Suite struct IdentifierTests {
    @Test func `A disc of one track has the names that ARver gives it`() throws {
        let names = try DiscIdentifiers(table([0], 279_037))
        #expect(names.accurateRip.description == "001-000441fd-000883fb-020e8801")
        #expect(names.accurateRip.fileName == "dBAR-001-000441fd-000883fb-020e8801.bin")
        #expect(
            names.accurateRip.serverPath == "d/f/1/dBAR-001-000441fd-000883fb-020e8801.bin"
        )
        #expect(names.musicBrainz == "8yz4363CdyKqNa45C30lZWon5jE-")
        #expect(names.musicBrainzTOC == "1+1+279187+150")
        #expect(names.freedb == "020e8801")
        #expect(names.ctdbTOC == "0:279037")
    }

    @Test func `Sound before track 1 counts`() throws {
        let lengths = [107_450, 71_470, 105_737, 71_600]
        let starts = lengths.dropLast().reduce(into: [33]) { $0.append(($0.last ?? 0) + $1) }
        let toc = try table(starts, (starts.last ?? 0) + 71_600)
        let names = try DiscIdentifiers(toc)
        #expect(names.accurateRip.description == "004-000e26d9-00380804-3e128e04")
        #expect(names.musicBrainz == "Grk0WAJTlMgchS.Qilu8OSGvxGg-")
        #expect(toc.hiddenSectors == 33)
    }

    @Test func `Of a CD-Extra each database has its own view`() throws {
        let audio = [
            0, 15_537, 31_691, 50_866, 66_466, 81_202, 99_409, 115_920, 133_093, 149_847, 161_560,
            177_682,
        ]
        let toc = try #require(
            AudioTOC(
                layout(
                    TableSession(audio, 207_106 - 11_400),
                    TableSession([-207_106], 210_385)
                )
            )
        )
        let names = try DiscIdentifiers(toc)
        #expect(names.accurateRip.description == "012-0013bd5a-00b8d489-c60af50d")
        #expect(names.musicBrainz == "KnpGsLhvH.lPrNc1PBL21lb9Bg4-")
        #expect(names.ctdbTOC.hasSuffix(":177682:-207106:210385"))
        #expect(toc.accurateRipSlot(11) == 11)
        #expect(toc.hiddenSectors == 0)
    }

    @Test func `Recoil's CD-Extra has the name that dBpoweramp and EAC give it`() throws {
        let audio = [
            0, 12_617, 40_337, 63_075, 93_260, 117_965, 151_715, 184_190, 215_110, 247_305,
        ]
        let toc = try #require(
            AudioTOC(layout(TableSession(audio, 270_185), TableSession([-281_585], 333_651)))
        )
        let names = try DiscIdentifiers(toc)
        #expect(names.accurateRip.description == "010-00164419-00b9f6e2-9e11600b")
        #expect(names.musicBrainz == "9AQWqQ0eCCwktwPPrIUIYkUw2Uo-")
    }

    @Test func `On a mixed disc the data count for freedb alone, and take a slot`() throws {
        let starts = [
            150, 66728, 76502, 85963, 93760, 104_048, 116_066, 124_743, 134_206, 142_916, 151_852,
            160_720, 169_425, 178_731, 188_459, 196_711, 206_354, 214_845, 223_686, 225_746,
            226_384, 232_668, 239_447, 239_931, 244_989, 254_264, 260_066, 261_222, 261_674,
        ].map { $0 - 150 }
        let toc = try #require(
            AudioTOC(layout(TableSession([Int.min] + starts.dropFirst(), 261_976 - 150)))
        )
        #expect(
            try DiscIdentifiers(toc).accurateRip.description
                == "028-00517a54-05a845d2-af0da31d"
        )
        #expect(toc.accurateRipSlot(0) == 1)
        #expect(toc.accurateRipSlot(26) == 27)
        #expect(toc.accurateRipSlot(27) == nil)
        #expect(toc.hiddenSectors == 0)
    }

    @Test func `The CUETools Database's id is of the sound's lengths alone`() throws {
        // Its own examples have a first track that begins behind 0.
        #expect(
            try DiscIdentifiers(table([266_445, 280_839], 294_795)).ctdb
                == "hUJiDDh7s2IYPP1GpLfGVYpIWxE-"
        )
        #expect(
            try DiscIdentifiers(table([282_656, 296_612], 311_156)).ctdb
                == "vPmoaaMWAdaLNkVSMLqK2HZxmaE-"
        )
    }

    @Test func `What can't be a CD has no table of contents`() {
        #expect(AudioTOC(DiscLayout()) == nil)
        #expect(AudioTOC(layout(TableSession([-100], 200))) == nil)
        #expect(AudioTOC(layout(TableSession([100, 50], 200))) == nil)
        #expect(AudioTOC(layout(TableSession([0, 100], 100))) == nil)
        #expect(AudioTOC(layout(TableSession([0], 1 << 21))) == nil)
        #expect(AudioTOC(layout(TableSession(Array(0..<100), 200))) == nil)
    }

    @Test func `Ids have other letters for three of Base64's`() {
        #expect(Base64.identifier([0xFB, 0xFF, 0xFE, 0xFF]) == ".__._w--")
    }
}
