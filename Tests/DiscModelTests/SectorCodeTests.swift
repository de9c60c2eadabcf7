import DiscModel
import Testing

/// The codes of sectors, which are counted many bytes at a time, against ways that count bit by bit.
struct SectorCodeTests {
    private func noise(_ count: Int, _ seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
    }

    /// ECMA-130 §14.3, bit by bit.
    private func slowEDC(_ bytes: some Sequence<UInt8>, _ start: UInt32) -> UInt32 {
        bytes.reduce(start) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xD801_8001)
            }
        }
    }

    @Test(arguments: [
        0, 1, 3, 4, 7, 8, 100, 767, 768, 769, 1000, 2063, 2064, 2068, 2332, 2351, 2352, 2353, 3120,
        3121, 9000,
    ])
    func `the EDC of any length, from any beginning`(_ length: Int) {
        let bytes = noise(length + 10, UInt64(length) + 1)
        for start in [0, 1, 0xFFFF_FFFF, 0x1234_5678] as [UInt32] {
            #expect(
                SectorEDC.sum(of: bytes.span, in: 3..<(3 + length), continuing: start)
                    == slowEDC(bytes[3..<(3 + length)], start)
            )
        }
    }

    @Test(arguments: [RawSector.Kind.mode1, .mode2, .mode2Form1, .mode2Form2])
    func `each changed byte of a sector is seen, where something follows from it`(
        _ kind: RawSector.Kind
    ) {
        var sector = noise(RawSector.size, 77)
        if kind == .mode2Form1 { sector.replaceSubrange(16..<24, with: [1, 2, 8, 0, 1, 2, 8, 0]) }
        if kind == .mode2Form2 {
            sector.replaceSubrange(16..<24, with: [1, 2, 32, 0, 1, 2, 32, 0])
        }
        let address = LBA(4711)
        var span = sector.mutableSpan
        RawSector.complete(&span, kind, at: address)
        #expect(RawSector.isRegular(sector.span, kind, at: address) == true)
        #expect(RawSector.isRegular(sector.span, kind, at: LBA(4712)) == false)
        let free = kind == .mode2 ? 16..<2352 : 0..<0
        for place in 0..<RawSector.size {
            var changed = sector
            changed[place] ^= UInt8(1 << (place % 8))
            let isRegular = RawSector.isRegular(changed.span, kind, at: address)
            #expect(isRegular == free.contains(place), "byte \(place)")
        }
    }

    @Test(arguments: [true, false])
    func `each changed byte makes the parity wrong`(_ countsHeader: Bool) {
        var sector = noise(RawSector.size, 5)
        var span = sector.mutableSpan
        SectorECC.fill(&span, countsHeader: countsHeader)
        for place in 0..<RawSector.size {
            var changed = sector
            changed[place] ^= UInt8(1 << (place % 8))
            let isOutside = place < (countsHeader ? 12 : 16)
            #expect(
                SectorECC.isRight(changed.span, countsHeader: countsHeader) == isOutside,
                "byte \(place)"
            )
        }
        #expect(SectorECC.isRight(sector.span.extracting(0..<2351), countsHeader: true) == false)
    }

    @Test(arguments: TrackMode.allCases, SectorForm.allCases)
    func `a sector is regular where it is what is made of its part`(
        _ mode: TrackMode,
        _ form: SectorForm
    ) {
        guard form.suits(mode) else { return }
        for seed in 1...4 as ClosedRange<UInt64> {
            var sector = [UInt8](repeating: 0, count: RawSector.size)
            let range = form.range(in: mode)
            sector.replaceSubrange(range, with: noise(range.count, seed))
            if form == .form2 || form == .mode2 || form == .form1 {
                sector.replaceSubrange(20..<24, with: sector[16..<20])
            }
            var span = sector.mutableSpan
            RawSector.complete(&span, from: form, of: mode, at: LBA(99))
            let isSame = RawSector.isRegular(sector.span, keeping: form, of: mode, at: LBA(99))
            #expect(isSame)
            for place in [0, 12, 15, 17, 1000, 2070, 2074, 2100, 2349, 2351] {
                var changed = sector
                changed[place] ^= 0x20
                var again = [UInt8](repeating: 0, count: RawSector.size)
                again.replaceSubrange(range, with: changed[range])
                var span = again.mutableSpan
                RawSector.complete(&span, from: form, of: mode, at: LBA(99))
                let isRegular = RawSector.isRegular(
                    changed.span,
                    keeping: form,
                    of: mode,
                    at: LBA(99)
                )
                #expect(isRegular == (form == .raw || again == changed), "byte \(place)")
            }
        }
    }

    @Test func `the CRC of 16 bits`() {
        let digits = Array("123456789".utf8)
        // As XMODEM has it, and from FFFFh.
        #expect(CRC16.sum(of: digits.span) == 0x31C3)
        #expect(CRC16.sum(of: digits) == 0x31C3)
        #expect(CRC16.sum(of: digits.span, continuing: 0xFFFF) == 0x29B1)
        let first = CRC16.sum(of: digits.span.extracting(..<4))
        #expect(CRC16.sum(of: digits.span.extracting(4...), continuing: first) == 0x31C3)
    }
}
