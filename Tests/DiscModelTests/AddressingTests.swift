import DiscModel
import Testing

@Suite struct AddressingTests {
    /// Times and addresses of MMC-6 §4.2.4 and of real discs.
    private static let pairs: [(String, Int)] = [
        ("00:02:00", 0), ("00:00:00", -150), ("00:01:74", -1), ("00:02:01", 1),
        ("01:00:00", 4350), ("25:37:11", 115_136), ("74:00:00", 332_850), ("79:59:74", 359_849),
        ("89:59:74", 404_849),
        // The lead-in's times end at 99:59:74, before the pregap's first.
        ("99:59:74", -151), ("97:26:66", -11_634), ("90:00:00", -45_150),
    ]

    private func time(_ text: String) -> MSF {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        return MSF(minute: parts[0], second: parts[1], frame: parts[2])
    }

    @Test(arguments: pairs)
    func `times and addresses`(_ text: String, _ address: Int) {
        #expect(time(text).lba == LBA(address))
        #expect(MSF(LBA(address)) == time(text))
        #expect(MSF(LBA(address)).description == text)
    }

    @Test func `every address of a disc has a time that leads back to it`() {
        for address in -45_150..<404_850 {
            guard MSF(LBA(address)).lba == LBA(address) else {
                Issue.record("\(address)")
                return
            }
        }
    }

    @Test func `discs of more than 90 minutes`() {
        // CD-Rs of 99 minutes exist: there a track may start, or a lead-out, where lead-ins are.
        #expect(time("89:59:74").lbaInProgramArea == LBA(404_849))
        #expect(time("90:00:00").lbaInProgramArea == LBA(404_850))
        #expect(time("98:59:74").lbaInProgramArea == LBA(445_349))
        #expect(time("99:59:74").lbaInProgramArea == LBA(449_849))
        #expect(time("00:00:00").lbaInProgramArea == LBA(-150))
        for address in stride(from: -150, to: 449_850, by: 7) {
            #expect(MSF(LBA(address)).lbaInProgramArea == LBA(address))
        }
    }

    @Test func `times wrap round and stay times`() {
        for address in [Int.min, -1 << 40, -450_001, 449_850, 1 << 40, Int.max] {
            let time = MSF(LBA(address))
            #expect((0..<100).contains(time.minute))
            #expect((0..<60).contains(time.second))
            #expect((0..<75).contains(time.frame))
        }
        #expect(MSF(LBA(449_850)) == time("00:00:00"))
    }

    @Test func `addresses and times have an order`() {
        #expect(LBA(-150) < .zero)
        #expect(LBA(10) - LBA(-5) == 15)
        #expect(LBA(10) + 5 - 3 == LBA(12))
        #expect(time("01:59:74") < time("02:00:00"))
        #expect(LBA(-7).description == "-7")
    }
}
