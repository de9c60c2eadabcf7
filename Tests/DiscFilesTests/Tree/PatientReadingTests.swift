import DiscFiles
import Testing
import Transfer

/// What is left out of a file with sectors that can't be read, and what is tried.
@Suite struct PatientReadingTests {
    /// Reads a file that begins with the disc's sector 100.
    ///
    /// - Returns: How it went, and the bytes that were read.
    private func read(_ size: Int, piece: Int, bad: Set<Int>) -> (PatientReading, Int) {
        var reading = PatientReading(of: size, inPiecesOf: piece)
        var (place, bytes) = (0, 0)
        while place < size {
            let count = min(reading.step, size - place)
            let sectors = 100 + place / 2048...100 + (place + count - 1) / 2048
            if let sector = sectors.first(where: bad.contains) {
                let error = UnreadableSectors(start: sector, count: 1, reason: "it is bad")
                place += reading.fail(error, at: place)
            } else {
                place += count
                bytes += count
                reading.succeed()
            }
        }
        return (reading, bytes)
    }

    @Test func `Sectors that can't be read are found one by one, and all others are read`() {
        let size = 600 * 2048 + 5
        let bad: Set<Int> = [100, 103, 104, 400, 700]
        let (reading, bytes) = read(size, piece: 1 << 20, bad: bad)
        #expect(reading.unreadable == bad.sorted())
        #expect(reading.untried == 0)
        #expect(bytes == size - 4 * 2048 - 5)
    }

    @Test func `Behind many of them fewer and fewer are tried, until one can be read`() {
        let sectors = 20_000
        let bad = Set(100..<10_100).union([15_000])
        let (reading, bytes) = read(sectors * 2048, piece: 1 << 20, bad: bad)
        let tried = reading.unreadable
        #expect(Array(tried.prefix(1000)) == Array(100..<1100))
        #expect(tried.count < 1040 && tried.last == 15_000)
        let steps = zip(tried, tried.dropFirst()).map { $1 - $0 }.dropLast()
        #expect(steps.max() == 512)
        // All sectors were read, can't be read, or were left out.
        #expect(bytes / 2048 + tried.count + reading.untried == sectors)
        #expect(reading.untried > 8000 && reading.untried < 9600)
    }

    @Test func `A sector that two pieces need is counted once`() {
        var reading = PatientReading(of: 10_000, inPiecesOf: 2048)
        let error = UnreadableSectors(start: 7, count: 1, reason: "it is bad")
        #expect(reading.fail(error, at: 0) == 2048)
        #expect(reading.fail(error, at: 2048) == 2048)
        #expect(reading.unreadable == [7])
        // The last piece is cut off by the end.
        let other = UnreadableSectors(start: 8, count: 1, reason: "it is bad")
        #expect(reading.fail(other, at: 8192) == 1808)
        #expect(reading.unreadable == [7, 8] && reading.untried == 0)
    }

    @Test func `A file all of which needs one sector is given up before long`() {
        let error = UnreadableSectors(start: 7, count: 1, reason: "it is bad")
        let size = 1 << 30
        var reading = PatientReading(of: size, inPiecesOf: 2048)
        var (place, tries) = (0, 0)
        while place < size {
            place += reading.fail(error, at: place)
            tries += 1
            if tries == 1000 { #expect(reading.untried == 0 && reading.omission == nil) }
        }
        #expect(tries > 1000 && tries < 2200)
        #expect(reading.unreadable == [7] && tries + reading.untried == size / 2048)
        #expect(
            reading.omission
                == "after 1000 tries in vain, \(reading.untried) others were not tried"
        )
    }

    @Test func `The blocks of a packed file that can't be read keep no others from being tried`() {
        let blocks = 900
        var reading = PatientReading(of: blocks * 64 * 2048, inPiecesOf: 2048)
        for block in 0..<blocks {
            let error = UnreadableSectors(start: 1000 + block, count: 1, reason: "it is bad")
            for sector in 0..<64 {
                #expect(reading.fail(error, at: (block * 64 + sector) * 2048) == 2048)
            }
        }
        #expect(reading.unreadable.count == blocks && reading.untried == 0)
    }
}
