import DiscModel
import MMC

/// The commands that the drive knows (MMC-6 §6, SPC-4 §6).
package enum CommandTable {
    /// The commands by their operation codes.
    static let entries: [UInt8: CommandEntry] = Dictionary(
        list.map { ($0.opcode, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The operation codes that the drive knows, in order.
    package static var operationCodes: [UInt8] { entries.keys.sorted() }

    /// The commands that write sectors.
    static let writing: Set<UInt8> = [0x2A, 0xAA, 0x2E]

    /// The sectors that a command names, where it names some.
    static func sectors(of cdb: CDB) -> Range<Int>? {
        switch cdb.opcode {
        case 0x28, 0x2A, 0x2E, 0x2F: cdb.lba(2)..<cdb.lba(2) + cdb.u16(7)
        case 0xA8, 0xAA: cdb.lba(2)..<cdb.lba(2) + cdb.u32(6)
        case 0xBE: cdb.lba(2)..<cdb.lba(2) + cdb.u24(6)
        case 0xB9: msfRange(cdb)
        default: nil
        }
    }

    private static func msfRange(_ cdb: CDB) -> Range<Int>? {
        let start = MSF(minute: cdb.u8(3), second: cdb.u8(4), frame: cdb.u8(5)).lba.rawValue
        let end = MSF(minute: cdb.u8(6), second: cdb.u8(7), frame: cdb.u8(8)).lba.rawValue
        return start <= end ? start..<end : nil
    }

    /// The operation code of a command that is named by its code in hexadecimal or by its name,
    /// whose blanks may be dashes: `51`, `read-toc/pma/atip`, `READ(10)`, `read10`.
    static func opcode(_ text: Substring) -> UInt8? {
        if text.utf8.count <= 2 { return UInt8(text, radix: 16) }
        let wanted = letters(text)
        let named = list.filter { letters($0.name[...]).hasPrefix(wanted) }
        let exact = named.filter { letters($0.name[...]) == wanted }
        let found = exact.isEmpty ? named : exact
        return found.count == 1 ? found.first?.opcode : nil
    }

    private static func letters(_ text: Substring) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    private static let always: CommandEntry.Needs = [.despiteAttention, .duringOperation]

    private static let list: [CommandEntry] = [
        // The drive itself.
        CommandEntry(0x00, "TEST UNIT READY", [.medium], .plain { _, _ in }),
        CommandEntry(
            0x03,
            "REQUEST SENSE",
            always,
            .reply(.u8(4)) { $0.requestSense($1) }
        ),
        CommandEntry(0x12, "INQUIRY", always, .reply(.u16(3)) { try $0.inquiry($1) }),
        CommandEntry(
            0x1B,
            "START STOP UNIT",
            [.duringOperation],
            .plain { try $0.startStop($1) }
        ),
        CommandEntry(
            0x1E,
            "PREVENT ALLOW MEDIUM REMOVAL",
            [.duringOperation],
            .plain { try $0.preventRemoval($1) }
        ),
        CommandEntry(
            0x46,
            "GET CONFIGURATION",
            always,
            .reply(.u16(7)) { try $0.getConfiguration($1) }
        ),
        CommandEntry(
            0x4A,
            "GET EVENT STATUS NOTIFICATION",
            always,
            .reply(.u16(7)) { try $0.getEventStatus($1) }
        ),
        CommandEntry(
            0xBD,
            "MECHANISM STATUS",
            [.duringOperation],
            .reply(.u16(8)) { drive, _ in drive.mechanismStatus() }
        ),

        // Settings.
        CommandEntry(
            0x15,
            "MODE SELECT(6)",
            [],
            .list { try $0.modeSelect($1, $2, isShort: true) }
        ),
        CommandEntry(
            0x55,
            "MODE SELECT(10)",
            [],
            .list { try $0.modeSelect($1, $2, isShort: false) }
        ),
        CommandEntry(
            0x1A,
            "MODE SENSE(6)",
            [.duringOperation],
            .reply(.u8(4)) { try $0.modeSense($1, isShort: true) }
        ),
        CommandEntry(
            0x5A,
            "MODE SENSE(10)",
            [.duringOperation],
            .reply(.u16(7)) { try $0.modeSense($1, isShort: false) }
        ),
        CommandEntry(0xBB, "SET CD SPEED", [], .plain { try $0.setCDSpeed($1) }),
        CommandEntry(0xB6, "SET STREAMING", [.medium], .list { try $0.setStreaming($1, $2) }),
        CommandEntry(
            0xAC,
            "GET PERFORMANCE",
            [.duringOperation],
            .reply(.none) { try $0.getPerformance($1) }
        ),

        // What is on the disc.
        CommandEntry(
            0x23,
            "READ FORMAT CAPACITIES",
            [],
            .reply(.u16(7)) { drive, _ in drive.readFormatCapacities() }
        ),
        CommandEntry(
            0x25,
            "READ CAPACITY",
            [.medium],
            .reply(.none) { drive, _ in drive.readCapacity().encoded }
        ),
        CommandEntry(
            0x42,
            "READ SUB-CHANNEL",
            [.medium],
            .reply(.u16(7)) { try $0.readSubChannel($1) }
        ),
        CommandEntry(
            0x43,
            "READ TOC/PMA/ATIP",
            [.medium],
            .reply(.u16(7)) { try $0.readTOC($1) }
        ),
        CommandEntry(
            0x44,
            "READ HEADER",
            [.medium],
            .reply(.u16(7)) { try $0.readHeader($1) }
        ),
        CommandEntry(
            0x51,
            "READ DISC INFORMATION",
            [.medium],
            .reply(.u16(7)) { try $0.readDiscInformation($1) }
        ),
        CommandEntry(
            0x52,
            "READ TRACK INFORMATION",
            [.medium],
            .reply(.u16(7)) { try $0.readTrackInformation($1) }
        ),
        CommandEntry(
            0xAD,
            "READ DISC STRUCTURE",
            [.medium],
            .reply(.u16(8)) { try $0.readDiscStructure($1) }
        ),
        CommandEntry(
            0xAB,
            "READ MEDIA SERIAL NUMBER",
            [.medium],
            .reply(.u32(6)) { try $0.readMediaSerialNumber($1) }
        ),
        CommandEntry(
            0xA4,
            "REPORT KEY",
            [.medium],
            .reply(.u16(8)) { try $0.refuseKey($1) }
        ),
        CommandEntry(
            0xA3,
            "SEND KEY",
            [.medium],
            .list { drive, cdb, _ in _ = try drive.refuseKey(cdb) }
        ),

        // Reading.
        CommandEntry(0x28, "READ(10)", [.medium], .read { $0.read10($1, into: &$2) }),
        CommandEntry(0xA8, "READ(12)", [.medium], .read { $0.read12($1, into: &$2) }),
        CommandEntry(0xBE, "READ CD", [.medium], .read { $0.readCD($1, into: &$2) }),
        CommandEntry(0xB9, "READ CD MSF", [.medium], .read { $0.readCDMSF($1, into: &$2) }),
        CommandEntry(0x2B, "SEEK(10)", [.medium], .plain { try $0.seek($1) }),
        CommandEntry(0x2F, "VERIFY(10)", [.medium], .plain { try $0.verify($1) }),

        // Writing.
        CommandEntry(0x2A, "WRITE(10)", [.medium], .write { try $0.write10($1, $2) }),
        CommandEntry(0xAA, "WRITE(12)", [.medium], .write { try $0.write12($1, $2) }),
        CommandEntry(
            0x2E,
            "WRITE AND VERIFY(10)",
            [.medium],
            .write { try $0.write10($1, $2) }
        ),
        CommandEntry(
            0x35,
            "SYNCHRONIZE CACHE",
            [.medium],
            .plain { try $0.synchronizeCache($1) }
        ),
        CommandEntry(0x53, "RESERVE TRACK", [.medium], .plain { try $0.reserveTrack($1) }),
        CommandEntry(
            0x54,
            "SEND OPC INFORMATION",
            [.medium],
            .list { try $0.sendOPC($1, $2) }
        ),
        CommandEntry(
            0x5B,
            "CLOSE TRACK/SESSION",
            [.medium],
            .plain { try $0.closeTrackSession($1) }
        ),
        CommandEntry(
            0x5C,
            "READ BUFFER CAPACITY",
            [.medium, .duringOperation],
            .reply(.u16(7)) { try $0.readBufferCapacity($1) }
        ),
        CommandEntry(
            0x5D,
            "SEND CUE SHEET",
            [.medium],
            .list { try $0.sendCueSheet($1, $2) }
        ),
        CommandEntry(
            0xBF,
            "SEND DISC STRUCTURE",
            [.medium],
            .list { try $0.sendDiscStructure($1, $2) }
        ),
        CommandEntry(0xA1, "BLANK", [.medium], .plain { try $0.blank($1) }),
        CommandEntry(0x04, "FORMAT UNIT", [.medium], .list { try $0.formatUnit($1, $2) }),
    ]
}
