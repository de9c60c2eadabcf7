import DiscAudio
import DiscModel
import Testing

/// The sums of tracks, by the values that other programs' tests publish.
@Suite struct SumTests {
    private func sums(_ toc: AudioTOC, _ bytes: [UInt8], piece: Int = 100_000) throws -> AudioSums {
        var summer = AudioSummer(toc)
        for start in stride(from: 0, to: bytes.count, by: piece * 4) {
            summer.take(bytes.span.extracting(start..<min(bytes.count, start + piece * 4)))
        }
        return try #require(summer.finish())
    }

    @Test(arguments: [1, 777, 100_000])
    func `Three tracks of CUETools' noise have its sums`(_ piece: Int) throws {
        var noise = NumberedNoise(seed: 2314)
        // CUETools' own disc begins at sector 13.
        let toc = try table([13, 68, 99], 136)
        let bytes = noise.bytes(136 * 2352)
        let sums = try sums(toc, Array(bytes[(13 * 2352)...]), piece: piece)
        #expect(
            (0..<3).map { sums.accurateRip1($0) } == [3_727_147_246, 2_202_235_240, 3_752_629_998]
        )
        #expect(
            (0..<3).map { sums.accurateRip2($0) } == [3_988_391_122, 2_284_845_104, 3_841_231_027]
        )
        #expect((0..<3).map { sums.crc32($0) } == [321_342_250, 37_001_035, 516_255_430])
    }

    @Test func `Sector 450 has CUETools' sums, at other offsets, too`() throws {
        var noise = NumberedNoise(seed: 2314)
        let toc = try table([0, 136], 886)
        let sums = try sums(toc, noise.bytes(886 * 2352))
        #expect(sums.frame450(1) == 2_224_430_043)
        #expect(sums.frame450(1, at: 55) == 1_912_726_337)
        #expect(sums.frame450(1, at: -3) == 1_251_460_151)
        #expect(sums.frame450(0) == nil)
    }

    @Test func `A track has its sums by its place on the disc`() throws {
        let sectors = 460
        let track = goldenSamples(588 * sectors)
        func tracks(_ starts: [Int], _ bytes: [UInt8]) throws -> AudioSums {
            try sums(table(starts, bytes.count / 2352), bytes)
        }
        let small = [UInt8](repeating: 1, count: 20 * 2352)
        let middle = try tracks([0, 20, 20 + sectors], small + track + small)
        #expect(middle.accurateRip1(1) == 0xEA9F_C918)
        #expect(middle.accurateRip2(1) == 0x2CCA_7747)
        #expect(middle.crc32(1) == 0xC281_9DE9)
        #expect(middle.frame450(1) == 0xFCCC_EB1A)
        let first = try tracks([0, sectors], track + small)
        #expect(first.accurateRip1(0) == 0xAAC5_9296)
        #expect(first.accurateRip2(0) == 0xECCF_4D5D)
        let last = try tracks([0, 20], small + track)
        #expect(last.accurateRip1(1) == 0x9AEC_E5D6)
        #expect(last.accurateRip2(1) == 0xC583_8EE2)
        let only = try tracks([0], track)
        #expect(only.accurateRip1(0) == 0x5B12_AF54)
        #expect(only.accurateRip2(0) == 0x8588_64F8)
    }

    @Test func `Sums at an offset are those of a disc that is shifted`() throws {
        var noise = NumberedNoise(seed: 7)
        let toc = try table([0, 60, 110], 560)
        let bytes = noise.bytes(560 * 2352)
        let own = try sums(toc, bytes)
        for offset in [-2939, -664, -1, 1, 667, 2940] {
            // The shifted disc's sample p is this one's p + offset.
            let silence = [UInt8](repeating: 0, count: abs(offset) * 4)
            let shifted =
                offset > 0
                ? Array(bytes[(offset * 4)...]) + silence
                : silence + Array(bytes[..<(bytes.count + offset * 4)])
            let other = try sums(toc, shifted)
            var again = OffsetSummer(toc, at: [offset, 0])
            again.take(bytes.span.extracting(0..<99_996))
            again.take(bytes.span.extracting(99_996..<bytes.count))
            for track in 0..<3 {
                #expect(own.accurateRip1(track, at: offset) == other.accurateRip1(track))
                #expect(own.frame450(track, at: offset) == other.frame450(track))
                let both = again.sums(track, 0)
                #expect(both?.v1 == other.accurateRip1(track))
                #expect(both?.v2 == other.accurateRip2(track))
                #expect(again.sums(track, 1)?.v2 == own.accurateRip2(track))
            }
            #expect(own.ctdb(at: offset) == other.ctdb())
            #expect(own.ctdb(track: 0, at: offset) == other.ctdb(track: 0))
            #expect(
                own.ctdbOffsets(of: [try #require(other.ctdb())], track: nil).values.first
                    == offset
            )
        }
        #expect(own.accurateRip1(0, at: -2940) == nil)
        #expect(own.ctdb(at: 5880) == nil)
    }

    @Test func `Words of zero can be left out of the CRC-32`() throws {
        // “123456789” and a blank, with words of zero among them.
        let text = Array("1234".utf8) + [0, 0] + Array("56789 ".utf8)
        let bytes = text + [UInt8](repeating: 0, count: 2352 - text.count)
        let sums = try sums(table([0], 1), bytes)
        var register: UInt32 = ~0
        for byte in Array("123456789 ".utf8) {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register >> 1 ^ (register & 1) &* 0xEDB8_8320 }
        }
        #expect(sums.crc32WithoutZeros(0) == ~register)
        #expect(!sums.isSilent(0))
    }

    @Test func `A disc that is not whole has no sums`() throws {
        var summer = AudioSummer(try table([0], 2))
        summer.take([UInt8](repeating: 0, count: 2352).span)
        let sums = summer.finish()
        #expect(sums == nil)
    }

    @Test func `The CUETools Database's CRC-32 and syndromes are those of its own test`() throws {
        var noise = NumberedNoise(seed: 2423)
        let sectors = 9801
        let toc = try table([32], 32 + sectors)
        let bytes = Array(noise.bytes((32 + sectors) * 2352)[(32 * 2352)...])
        let sums = try sums(toc, bytes)
        #expect(sums.ctdb() == 377_539_636)
        var syndromes = try #require(ParitySyndromes(toc, count: 1))
        syndromes.take(bytes.span)
        #expect(syndromes.isComplete)
        #expect(
            Array(syndromes.bytes.prefix(8)) == [0x0C, 0xFE, 0x5E, 0xEE, 0xC4, 0xBE, 0x90, 0x78]
        )
    }
}
