import Testing
import Transfer

/// The stretches of a disc that can be read as data.
@Suite struct ReadableSectorsTests {
    private let sectors = ReadableSectors([10..<20, 30..<32])

    private func count(from start: Int, atMost most: Int) throws -> Int {
        try sectors.count(from: start, atMost: most, absence: "there is nothing")
    }

    @Test func `sectors are read together up to the end of their stretch`() throws {
        #expect(sectors.end == 32)
        #expect(try count(from: 10, atMost: 5) == 5)
        #expect(try count(from: 18, atMost: 5) == 2)
        #expect(try count(from: 31, atMost: 5) == 1)
        #expect(try count(from: 15, atMost: 0) == 0)
        #expect(try count(from: 32, atMost: 5) == 0)
        #expect(try ReadableSectors([]).count(from: 0, atMost: 1, absence: "") == 0)
    }

    @Test(arguments: [(0, 5, 5), (8, 5, 2), (20, 99, 10), (29, 1, 1)])
    func `what lies between is absent up to the next one`(
        _ start: Int,
        _ most: Int,
        _ absent: Int
    ) throws {
        let error = #expect(throws: UnreadableSectors.self) {
            try count(from: start, atMost: most)
        }
        #expect(error?.start == start && error?.count == absent)
        #expect(error?.isAbsence == true && error?.reason == "there is nothing")
    }
}
