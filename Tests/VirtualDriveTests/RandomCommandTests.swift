import DiscImages
import DiscModel
import MMC
import TestSupport
import Testing
import VirtualDrive

struct RandomCommandTests {
    /// A generator whose numbers are the same in every run.
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    /// Quirks that leave the drive usable.
    private static let quirks = Set(Quirk.allCases).subtracting([
        .missesDisc, .rejectsDisc, .resetsAtLeadIn, .locksUpOnStructure,
    ])

    /// Parameter lists that drives take, to be mutated: MODE SELECT, a cue sheet, FORMAT UNIT and
    /// SET STREAMING.
    private static let lists: [(opcode: UInt8, bytes: [UInt8])] = [
        (0x55, Array(repeating: 0, count: 8) + [5, 50] + WriteParameters().encoded),
        (
            0x5D,
            [
                0x41, 0, 0, 0x14, 0, 0, 0, 0, 0x41, 1, 0, 0x14, 0, 0, 0, 0,
                0x41, 1, 1, 0x10, 0, 0, 2, 0, 0x41, 0xAA, 1, 0x14, 0, 1, 0, 0,
            ]
        ),
        (0x04, [0, 0x02, 0, 8, 0, 0x23, 0x05, 0x40, 0x98, 0, 0, 0]),
        (
            0xB6,
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0x22, 0, 0, 0, 0, 0x10, 0, 0, 0, 3, 0xE8]
                + [0, 0, 0x10, 0, 0, 0, 3, 0xE8]
        ),
    ]

    @Test(arguments: MediumKind.allCases.filter { $0.facts.recording != .readOnly }, [false, true])
    func `no command of random bytes does more than a drive would`(
        _ medium: MediumKind,
        _ isOdd: Bool
    ) throws {
        let host = try Host(medium, quirks: isOdd ? Self.quirks : [])
        var random = Random(
            state: UInt64(medium.rawValue.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        )
        let known = CommandTable.operationCodes
        var buffer = [UInt8](repeating: 0, count: 70_000)
        let room = buffer.count
        var answered = 0
        for round in 0..<Soak.count(1500, long: 50_000) {
            var cdb = (0..<12).map { _ in UInt8.random(in: 0...255, using: &random) }
            if round % 8 != 0 { cdb[0] = known[Int.random(in: 0..<known.count, using: &random)] }
            // Small numbers reach further than large ones.
            for i in 2..<12 where Bool.random(using: &random) { cdb[i] = cdb[i] & 3 }
            for i in 1..<5 where Bool.random(using: &random) { cdb[i] = 0 }
            cdb.removeLast(Int.random(in: 0..<11, using: &random) * (round % 5 == 0 ? 1 : 0))
            if cdb[0] == 0x1B { cdb = [0x1B, 0, 0, 0, 3, 0] }
            let completion: Completion
            if Bool.random(using: &random) {
                var span = buffer.mutableSpan
                completion = try host.drive.send(
                    Command("RANDOM", cdb: cdb, data: .fromDrive(room)),
                    receiving: &span
                )
                #expect(completion.transferred <= room)
            } else {
                let length = [0, 8, 12, 16, 24, 28, 60, 2048, 4096].randomElement(using: &random)
                var list = (0..<(length ?? 0)).map { _ in
                    Bool.random(using: &random) ? 0 : UInt8.random(in: 0...255, using: &random)
                }
                if round % 4 == 0, let given = Self.lists.randomElement(using: &random) {
                    list = given.bytes
                    cdb = [given.opcode, 0x10] + Array(repeating: 0, count: 10)
                    if given.opcode == 0x04 { cdb[1] = 0x11 }
                    cdb[given.opcode == 0xB6 ? 10 : 8] = UInt8(list.count)
                    for _ in 0..<Int.random(in: 0..<4, using: &random) {
                        list[Int.random(in: 0..<list.count, using: &random)] =
                            UInt8.random(in: 0...255, using: &random)
                    }
                    if Int.random(in: 0..<8, using: &random) == 0 {
                        list.removeLast(Int.random(in: 0..<list.count, using: &random))
                    }
                }
                if list.count == 60, Bool.random(using: &random) {
                    list.replaceSubrange(0..<10, with: [0, 0, 0, 0, 0, 0, 0, 0, 5, 50])
                }
                completion = try host.drive.send(
                    Command("RANDOM", cdb: cdb, data: .toDrive(list.count)),
                    sending: list
                )
            }
            if completion.status == .good {
                answered += 1
            } else {
                #expect(completion.sense != nil)
            }
        }
        #expect(answered > 100)
        host.settle()
        try host.ask([0, 0, 0, 0, 0, 0])
        // The disc is still one, for this drive and for the next.
        #expect(try VirtualDisc(opening: host.path).record.medium == medium)
        let disc = try #require(host.drive.removeDisc())
        host.drive.insert(disc)
        host.settle()
        #expect(try host.discInformation.encoded.count >= 34)
    }
}
