import DiscModel
import MMC
import Testing

/// Command descriptor blocks against vectors that were written by hand from the field layouts of
/// MMC-6 and SPC-4, and against blocks that programs sent to real drives.
@Suite struct CommandTests {
    private static let vectors: [(Command, String, Command.DataPhase)] = [
        (.testUnitReady, "00 00 00 00 00 00", .none),
        (.inquiry, "12 00 00 00 24 00", .fromDrive(36)),
        (.requestSense, "03 00 00 00 12 00", .fromDrive(18)),
        (.getConfiguration(), "46 00 00 00 00 00 00 03 FC 00", .fromDrive(1020)),
        (
            .getConfiguration(from: 0x107, length: 0x20), "46 00 01 07 00 00 00 00 20 00",
            .fromDrive(32)
        ),
        (.getMediaEvent, "4A 01 00 00 10 00 00 00 08 00", .fromDrive(8)),
        (.readDiscInformation, "51 00 00 00 00 00 00 00 22 00", .fromDrive(34)),
        (
            .readTrackInformation(.address(-150)), "52 00 FF FF FF 6A 00 00 24 00", .fromDrive(36)
        ),
        (.readTrackInformation(.track(0xFF)), "52 01 00 00 00 FF 00 00 24 00", .fromDrive(36)),
        (.readTrackInformation(.session(2)), "52 02 00 00 00 02 00 00 24 00", .fromDrive(36)),
        (.readTableOfContents, "43 00 00 00 00 00 00 03 24 00", .fromDrive(804)),
        (.readSessionTable, "43 00 01 00 00 00 00 00 0C 00", .fromDrive(12)),
        (.readFullTOC, "43 02 02 00 00 00 01 07 FC 00", .fromDrive(2044)),
        (.readATIP, "43 02 04 00 00 00 00 00 1C 00", .fromDrive(28)),
        (.readCapacity, "25 00 00 00 00 00 00 00 00 00", .fromDrive(8)),
        (.readFormatCapacities, "23 00 00 00 00 00 00 00 FC 00", .fromDrive(252)),
        (.readBufferCapacity, "5C 00 00 00 00 00 00 00 0C 00", .fromDrive(12)),
        (.getWriteSpeeds, "AC 00 00 00 00 00 00 00 00 20 03 00", .fromDrive(520)),
        (.modeSense(page: 0x2A), "5A 08 2A 00 00 00 00 01 FC 00", .fromDrive(508)),
        (.modeSense(page: 0x85, length: 60), "5A 08 05 00 00 00 00 00 3C 00", .fromDrive(60)),
        (
            .read(at: LBA(0x057380), sectors: 0x31), "28 00 00 05 73 80 00 00 31 00",
            .fromDrive(49 * 2048)
        ),
        (
            .read(at: LBA(0), sectors: 0xFFFF), "28 00 00 00 00 00 00 FF FF 00",
            .fromDrive(0xFFFF * 2048)
        ),
        (
            .read(at: LBA(0x2760400), sectors: 0x1_0000), "A8 00 02 76 04 00 00 01 00 00 00 00",
            .fromDrive(0x1_0000 * 2048)
        ),
        (
            .readCD(at: LBA(-150), sectors: 0x10203, expecting: .mode1),
            "BE 08 FF FF FF 6A 01 02 03 10 00 00", .fromDrive(0x10203 * 2048)
        ),
        (
            .readCD(at: LBA(0), sectors: 24, expecting: .audio),
            "BE 04 00 00 00 00 00 00 18 10 00 00", .fromDrive(24 * 2352)
        ),
        (
            .readCD(at: LBA(1), sectors: 1, expecting: .mode2Form1),
            "BE 10 00 00 00 01 00 00 01 10 00 00", .fromDrive(2048)
        ),
        (
            .readCD(at: LBA(1), sectors: 1, expecting: .mode2),
            "BE 0C 00 00 00 01 00 00 01 10 00 00", .fromDrive(2336)
        ),
        (
            .readCD(at: LBA(1), sectors: 1, expecting: .mode2Form2),
            "BE 14 00 00 00 01 00 00 01 10 00 00", .fromDrive(2328)
        ),
        (
            .readCD(at: LBA(1), sectors: 2, expecting: .any),
            "BE 00 00 00 00 01 00 00 02 10 00 00", .fromDrive(2 * 2352)
        ),
        (.setSpeed(read: 882, write: 1770), "BB 00 03 72 06 EA 00 00 00 00 00 00", .none),
        (.setSpeed(read: 0xFFFF, write: 0xFFFF), "BB 00 FF FF FF FF 00 00 00 00 00 00", .none),
        // BD at 16×: more than the field holds is the fastest, not what is left of it.
        (.setSpeed(read: 71_930, write: -1), "BB 00 FF FF 00 00 00 00 00 00 00 00", .none),
        (.startStop(.stop), "1B 00 00 00 00 00", .none),
        (.startStop(.start), "1B 00 00 00 01 00", .none),
        (.startStop(.eject), "1B 00 00 00 02 00", .none),
        (.startStop(.load), "1B 00 00 00 03 00", .none),
        (.preventRemoval(true), "1E 00 00 00 01 00", .none),
        (.preventRemoval(false), "1E 00 00 00 00 00", .none),
    ]

    @Test(arguments: vectors.indices)
    func `a command is built byte for byte`(_ index: Int) {
        let (command, cdb, data) = Self.vectors[index]
        #expect(command.cdb == Hexadecimal.bytes(cdb), "\(command.name)")
        #expect(command.data == data, "\(command.name)")
        #expect([6, 10, 12].contains(command.cdb.count))
        #expect(command.milliseconds >= 10_000)
    }

    @Test func `lengths are even and no multiples of 256`() {
        // Some carriers and bridges turn the one into an error and the other into zero.
        for (command, _, data) in Self.vectors {
            guard case .fromDrive(let length) = data, ![0x28, 0xA8, 0xBE].contains(command.cdb[0])
            else { continue }
            #expect(length % 2 == 0 && length % 256 != 0, "\(command.name)")
        }
    }

    @Test(arguments: RecordedCommand.all)
    func `recorded commands are those that this project would send`(_ recorded: RecordedCommand) {
        let cdb = recorded.cdb
        func number(_ range: Range<Int>) -> Int { range.reduce(0) { $0 << 8 | Int(cdb[$1]) } }
        func address() -> LBA { LBA(Int(Int32(truncatingIfNeeded: number(2..<6)))) }
        let command: Command?
        /// The bytes of the allocation length, which is everyone's own choice.
        var length: Range<Int> = 0..<0
        switch cdb[0] {
        case 0x00: command = .testUnitReady
        case 0x1B: command = .startStop(.start)
        case 0x1E: command = .preventRemoval(false)
        case 0x25: command = .readCapacity
        case 0x28: command = .read(at: address(), sectors: number(7..<9))
        case 0x51:
            command = .readDiscInformation
            length = 7..<9
        case 0x52:
            command = .readTrackInformation(
                cdb[1] == 0 ? .address(number(2..<6)) : .track(number(2..<6))
            )
            length = 7..<9
        case 0xBB: command = .setSpeed(read: number(2..<4), write: number(4..<6))
        case 0xBE where cdb[1] == 0x04 && cdb[9] == 0x10:
            command = .readCD(at: address(), sectors: number(6..<9), expecting: .audio)
        default: command = nil
        }
        guard let command else { return }
        var expected = cdb
        for i in length { expected[i] = command.cdb[i] }
        #expect(command.cdb == expected)
    }

    @Test func `all recorded commands are there`() {
        #expect(RecordedCommand.all.count == 77)
        #expect(RecordedCommand.all.allSatisfy { [10, 12, 6].contains($0.cdb.count) })
    }

    @Test func `a timeout in milliseconds`() {
        #expect(Command("", cdb: [], timeout: .milliseconds(1500)).milliseconds == 1500)
        #expect(Command("", cdb: [], timeout: .seconds(3600)).milliseconds == 3_600_000)
    }

    @Test func `profiles name their discs`() {
        for medium in MediumKind.allCases {
            switch medium {
            case .bdRDualLayer: #expect(Profile(medium).medium == .bdR)
            case .bdREDualLayer: #expect(Profile(medium).medium == .bdRE)
            default: #expect(Profile(medium).medium == medium)
            }
        }
        #expect(Profile.none.medium == nil)
        #expect(Profile(rawValue: 0x43).description == "profile 43h (BD-RE)")
        #expect(Profile(rawValue: 0xFFFF).description == "profile FFFFh")
    }
}
