import DiscModel

/// Prints how fast one thread counts, checks and repairs the codes of raw sectors.
///
/// A line has a name and a rate in MB/s, 1000 × 1000 bytes of sectors a second. Benchmarks/sector-codes
/// runs it.
@main
struct SectorRates {
    private static let count = 1024
    private var sectors: [UInt8]
    private var random = SystemRandomNumberGenerator()

    private init(_ kind: RawSector.Kind) {
        sectors = (0..<(Self.count * RawSector.size)).map { _ in UInt8.random(in: 0...255) }
        for i in 0..<Self.count {
            var all = sectors.mutableSpan
            var sector = all._mutatingExtracting(Self.range(i))
            for place in 16..<24 { sector[place] = place % 4 == 2 ? 8 : 0 }
            RawSector.complete(&sector, kind, at: LBA(i))
        }
    }

    private static func range(_ number: Int) -> Range<Int> {
        (number * RawSector.size)..<((number + 1) * RawSector.size)
    }

    /// Prints the best rate of several rounds; what is made of each sector counts, so that none is left
    /// out.
    private func measure(_ name: String, rounds: Int = 40, _ body: (Int, Span<UInt8>) -> UInt32) {
        let clock = ContinuousClock()
        var (best, result): (Double, UInt32) = (0, 0)
        for _ in 0..<rounds {
            let time = clock.measure {
                for i in 0..<Self.count {
                    result ^= body(i, sectors.span.extracting(Self.range(i)))
                }
            }
            let bytes = Double(Self.count * RawSector.size)
            best = max(best, bytes / 1e6 / (time / .seconds(1)))
        }
        print(name, Int(best), result == 1 ? " " : "")
    }

    private mutating func damage(_ bytes: Int) {
        for i in 0..<Self.count {
            for _ in 0..<bytes {
                let place = Int.random(in: 16..<2064, using: &random)
                sectors[Self.range(i).lowerBound + place] ^= UInt8.random(in: 1...255)
            }
        }
    }

    private func measureRepair(_ name: String) {
        measure(name, rounds: 3) { i, damaged in
            var sector = [UInt8](repeating: 0, count: RawSector.size)
            for place in 0..<RawSector.size { sector[place] = damaged[place] }
            var span = sector.mutableSpan
            let outcome = RawSector.repair(&span, in: .mode1, at: LBA(i))
            return outcome == .impossible ? 1 : 0
        }
    }

    static func main() {
        var mode1 = SectorRates(.mode1)
        mode1.measure("edc") { _, sector in SectorEDC.sum(of: sector, in: 0..<RawSector.size) }
        mode1.measure("check-mode1") { i, sector in
            UInt32(SectorCondition(of: sector, in: .mode1, at: LBA(i)).faults.rawValue)
        }
        SectorRates(.mode2Form1).measure("check-form1") { i, sector in
            UInt32(SectorCondition(of: sector, in: .mode2Form1, at: LBA(i)).faults.rawValue)
        }
        mode1.damage(1)
        mode1.measureRepair("repair-1-byte")
        mode1.damage(19)
        mode1.measureRepair("repair-20-bytes")
        mode1.damage(1000)
        mode1.measureRepair("give-up")
    }
}
