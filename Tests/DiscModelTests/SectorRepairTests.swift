import DiscModel
import SystemPackage
import TestSupport
import Testing

/// P and Q against sectors that other code made wrong.
struct SectorRepairTests {
    private static let modes = [TrackMode.mode1, .mode2Form1]

    private static func sector(_ mode: TrackMode, _ random: inout SeededGenerator) -> [UInt8] {
        mode == .mode1
            ? PlainSector.mode1(4711, random.bytes(2048))
            : PlainSector.form1(4711, random.bytes(2048), subheader: [1, 2, 8, 0])
    }

    /// Where bytes lie that parity covers.
    private static func covered(_ mode: TrackMode) -> Range<Int> {
        (mode == .mode1 ? 12 : 16)..<RawSector.size
    }

    private static func repair(
        _ sector: inout [UInt8],
        _ mode: TrackMode,
        _ address: Int = 4711,
        _ suspects: SuspectBytes? = nil
    ) -> SectorRepair {
        var span = sector.mutableSpan
        return RawSector.repair(&span, in: mode, at: LBA(address), suspects: suspects)
    }

    private static func damage(_ sector: inout [UInt8], _ place: Int, _ r: inout SeededGenerator) {
        sector[place] ^= UInt8.random(in: 1...255, using: &r)
    }

    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> Int {
        zip(a, b).count { $0 != $1 }
    }

    // MARK: Vectors

    /// A line of what the script in Fixtures makes.
    private struct Vector {
        var name: String
        var mode: TrackMode
        var address: Int
        var outcome: String
        var right: [UInt8]
        var damaged: [UInt8]
        var suspects: SuspectBytes?

        init(_ line: Substring) throws {
            let parts = line.split(separator: " ").map(String.init)
            name = parts[0]
            mode = try #require(TrackMode(rawValue: parts[1]))
            address = try #require(Int(parts[2]))
            outcome = parts[3]
            right = Self.bytes(parts[4])
            damaged = Self.bytes(parts[5])
            suspects = parts[6] == "-" ? nil : SuspectBytes(pointers: Self.bytes(parts[6]).span)
        }

        private static func bytes(_ digits: String) -> [UInt8] {
            let values = digits.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
            return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
        }
    }

    @Test func `sectors made from the words of the standard`() throws {
        let script = FilePath(#filePath).removingLastComponent()
            .appending("Fixtures/damaged-sectors.py")
        let made = try Programs.run(["python3", script.string])
        #expect(made.status == 0)
        let vectors = try made.output.split(separator: "\n").map(Vector.init)
        #expect(vectors.count > 240)
        for vector in vectors {
            var sector = vector.damaged
            let outcome = Self.repair(&sector, vector.mode, vector.address, vector.suspects)
            let isSame = sector == vector.right
            #expect(isSame, "\(vector.name)")
            let expected: SectorRepair =
                switch vector.outcome {
                case "needless": .needless
                case "repaired":
                    .done(changedBytes: Self.difference(vector.right, vector.damaged))
                default: .impossible
                }
            #expect(outcome == expected, "\(vector.name)")
        }
    }

    // MARK: Properties

    @Test(arguments: modes)
    func `up to four wrong bytes in each half are corrected wherever they are`(_ mode: TrackMode) {
        var random = SeededGenerator(seed: 1)
        let right = Self.sector(mode, &random)
        let first = (Self.covered(mode).lowerBound - 12) / 2
        for trial in 0..<3000 {
            var sector = right
            for plane in 0..<2 {
                // Anywhere, or where a few columns cross a few diagonals: there words have two and more.
                let columns = (0..<2).map { _ in random.roll(43) }
                let diagonals = (0..<3).map { _ in random.roll(26) }
                for _ in 0..<random.roll(5) {
                    let crossing =
                        (43 * diagonals[random.roll(3)] + 44 * columns[random.roll(2)]) % 1118
                    let behind = 1118 + diagonals[random.roll(3)] + 26 * random.roll(2)
                    let cell = [random.roll(1170), crossing, crossing, behind][random.roll(4)]
                    guard cell >= first else { continue }
                    Self.damage(&sector, 12 + 2 * cell + plane, &random)
                }
            }
            let wrong = Self.difference(sector, right)
            let isRight = SectorCondition(of: sector.span, in: mode, at: LBA(4711)).faults
                .isDisjoint(with: .edc)
            let outcome = Self.repair(&sector, mode)
            // Nothing is done about what only parity has wrong.
            guard !isRight else {
                #expect(outcome == .needless, "trial \(trial)")
                continue
            }
            #expect(outcome == .done(changedBytes: wrong), "trial \(trial)")
            let isSame = sector == right
            #expect(isSame, "trial \(trial)")
        }
    }

    @Test(arguments: modes)
    func `with C2, two wrong bytes in each word of P are corrected`(_ mode: TrackMode) {
        var random = SeededGenerator(seed: 2)
        let right = Self.sector(mode, &random)
        let first = (Self.covered(mode).lowerBound - 12) / 2
        for trial in 0..<300 {
            var sector = right
            var suspects = SuspectBytes()
            for column in 0..<86 {
                for _ in 0..<2 {
                    let cell = column / 2 + 43 * random.roll(26)
                    guard cell >= first else { continue }
                    let place = 12 + 2 * cell + column % 2
                    suspects[place] = true
                    // Not all that is suspected is wrong.
                    if random.roll(5) > 0 { Self.damage(&sector, place, &random) }
                }
            }
            let outcome = Self.repair(&sector, mode, 4711, suspects)
            let isSame = sector == right
            #expect(isSame, "trial \(trial)")
            #expect(outcome != .impossible && outcome != .needless, "trial \(trial)")
        }
    }

    @Test(arguments: modes)
    func `what can't be corrected is left as it is, and nothing else comes of it`(_ mode: TrackMode)
    {
        var random = SeededGenerator(seed: 3)
        let right = Self.sector(mode, &random)
        var repaired = 0
        for trial in 0..<2000 {
            var sector = right
            for _ in 0..<(20 + random.roll(trial < 1000 ? 120 : 1500)) {
                let place = Self.covered(mode).randomElement(using: &random) ?? 0
                Self.damage(&sector, place, &random)
            }
            let damaged = sector
            let outcome = Self.repair(&sector, mode)
            if outcome == .impossible {
                let isLeft = sector == damaged
                #expect(isLeft, "trial \(trial)")
            } else {
                repaired += 1
                let isSame = sector == right
                #expect(isSame, "trial \(trial)")
            }
        }
        // Many are beyond what the codes can do, and many are not.
        #expect((200..<1000).contains(repaired))
    }

    @Test func `noise never becomes a sector`() {
        var random = SeededGenerator(seed: 4)
        for trial in 0..<500 {
            var sector = random.bytes(RawSector.size)
            if trial % 2 == 0 { sector.replaceSubrange(0..<12, with: RawSector.sync) }
            let before = sector
            for mode in [TrackMode.mode1, .mode2, .mode2Form1, .mode2Form2, .mode2Mixed] {
                let suspects = trial % 3 == 0 ? SuspectBytes(pointers: before.span) : nil
                let outcome = Self.repair(&sector, mode, trial, suspects)
                // What has a sync and no code that could be wrong needs nothing.
                #expect(outcome == (mode == .mode2 && trial % 2 == 0 ? .needless : .impossible))
                let isLeft = sector == before
                #expect(isLeft)
            }
        }
    }

    @Test func `what is known of the header helps`() {
        var random = SeededGenerator(seed: 5)
        let right = Self.sector(.mode1, &random)
        var sector = right
        // Where three columns cross three diagonals, the header being in one of each, all words have
        // three wrong bytes; but for what is known, two.
        for plane in 0..<2 {
            for column in [0, 9, 30] {
                for diagonal in [0, 7, 20] {
                    let cell = (43 * diagonal + 44 * column) % 1118
                    Self.damage(&sector, 12 + 2 * cell + plane, &random)
                }
            }
        }
        let damaged = sector
        var span = sector.mutableSpan
        #expect(RawSector.repair(&span, in: .mode1, at: nil) == .impossible)
        #expect(RawSector.repair(&span, in: .mode1, at: LBA(4712)) == .impossible)
        let isLeft = sector == damaged
        #expect(isLeft)
        #expect(Self.repair(&sector, .mode1) == .done(changedBytes: 18))
        let isSame = sector == right
        #expect(isSame)
    }

    @Test func `less than a sector is none`() {
        var short = [UInt8](repeating: 7, count: 2351)
        #expect(Self.repair(&short, .mode1) == .impossible)
        #expect(short.allSatisfy { $0 == 7 })
    }
}
