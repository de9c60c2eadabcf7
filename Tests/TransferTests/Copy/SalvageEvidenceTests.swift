import Testing
import Transfer

@Suite struct SalvageEvidenceTests {
    @Test func `what was read is counted once, by the best that is known of it`() {
        var map = SalvageMap(sectors: 100)
        map.mark(0..<80, .finished)
        var evidence = SalvageEvidence()
        #expect(evidence.isEmpty)
        evidence.noteTwice(10..<30)
        evidence.noteTwice(70..<100)
        evidence.noteProven(20..<50)
        let counts = evidence.counts(in: map)
        #expect(counts.once == 30 && counts.twice == 20 && counts.proven == 30)
    }

    @Test(arguments: [2048, 2352])
    func `the file is read as it was written`(_ bytesPerSector: Int) throws {
        var evidence = SalvageEvidence()
        evidence.noteTwice(10..<30)
        evidence.noteTwice(70..<12_000_000)
        evidence.noteProven(20..<50)
        evidence.wrong.insert(contentsOf: 51..<52)
        evidence.doubtful.insert(contentsOf: 60..<65)
        let text = evidence.text(bytesPerSector: bytesPerSector)
        let read = try SalvageEvidence(parsing: Array(text.utf8), bytesPerSector: bytesPerSector)
        #expect(read == evidence)
        // A part of a sector proves nothing.
        let part = try SalvageEvidence(parsing: Array("1 5000 twice".utf8), bytesPerSector: 2048)
        #expect(part.twice == RangeSet(1..<2))
    }

    @Test(arguments: [
        "0 2048", "0 2048 once", "x 2048 twice", "0x7FFFFFFFFFFFFFFF 1 edc",
        "1 0x7FFFFFFFFFFFFFFF edc",
    ])
    func `what is no evidence is refused`(_ text: String) {
        #expect(throws: SalvageMapError.self) {
            try SalvageEvidence(parsing: Array(text.utf8), bytesPerSector: 2048)
        }
    }
}
