/// What a drive keeps between two commands that read audio.
struct SoundMemory {
    /// A sector of audio, as it was read, and its bytes that C2 flags.
    struct Sector {
        var bytes: [UInt8]
        var flagged: [Int]
    }

    /// The sectors that are kept, and the order in which they came.
    private var sectors: [Int: Sector] = [:]
    private var order: [Int] = []
    private var oldest = 0
    /// The sector behind those of the last command.
    var next: Int?
    /// The sectors that were read from the disc for a command, not kept from before.
    var fresh: Range<Int>?
    /// The commands that began elsewhere.
    private(set) var seeks = 0
    /// By how many samples what the last command read is off.
    private(set) var shift = 0

    /// A sector, if it is kept.
    subscript(lba: Int) -> Sector? { sectors[lba] }

    /// Keeps a sector, and drops the oldest where there are too many.
    mutating func keep(_ sector: Sector, at lba: Int, most: Int) {
        guard most > 0, sectors.updateValue(sector, forKey: lba) == nil else { return }
        order.append(lba)
        while sectors.count > most, oldest < order.count {
            sectors[order[oldest]] = nil
            oldest += 1
        }
        if oldest > 2 * most {
            order.removeFirst(oldest)
            oldest = 0
        }
    }

    /// Forgets all sectors.
    mutating func forget() {
        sectors = [:]
        order = []
        oldest = 0
        next = nil
    }

    /// Begins a command, which may begin elsewhere than it should.
    ///
    /// - Parameters:
    ///   - lba: Its first sector.
    ///   - jitter: By how many samples at most.
    mutating func begin(at lba: Int, jitter: Int) {
        guard jitter > 0 else { return }
        guard next != lba else { return }
        seeks += 1
        // The same in each run; what is kept lies where it was read.
        let value = UInt64(seeks) &* 0x9E37_79B9_7F4A_7C15
        shift = Int(value >> 33) % (2 * jitter + 1) - jitter
    }
}
