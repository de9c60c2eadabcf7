import Transfer

/// A drive with a damaged disc that reads nothing and counts the seconds which reading would take, as
/// the virtual drive's clock does: 0.3 s for each of 16 retries of a bad sector, 30 ms to say again that
/// one is bad, 0.1 s for a seek, and a DVD at 8×.
struct SimulatedDrive {
    var sectors: Int
    /// Sectors that can't be read.
    var bad: Set<Int> = []
    /// How often a sector can't be read before it can.
    var weak: [Int: Int] = [:]
    /// Sectors that only the drive's whole patience reads.
    var hard: Set<Int> = []
    /// Sectors over which the drive hangs.
    var hanging: Set<Int> = []
    /// Sectors that take another half second.
    var slow: Set<Int> = []
    /// Sectors that the drive does not give out.
    var protected: Set<Int> = []
    /// Whether it names the sector at which it gave up, and by how much it is wrong.
    var names = true
    var nameOffset = 0
    /// Whether it remembers bad sectors.
    var remembers = true
    /// Whether it gives up early where it is asked to.
    var obeys = true

    /// How long it has taken, in seconds.
    private(set) var seconds = 0.0
    private(set) var failures = 0
    private var known: Set<Int> = []
    private var head = 0

    init(sectors: Int) {
        self.sectors = sectors
    }

    /// Seconds of one pass over a disc without damage.
    var secondsOfAPass: Double {
        Double(sectors) * 2048 / 11_080_000 + Double(slow.count) * 0.5
    }

    /// Sectors that can be read.
    var readable: Set<Int> {
        Set(0..<sectors).subtracting(bad).subtracting(hanging).subtracting(protected)
    }

    mutating func read(_ range: Range<Int>, patiently: Bool) -> Salvage.Outcome {
        seconds += 0.0005
        if !(head...head + 64).contains(range.lowerBound) { seconds += 0.1 }
        if let sector = range.first(where: hanging.contains) {
            seconds += patiently ? 60 : 20
            head = sector
            failures += 1
            return .hung
        }
        for sector in range {
            head = sector
            if protected.contains(sector) {
                failures += 1
                return .refused(at: names ? sector : nil)
            }
            if fails(sector, patiently) {
                failures += 1
                let isNew = known.insert(sector).inserted
                seconds += isNew || !remembers ? (patiently || !obeys ? 16 : 1) * 0.3 : 0.03
                return .failed(at: names ? sector + nameOffset : nil)
            }
            seconds += 2048.0 / 11_080_000 + (slow.contains(sector) ? 0.5 : 0)
        }
        head = range.upperBound
        return .read
    }

    private mutating func fails(_ sector: Int, _ patiently: Bool) -> Bool {
        if bad.contains(sector) || hard.contains(sector) && !patiently { return true }
        guard let left = weak[sector], left > 0 else { return false }
        weak[sector] = left - 1
        return true
    }
}
