import MMC

extension VirtualRecorder {
    /// The first bad sector among those that a command works on, and what the drive says of it.
    func fault(_ operation: Fault.Operation, _ sectors: Range<Int>) -> (lba: Int, sense: Sense)? {
        guard !faults.isEmpty, !sectors.isEmpty else { return nil }
        var found: (lba: Int, sense: Sense)?
        for index in faults.indices where faults[index].operation == operation {
            let bad = faults[index].sectors
            guard sectors.lowerBound <= bad.upperBound, bad.lowerBound < sectors.upperBound
            else { continue }
            guard faults[index].after == 0 else {
                faults[index].after -= 1
                continue
            }
            let lba = max(sectors.lowerBound, bad.lowerBound)
            if let found, found.lba <= lba { continue }
            var sense = faults[index].sense
            sense.information = UInt32(truncatingIfNeeded: lba)
            found = (lba, sense)
        }
        return found
    }
}
