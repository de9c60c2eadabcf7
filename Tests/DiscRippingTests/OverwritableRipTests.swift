import DiscDrives
import DiscImages
import DiscModel
import DiscRipping
import LinuxCalls
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer
import VirtualDrive

/// Discs that can be written again at any place hold an image, and after it whatever else.
@Suite(.timeLimit(.minutes(1))) struct OverwritableRipTests {
    /// Sectors that the file system of each image claims.
    private static let claimed = 100

    /// A formatted disc in a drive, with sectors on it, and a folder for what is ripped.
    private final class Bench {
        private let folder: Folder
        let recorder: VirtualRecorder

        init(_ medium: MediumKind, _ pieces: [(Int, [UInt8])]) throws {
            folder = try Folder()
            var blank = try #require(BlankDisc(medium))
            let formats: [MediumKind: FormatRecord] = [
                .dvdPlusRW: FormatRecord(type: 0x26, sectors: 2_295_104),
                .bdRE: FormatRecord(type: 0x31, sectors: 12_219_392),
                .dvdRW: FormatRecord(type: 0x15, sectors: 2_297_888),
            ]
            blank.format = formats[medium] ?? blank.format
            let disc = try VirtualDisc.create(
                at: folder.path("disc"),
                medium: medium,
                blank: blank
            )
            recorder = VirtualRecorder(disc: disc)
            for _ in 0..<20 { _ = try recorder.send(.testUnitReady) }
            for (start, bytes) in pieces { try write(bytes, at: start) }
        }

        deinit {
            recorder.removeDisc()
        }

        private func write(_ bytes: [UInt8], at start: Int) throws {
            // Blocks of 16 or 32 sectors are written as wholes.
            for sector in stride(from: 0, to: bytes.count / 2048, by: 32) {
                let count = min(32, bytes.count / 2048 - sector)
                let address = [24, 16, 8, 0].map {
                    UInt8(truncatingIfNeeded: (start + sector) >> $0)
                }
                let command = Command(
                    "WRITE",
                    cdb: [0x2A, 0] + address + [0, 0, UInt8(count), 0],
                    data: .toDrive(count * 2048)
                )
                let part = bytes[sector * 2048..<(sector + count) * 2048]
                let done = try recorder.send(command, sending: Array(part).span)
                #expect(done.succeeded, "\(String(describing: done.sense))")
            }
        }

        private var output: FilePath { folder.path("disc.iso") }

        private func run(_ cancellation: Cancellation, keepsAll: Bool) throws
            -> (plan: JobPlan, result: JobResult)
        {
            let told = Told()
            let job = RipJob(
                drive: try Drive("/dev/sr0", over: recorder),
                options: RipOptions(output: output, replaces: true, keepsAll: keepsAll)
            )
            let result = try job.run(cancellation: cancellation) { told.take($0) }
            return (try #require(told.plan), result)
        }

        func rip() throws -> (plan: JobPlan, result: JobResult, image: [UInt8]) {
            let (plan, result) = try run(Cancellation(), keepsAll: false)
            let file = try File(output, .read)
            // What follows on the disc is never long here.
            var bytes = [UInt8](repeating: 0, count: min(try file.status().size, 4 << 20))
            var span = bytes.mutableSpan
            _ = try file.read(at: 0, into: &span)
            return (plan, result, bytes)
        }

        /// The plan of a rip that is stopped at once.
        func plan(keepsAll: Bool) throws -> JobPlan {
            let cancellation = Cancellation()
            cancellation.request()
            return try run(cancellation, keepsAll: keepsAll).plan
        }
    }

    /// Keeps the plan that a job told of.
    private final class Told: @unchecked Sendable {
        // The job tells of it on the thread that waits for the job.
        private(set) var plan: JobPlan?

        func take(_ event: JobEvent) {
            if case .plan(let plan) = event { self.plan = plan }
        }
    }

    private static func noise(_ sectors: Int, _ seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return (0..<sectors * 2048).map { _ in UInt8.random(in: 1...255, using: &generator) }
    }

    /// An image whose volume descriptor claims so many sectors.
    private static func image() -> [UInt8] {
        var bytes = noise(claimed, 1)
        for i in 0..<32 * 2048 { bytes[i] = 0 }
        func put(_ values: [UInt8], at offset: Int) {
            for (i, value) in values.enumerated() { bytes[offset + i] = value }
        }
        let base = 16 * 2048
        put([1] + Array("CD001".utf8) + [1], at: base)
        put([UInt8(claimed), 0, 0, 0, 0, 0, 0, UInt8(claimed)], at: base + 80)
        put([1, 0, 0, 1, 1, 0, 0, 1, 0, 8, 8, 0], at: base + 120)
        put([34, 0, 20, 0, 0, 0, 0, 0, 0, 20], at: base + 156)
        put([255] + Array("CD001".utf8) + [1], at: base + 2048)
        return bytes
    }

    private static let media: [MediumKind] = [.dvdRAM, .dvdPlusRW, .bdRE, .dvdRW]

    @Test(arguments: media)
    func `error-correction data is kept, to its end`(_ medium: MediumKind) throws {
        var header = [UInt8](repeating: 0, count: 2048)
        for (i, byte) in "*dvdisaster*RS02".utf8.enumerated() { header[i] = byte }
        let wanted = Self.image() + header + Self.noise(59, 2)
        let rip = try Bench(medium, [(0, wanted)]).rip()
        #expect(rip.result.status == .done)
        #expect(rip.image == wanted)
        let found = TrailingData(
            .errorCorrection,
            name: "dvdisaster RS02",
            start: 100,
            sectors: 60,
            kept: true
        )
        #expect(rip.plan.trailing == [found] && rip.result.trailing == [found])
        #expect(rip.plan.notes.contains { $0.contains("error-correction data (dvdisaster RS02)") })
        #expect(rip.plan.sizes?.filter(\.decides).map(\.source) == ["dvdisaster"])
    }

    @Test(arguments: media, [100, 160, 3000, 800_000])
    func `other data is named and left out, or kept where it is wanted`(
        _ medium: MediumKind,
        _ place: Int
    ) throws {
        let image = Self.image()
        let start = place / 32 * 32
        // Blocks of 32 sectors; the image's last one is written with what follows.
        var pieces = [(0, image + [UInt8](repeating: 0, count: 28 * 2048))]
        let rest = Self.noise(64, 3)
        if place == 100 {
            pieces = [(0, image + Array(rest.prefix(28 * 2048)))]
        } else {
            pieces.append((start, rest))
        }
        let bench = try Bench(medium, pieces)
        let rip = try bench.rip()
        #expect(rip.result.status == .done && rip.image == image)
        let trailing = rip.result.trailing ?? []
        #expect(rip.plan.trailing ?? [] == trailing)
        if place < 4000 {
            #expect(
                trailing == [
                    TrailingData(.unclaimed, start: max(100, start), sectors: nil, kept: false)
                ]
            )
            #expect(rip.result.sentences.contains { $0.contains("left over from earlier use") })
        } else {
            // Far from the image places are looked at, not all sectors.
            #expect(trailing.allSatisfy { !$0.kept && (start..<start + 64).contains($0.start) })
        }
        guard place < 4000 else { return }
        // Nobody needs gigabytes of zeros to see it.
        let whole = try bench.plan(keepsAll: true)
        #expect(whole.sectors == bench.recorder.disc?.record.format?.sectors)
        #expect(whole.trailing?.map(\.kept) == [true])
        #expect(whole.trailing?.map(\.start) == trailing.map(\.start))
    }

    @Test(arguments: [Sense(.mediumError, 0x11, 0x05), Sense(.illegalRequest, 0x21, 0x00)])
    func `damage after an image is named, and the end of what is formatted is none`(_ sense: Sense)
        throws
    {
        let image = Self.image()
        let bench = try Bench(.dvdPlusRW, [(0, image + [UInt8](repeating: 0, count: 28 * 2048))])
        bench.recorder.faults = [Fault(.read, sectors: 140...2_000_000, sense: sense)]
        let rip = try bench.rip()
        #expect(rip.result.status == .done && rip.image == image)
        #expect(rip.plan.trailing == nil)
        let isNamed = rip.plan.notes.contains { $0.contains("sector 140 can't be read") }
        #expect(isNamed == (sense.key == .mediumError))
    }

    @Test(arguments: media)
    func `zeros after an image are nothing to tell of`(_ medium: MediumKind) throws {
        let image = Self.image()
        let rip = try Bench(medium, [(0, image + [UInt8](repeating: 0, count: 28 * 2048))]).rip()
        #expect(rip.image == image)
        #expect(rip.plan.trailing == nil && rip.result.trailing == nil)
        #expect(rip.plan.notes.isEmpty && rip.result.sentences.count == 1)
    }
}
