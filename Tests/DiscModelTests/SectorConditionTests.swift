import DiscModel
import TestSupport
import Testing

struct SectorConditionTests {
    private let data = [UInt8]((0..<2048).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 256) })
    private let longData = [UInt8]((0..<2324).map { UInt8(truncatingIfNeeded: $0 * 5 + 3) })

    private func faults(_ sector: [UInt8], _ mode: TrackMode, _ address: Int? = 600) -> [String] {
        SectorCondition(of: sector.span, in: mode, at: address.map { LBA($0) }).faults.names
    }

    private func flipped(_ sector: [UInt8], _ places: Int...) -> [UInt8] {
        var sector = sector
        for place in places { sector[place] ^= 0x55 }
        return sector
    }

    @Test func `mode 1`() {
        let right = PlainSector.mode1(600, data)
        #expect(faults(right, .mode1) == [])
        #expect(faults(right, .mode1, 601) == ["header"])
        #expect(faults(right, .mode1, nil) == [])
        // GD-ROMs go on where times end.
        #expect(faults(right, .mode1, 449_000) == ["header"])
        #expect(faults(right, .mode1, 500_000) == [])
        // Track and sector may say different things; the sector knows better.
        #expect(faults(right, .mode2Mixed) == [])
        #expect(faults(flipped(right, 0), .mode1) == ["sync", "edc"])
        #expect(faults(flipped(right, 13), .mode1) == ["header", "edc", "ecc"])
        #expect(faults(flipped(right, 15), .mode1) == ["header", "edc", "ecc"])
        #expect(faults(flipped(right, 1000), .mode1) == ["edc", "ecc"])
        #expect(faults(flipped(right, 2065), .mode1) == ["edc", "ecc"])
        #expect(faults(flipped(right, 2070), .mode1) == ["ecc"])
        #expect(faults(flipped(right, 2077), .mode1) == ["ecc"])
        #expect(faults(flipped(right, 2351), .mode1) == ["ecc"])
        #expect(
            SectorCondition(of: right.span, in: .mode2, at: LBA(600)).kind == .mode1
        )
    }

    @Test func `form 1`() {
        let right = PlainSector.form1(600, data, subheader: [1, 0, 0x89, 3])
        for mode in [TrackMode.mode2Form1, .mode2Mixed, .mode2Form2, .mode2] {
            #expect(faults(right, mode) == [])
        }
        #expect(faults(flipped(right, 5), .mode2Mixed) == ["sync"])
        #expect(faults(flipped(right, 12), .mode2Mixed) == ["header"])
        #expect(faults(flipped(right, 15), .mode2Mixed) == ["header"])
        #expect(faults(flipped(right, 18), .mode2Mixed) == ["edc", "ecc"])
        #expect(faults(flipped(right, 22), .mode2Form1) == ["edc", "ecc"])
        #expect(faults(flipped(right, 2080), .mode2Mixed) == ["ecc"])
    }

    @Test func `form 2`() {
        let right = PlainSector.form2(600, longData)
        #expect(faults(right, .mode2Form2) == [])
        #expect(faults(flipped(right, 900), .mode2Mixed) == ["edc"])
        var unchecked = right
        unchecked.replaceSubrange(2348..<2352, with: [0, 0, 0, 0])
        #expect(faults(unchecked, .mode2Mixed) == [])
        #expect(faults(flipped(unchecked, 3), .mode2Mixed) == ["sync"])
    }

    @Test func `mode 2 without a form tells of nothing`() {
        let plain = PlainSector.mode2(600, Array(repeating: 0x5A, count: 2336))
        #expect(faults(plain, .mode2) == [])
        #expect(faults(flipped(plain, 2000), .mode2) == [])
        #expect(faults(flipped(plain, 11), .mode2) == ["sync"])
        // In a track of XA it is no sector of XA.
        #expect(faults(plain, .mode2Mixed) == ["edc", "ecc"])
    }

    @Test func `what is no sector`() {
        let zeros = [UInt8](repeating: 0, count: RawSector.size)
        #expect(faults(zeros, .mode1) == ["empty"])
        #expect(faults([1, 2, 3], .mode1) == ["empty"])
        // As programs fill what they can't read.
        #expect(
            faults(PlainSector.header(600, 1) + [UInt8](repeating: 0x55, count: 2336), .mode1)
                == ["edc", "ecc"]
        )
        // Mode 0 is 2336 zeros (ECMA-130 §14).
        let mode0 = PlainSector.header(600, 0) + [UInt8](repeating: 0, count: 2336)
        #expect(faults(mode0, .mode1) == [])
        #expect(faults(mode0, .mode1, 5) == ["header"])
    }

    @Test func `which faults may have cost data`() {
        #expect(SectorFaults([.edc, .ecc]).affectData)
        #expect(SectorFaults.empty.affectData)
        #expect(!SectorFaults([.sync, .header, .ecc]).affectData)
    }

    @Test func `C2 pointers`() {
        var pointers = [UInt8](repeating: 0, count: 296)
        pointers[0] = 0x81
        pointers[293] = 0x01
        pointers[295] = 0xFF
        var suspects = SuspectBytes(pointers: pointers.span)
        #expect((0..<2400).filter { suspects[$0] } == [0, 7, 2351])
        #expect(suspects.count == 3)
        suspects[7] = false
        suspects[1000] = true
        suspects[2352] = true
        suspects[-1] = true
        #expect((-5..<2400).filter { suspects[$0] } == [0, 1000, 2351])
        #expect(!suspects.isEmpty)
        #expect(SuspectBytes(pointers: [UInt8]().span).isEmpty)
    }
}
