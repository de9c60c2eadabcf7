/// What of the data a trace keeps.
///
/// Owners send traces to strangers: what tells their drive or their disc from all others of its kind
/// is left out unless they choose otherwise, and so is what is on the disc.
public struct TraceContents: Hashable, Sendable {
    /// Whether the contents of sectors are kept, and not only their sums.
    public var keepsSectors: Bool
    /// Whether serial numbers and the like are kept.
    public var keepsSerials: Bool

    /// Creates a choice.
    public init(keepsSectors: Bool = false, keepsSerials: Bool = false) {
        self.keepsSectors = keepsSectors
        self.keepsSerials = keepsSerials
    }

    /// The longest data that are kept whole where they are no sectors, in bytes.
    static let longest = 64 * 1024

    /// Commands whose data are sectors: READ and WRITE in all lengths, READ CD, READ CD MSF, WRITE
    /// AND VERIFY.
    private static let sectorCommands: Set<UInt8> = [
        0x08, 0x0A, 0x28, 0x2A, 0x2E, 0x88, 0x8A, 0xA8, 0xAA, 0xAE, 0xB9, 0xBE,
    ]

    /// Whether a command moves sectors.
    static func movesSectors(_ cdb: [UInt8]) -> Bool {
        cdb.first.map(sectorCommands.contains) ?? false
    }

    /// Whether a trace keeps a command's data whole.
    func keeps(_ count: Int, of cdb: [UInt8]) -> Bool {
        Self.movesSectors(cdb) ? keepsSectors : count <= Self.longest || keepsSectors
    }

    /// Replies that can tell one drive or disc from all others: the command, what else must be so,
    /// and the bytes.
    private struct Secret: Sendable {
        var operation: UInt8
        /// Bytes of the command with their masks and values.
        var conditions: [(place: Int, mask: UInt8, values: Set<UInt8>)] = []
        var ranges: [Range<Int>]

        func applies(to cdb: [UInt8]) -> Bool {
            cdb.first == operation
                && conditions.allSatisfy { place, mask, values in
                    place < cdb.count && values.contains(cdb[place] & mask)
                }
        }
    }

    private static let all = [0..<Int.max]
    private static let behindHeader = [4..<Int.max]

    private static let secrets: [Secret] = [
        // INQUIRY: the vendor's own bytes often hold a serial number; pages 80h and 83h do.
        Secret(operation: 0x12, conditions: [(1, 0x01, [0])], ranges: [36..<56]),
        Secret(
            operation: 0x12,
            conditions: [(1, 0x01, [1]), (2, 0xFF, [0x80, 0x83])],
            ranges: behindHeader
        ),
        // READ DISC INFORMATION: the disc's identification and bar code.
        Secret(operation: 0x51, conditions: [(1, 0x07, [0])], ranges: [12..<16, 24..<32]),
        // READ DISC STRUCTURE: the burst cutting area, the disc's identifications and keys, and the
        // recording management data, in which recorders leave their numbers (ECMA-279).
        Secret(
            operation: 0xAD,
            conditions: [
                (
                    7, 0xFF,
                    [
                        0x02, 0x03, 0x05, 0x06, 0x07, 0x0C, 0x0D, 0x80, 0x81, 0x82, 0x83, 0x84,
                        0x85, 0x86,
                    ]
                )
            ],
            ranges: behindHeader
        ),
        // READ MEDIA SERIAL NUMBER.
        Secret(operation: 0xAB, ranges: behindHeader),
        // REPORT KEY and SEND KEY; WRITE BUFFER and READ BUFFER, which lead to the firmware.
        Secret(operation: 0xA4, ranges: all),
        Secret(operation: 0xA3, ranges: all),
        Secret(operation: 0x3B, ranges: all),
        Secret(operation: 0x3C, ranges: all),
    ]

    /// The feature that holds a drive's serial number: Drive Serial Number of MMC-6.
    private static let serialFeature = 0x0108

    /// Replaces by zeros what can tell one drive or disc from all others.
    ///
    /// - Returns: Whether anything was replaced that was not zero.
    func blank(_ data: inout [UInt8], of cdb: [UInt8]) -> Bool {
        guard !keepsSerials, let operation = cdb.first else { return false }
        var ranges = Self.secrets.filter { $0.applies(to: cdb) }.flatMap(\.ranges)
        // What manufacturers' own commands tell is not known.
        if operation >= 0xC0 { ranges = Self.all }
        if operation == 0x46 { ranges = Self.serialRanges(in: data) }
        var isChanged = false
        for range in ranges {
            for i in range.clamped(to: 0..<data.count) where data[i] != 0 {
                data[i] = 0
                isChanged = true
            }
        }
        return isChanged
    }

    /// Where GET CONFIGURATION tells the serial number: descriptors begin at byte 8.
    private static func serialRanges(in data: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var place = 8
        while place + 4 <= data.count {
            let end = place + 4 + Int(data[place + 3])
            if Int(data[place]) << 8 | Int(data[place + 1]) == serialFeature {
                ranges.append((place + 4)..<end)
            }
            place = end
        }
        return ranges
    }
}
