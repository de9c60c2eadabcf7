/// The faults of a recorder, and how often each has been met.
struct FaultLedger {
    /// The faults, in the order in which they were named.
    let faults: [Fault]
    /// How often a fault was met: for each sector that was read, else under one key.
    private var meetings: [[Int: Int]]

    /// The key of what is no sector.
    private static let command = Int.min

    init(_ faults: [Fault]) {
        self.faults = faults
        meetings = Array(repeating: [:], count: faults.count)
    }

    var isEmpty: Bool { faults.isEmpty }

    /// A sector at which a fault strikes.
    struct SectorStrike {
        let lba: Int
        let fault: Fault
        /// How often the sector was read before, as far as the fault depends on it.
        let earlierReads: Int
    }

    /// Notes that a fault was met, and tells whether it strikes.
    private mutating func strikes(_ index: Int, _ key: Int) -> Bool {
        let fault = faults[index]
        let isCounted =
            fault.after > 0 || fault.count != nil || fault.share != nil || fault.seed != nil
        guard isCounted else { return true }
        let met = meetings[index][key, default: 0]
        meetings[index][key] = met + 1
        let turn = met - fault.after
        guard turn >= 0 else { return false }
        if let count = fault.count, turn >= count { return false }
        guard let share = fault.share else { return true }
        return turn % share.of < share.strikes
    }

    /// The sectors of a range that a fault of a kind is about.
    private func hit(_ fault: Fault, _ sectors: Range<Int>, block: Int) -> Range<Int>? {
        guard let bad = fault.sectors else { return sectors }
        var first = bad.lowerBound
        var last = bad.upperBound
        if fault.words.contains(.block), block > 1 {
            // Rounded down and up to whole blocks, also below zero.
            first -= (first % block + block) % block
            last += block - 1 - (last % block + block) % block
        }
        let start = max(first, sectors.lowerBound)
        let end = min(last + 1, sectors.upperBound)
        return start < end ? start..<end : nil
    }

    /// The first sector of a range at which a fault of a kind strikes, and the fault.
    mutating func firstStrike(_ kind: Fault.Kind, _ sectors: Range<Int>, block: Int)
        -> (lba: Int, fault: Fault)?
    {
        var found: (lba: Int, fault: Fault)?
        for index in faults.indices where faults[index].kind == kind {
            guard let hit = hit(faults[index], sectors, block: block) else { continue }
            for lba in hit {
                if let found, found.lba <= lba { break }
                guard strikes(index, lba) else { continue }
                found = (lba, faults[index])
                break
            }
        }
        return found
    }

    /// Each sector of a range at which faults of a kind strike.
    mutating func allStrikes(_ kind: Fault.Kind, _ sectors: Range<Int>, block: Int)
        -> [SectorStrike]
    {
        var found: [SectorStrike] = []
        for index in faults.indices where faults[index].kind == kind {
            guard let hit = hit(faults[index], sectors, block: block) else { continue }
            for lba in hit {
                let earlier = meetings[index][lba, default: 0]
                guard strikes(index, lba) else { continue }
                found.append(
                    SectorStrike(lba: lba, fault: faults[index], earlierReads: earlier)
                )
            }
        }
        return found
    }

    /// The faults that strike a command, of those that strike commands as wholes.
    mutating func strikes(_ opcode: UInt8, _ sectors: Range<Int>?, block: Int)
        -> [(lba: Int?, fault: Fault)]
    {
        var struck: [(lba: Int?, fault: Fault)] = []
        for (index, fault) in faults.enumerated() {
            switch FaultFacts.of(fault.kind).target {
            case .sectorsRead, .loading: continue
            case .writing: guard CommandTable.writing.contains(opcode) else { continue }
            case .commands(let usual):
                let commands = fault.commands.isEmpty ? usual : fault.commands
                guard commands.isEmpty || commands.contains(opcode) else { continue }
            }
            var lba: Int?
            if fault.sectors != nil {
                guard let sectors, let hit = hit(fault, sectors, block: block) else { continue }
                lba = hit.lowerBound
            }
            if strikes(index, Self.command) { struck.append((lba, fault)) }
        }
        return struck
    }

    /// The faults that strike a disc which comes into the drive.
    mutating func loading() -> [Fault] {
        var struck: [Fault] = []
        for (index, fault) in faults.enumerated() {
            guard case .loading = FaultFacts.of(fault.kind).target else { continue }
            if strikes(index, Self.command) { struck.append(fault) }
        }
        return struck
    }
}
