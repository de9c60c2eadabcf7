/// El Torito's list of what a disc starts a computer with; El Torito 1.0 §2.
public struct BootCatalog: Codable, Hashable, Sendable {
    /// The sector that it was read from.
    public var sector: Int
    /// Whether its first record has the key bytes and the sum that §2.1 asks for.
    public var isValid: Bool
    /// What is wrong with it, where it isn't valid: one sentence.
    public var problem: String?
    /// Who made it.
    public var identifier: String
    /// The entries, the default one first; none where the catalogue is invalid.
    public var entries: [BootEntry]

    /// Reads the 64 records of the catalogue's first sector; no writer uses more.
    init(_ bytes: Span<UInt8>, sector: Int) {
        self.sector = sector
        var sum: UInt16 = 0
        for word in 0..<16 { sum &+= bytes.little16(word * 2) }
        isValid =
            bytes.byte(0) == 1 && bytes.little16(30) == 0xAA55 && sum == 0 && bytes.count >= 2048
        if bytes.count < 2048 || bytes.byte(0) != 1 || bytes.little16(30) != 0xAA55 {
            problem = "The boot catalogue in sector \(sector) does not begin as one must."
        } else if sum != 0 {
            problem = "The boot catalogue's checksum in sector \(sector) is wrong."
        }
        identifier = bytes.text(at: 4, count: 24)
        entries = []
        guard isValid else { return }
        for record in Self.records(bytes) {
            entries.append(BootEntry(bytes, at: record.offset, platform: record.platform))
        }
    }

    /// Where the records of entries begin in a catalogue, the default one first, and whose they are.
    ///
    /// - Parameter bytes: The catalogue's first sector, of 64 records.
    /// - Returns: Their first bytes, in the order of ``entries``, and the kinds of computers.
    package static func records(_ bytes: Span<UInt8>) -> [(
        offset: Int, platform: BootEntry.Platform
    )] {
        var found = [(offset: 32, platform: BootEntry.Platform(bytes.byte(1)))]
        var record = 2
        while record < 64 {
            let header = record * 32
            let indicator = bytes.byte(header)
            guard indicator == 0x90 || indicator == 0x91 else { break }
            let platform = BootEntry.Platform(bytes.byte(header + 1))
            var remaining = Int(bytes.little16(header + 2))
            record += 1
            while remaining > 0, record < 64 {
                // 44 continues the record before it.
                if bytes.byte(record * 32) != 0x44 {
                    found.append((record * 32, platform))
                    remaining -= 1
                }
                record += 1
            }
            while record < 64, bytes.byte(record * 32) == 0x44 { record += 1 }
            if indicator == 0x91 { break }
        }
        return found
    }
}
