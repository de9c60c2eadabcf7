import DiscModel
import Testing

@Suite struct SectorTests {
    /// A sector of a kind, filled with a pattern where its user data are.
    private func sector(_ kind: RawSector.Kind, at address: LBA, seed: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: RawSector.size)
        let data =
            switch kind {
            case .mode1: 16..<2064
            case .mode2: 16..<2352
            case .mode2Form1: 24..<2072
            case .mode2Form2: 24..<2348
            }
        for i in data { bytes[i] = UInt8(truncatingIfNeeded: i &* 31 &+ seed &+ i / 251) }
        if kind == .mode2Form1 { bytes.replaceSubrange(16..<24, with: [0, 0, 8, 0, 0, 0, 8, 0]) }
        if kind == .mode2Form2 { bytes.replaceSubrange(16..<24, with: [1, 2, 32, 4, 1, 2, 32, 4]) }
        var span = bytes.mutableSpan
        RawSector.complete(&span, kind, at: address)
        return bytes
    }

    /// A product in the field of ECMA-130 Annex A, by shifts and sums: not the way of the tables.
    private func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
        (0..<8).reduce(UInt8(0)) { sum, bit in
            guard b >> bit & 1 == 1 else { return sum }
            let shifted = (0..<bit).reduce(Int(a)) { value, _ in
                value << 1 ^ (value & 0x80 == 0 ? 0 : 0x11D)
            }
            return sum ^ UInt8(shifted)
        }
    }

    /// The two syndromes of a code word: zero where its parity is right (ECMA-130 Annex A.4).
    private func syndromes(_ word: [UInt8]) -> [UInt8] {
        var power: UInt8 = 1
        var sums: [UInt8] = [0, 0]
        for byte in word.reversed() {
            sums[0] ^= byte
            sums[1] ^= product(byte, power)
            power = product(power, 2)
        }
        return sums
    }

    @Test func `the EDC of nine digits`() {
        let digits = Array("123456789".utf8)
        #expect(SectorEDC.sum(of: digits.span, in: 0..<9) == 0x6EC2_EDC4)
        #expect(SectorEDC.sum(of: digits.span, in: 0..<0) == 0)
    }

    @Test(arguments: [RawSector.Kind.mode1, .mode2Form1])
    func `the parity makes code words of which all syndromes are zero`(_ kind: RawSector.Kind) {
        for seed in [0, 77] {
            var bytes = sector(kind, at: LBA(12_345), seed: seed)
            if kind == .mode2Form1 { bytes.replaceSubrange(12..<16, with: [0, 0, 0, 0]) }
            // 16-bit words from byte 12 on; the two bytes of a word are coded apart (Annex A.3).
            func byte(_ word: Int, _ half: Int) -> UInt8 { bytes[12 + 2 * word + half] }
            for half in 0..<2 {
                for column in 0..<43 {
                    let word = (0..<26).map { byte(column + 43 * $0, half) }
                    #expect(syndromes(word) == [0, 0], "P \(column)")
                }
                for diagonal in 0..<26 {
                    let data = (0..<43).map { byte((diagonal * 43 + 44 * $0) % 1118, half) }
                    let word = data + [byte(1118 + diagonal, half), byte(1144 + diagonal, half)]
                    #expect(syndromes(word) == [0, 0], "Q \(diagonal)")
                }
            }
        }
    }

    @Test func `a sector of mode 1`() {
        let bytes = sector(.mode1, at: LBA(115_136), seed: 3)
        #expect(Array(bytes[0..<12]) == RawSector.sync)
        #expect(Array(bytes[12..<16]) == [0x25, 0x37, 0x11, 1])
        #expect(Array(bytes[2068..<2076]) == Array(repeating: 0, count: 8))
        // A CRC over data and their CRC is zero where it has no inversions.
        #expect(SectorEDC.sum(of: bytes.span, in: 0..<2068) == 0)
    }

    @Test func `sectors of mode 2`() {
        let form1 = sector(.mode2Form1, at: LBA(-150), seed: 4)
        #expect(Array(form1[12..<16]) == [0x00, 0x00, 0x00, 2])
        #expect(Array(form1[16..<24]) == [0, 0, 8, 0, 0, 0, 8, 0])
        #expect(SectorEDC.sum(of: form1.span, in: 16..<2076) == 0)
        let form2 = sector(.mode2Form2, at: LBA(-151), seed: 5)
        #expect(Array(form2[12..<16]) == [0x99, 0x59, 0x74, 2])
        #expect(SectorEDC.sum(of: form2.span, in: 16..<2352) == 0)
        let plain = sector(.mode2, at: .zero, seed: 6)
        #expect(Array(plain[12..<16]) == [0x00, 0x02, 0x00, 2])
        #expect(plain[2351] == UInt8(truncatingIfNeeded: 2351 * 31 + 6 + 2351 / 251))
    }

    @Test func `the parity of mode 2 does not depend on the address`() {
        let here = sector(.mode2Form1, at: LBA(0), seed: 8)
        let there = sector(.mode2Form1, at: LBA(300_000), seed: 8)
        #expect(here[16...] == there[16...])
        #expect(here[12..<16] != there[12..<16])
    }

    @Test func `less than a sector stays as it is`() {
        var bytes = [UInt8](repeating: 7, count: RawSector.size - 1)
        var span = bytes.mutableSpan
        RawSector.complete(&span, .mode1, at: .zero)
        SectorECC.fill(&span, countsHeader: true)
        #expect(bytes.allSatisfy { $0 == 7 })
    }

    @Test func `binary-coded decimals`() {
        for number in 0..<100 {
            let digits = String(number, radix: 10)
            #expect(RawSector.bcd(number) == UInt8(digits, radix: 16))
        }
    }

    @Test func `the CRC of Q`() {
        // CRC-16 of the polynomial 1021h from zero over nine digits is 31C3h (as XMODEM's), inverted.
        #expect(SubchannelQ.crc(of: Array("123456789".utf8)) == ~0x31C3)
        #expect(SubchannelQ.crc(of: Array(repeating: UInt8(0), count: 10)) == 0xFFFF)
    }

    @Test func `a position in Q`() {
        let position = SubchannelQ(
            control: 4,
            track: 12,
            index: 1,
            relative: MSF(minute: 3, second: 45, frame: 67),
            absolute: MSF(minute: 59, second: 8, frame: 70)
        )
        let bytes = position.encoded
        #expect(
            Array(bytes.prefix(10)) == [0x41, 0x12, 0x01, 0x03, 0x45, 0x67, 0x00, 0x59, 0x08, 0x70]
        )
        #expect(bytes.count == 12)
        let sum = SubchannelQ.crc(of: bytes.prefix(10))
        #expect(Array(bytes.suffix(2)) == [UInt8(sum >> 8), UInt8(sum & 0xFF)])
        var leadOut = position
        leadOut.track = 0xAA
        #expect(leadOut.encoded[1] == 0xAA)
    }

    @Test(arguments: [0, 1])
    func `Q among the other channels`(_ index: Int) {
        let position = SubchannelQ(
            control: 0,
            track: 1,
            index: index,
            relative: MSF(minute: 0, second: 1, frame: 74),
            absolute: MSF(minute: 0, second: 0, frame: 0)
        )
        let bytes = position.interleaved
        #expect(bytes.count == 96)
        let q = (0..<12).map { byte in
            (0..<8).reduce(UInt8(0)) { $0 << 1 | bytes[8 * byte + $1] >> 6 & 1 }
        }
        #expect(q == position.encoded)
        #expect(bytes.allSatisfy { $0 & 0x80 == (index == 0 ? 0x80 : 0) })
        #expect(bytes.allSatisfy { $0 & 0x3F == 0 })
    }
}
