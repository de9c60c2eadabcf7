import DiscConversion
import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Conversions that repair what they read.
struct RepairTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// A disc with sectors that can be repaired (3, 4, 39), that need not be (8), and maybe one that
    /// can't.
    private func damaged(_ disc: SampleDisc = .mixed, beyondRepair: Bool = false) -> SampleDisc {
        var damaged = disc
        for sector in [3, 4, 39] {
            damaged.sessions[0].tracks[0].sectors[sector][1000] ^= 0x11
        }
        damaged.sessions[0].tracks[0].sectors[8][2100] ^= 0x11
        if beyondRepair {
            for place in 300..<900 {
                damaged.sessions[0].tracks[0].sectors[20][place] ^= 0x11
            }
        }
        return damaged
    }

    private func right(_ damaged: SampleDisc) -> SampleDisc {
        var right = damaged
        for sector in [3, 4, 39] {
            right.sessions[0].tracks[0].sectors[sector][1000] ^= 0x11
        }
        return right
    }

    private func convert(
        _ source: DiscImage,
        to name: String,
        _ set: (inout ConversionOptions) -> Void = { _ in }
    ) throws -> (result: JobResult, plan: JobPlan?) {
        var options = ConversionOptions(output: folder.path.appending(name))
        set(&options)
        var plan: JobPlan?
        let job = try ConversionJob(source, options: options)
        let result = try job.run(cancellation: Cancellation()) { event in
            if case .plan(let told) = event { plan = told }
        }
        return (result, plan)
    }

    @Test func `what P and Q correct is written repaired, and named`() throws {
        let disc = damaged()
        let source = try folder.image(of: disc)
        let (result, plan) = try convert(source, to: "out.cue") {
            $0.repairs = true
            $0.proves = true
        }
        #expect(result.status == .verified && result.exitCode == 0)
        #expect(result.repairedSectors == 3 && result.repairedBytes == 3)
        #expect(
            result.repairedRuns == [
                SectorFaultRun(
                    3..<5,
                    faults: ["edc", "ecc"],
                    isRepairable: true,
                    changedBytes: 2
                ),
                SectorFaultRun(
                    39..<40,
                    faults: ["edc", "ecc"],
                    isRepairable: true,
                    changedBytes: 1
                ),
            ]
        )
        #expect(result.damagedSectors == 0 && result.damagedRuns == [])
        #expect(result.irregularSectors == 1)
        #expect(result.irregularRuns == [SectorFaultRun(8..<9, faults: ["ecc"])])
        #expect(
            result.sentences.contains(
                "Repaired, with 3 bytes changed: sectors 3 to 4, 39."
            )
        )
        #expect(plan?.repair == true)
        #expect(
            plan?.notes.contains("To be repaired, with 3 bytes changed: sectors 3 to 4, 39.")
                == true
        )
        let isSame = try folder.read("out.bin") == right(disc).bytes
        #expect(isSame)
        let isLeft = try folder.read("image.bin") == disc.bytes
        #expect(isLeft)
    }

    @Test func `what is beyond repair is kept as it is, and the result is incomplete`() throws {
        let disc = damaged(beyondRepair: true)
        let (result, _) = try convert(try folder.image(of: disc), to: "out.cue") {
            $0.repairs = true
            $0.proves = true
        }
        #expect(result.status == .incomplete && result.exitCode == 3)
        #expect(result.repairedSectors == 3 && result.damagedSectors == 1)
        #expect(
            result.damagedRuns
                == [SectorFaultRun(20..<21, faults: ["edc", "ecc"], isRepairable: false)]
        )
        #expect(
            result.sentences.contains("Damaged beyond repair, and kept as they are: sector 20.")
        )
        let isSame = try folder.read("out.bin") == right(disc).bytes
        #expect(isSame)
    }

    @Test func `without being asked, nothing is repaired`() throws {
        let disc = damaged(beyondRepair: true)
        let (result, plan) = try convert(try folder.image(of: disc), to: "out.cue") {
            $0.proves = true
        }
        #expect(result.status == .verified)
        #expect(result.repairedSectors == nil && result.damagedRuns == nil)
        #expect(plan?.repair == nil)
        let isSame = try folder.read("out.bin") == disc.bytes
        #expect(isSame)
    }

    @Test(arguments: ["out.iso", "out.nrg", "out.chd", "out.ecm", "out.ccd"])
    func `any format gets what was repaired`(_ name: String) throws {
        let disc = damaged(.data)
        let (result, _) = try convert(try folder.image(of: disc), to: name) {
            $0.repairs = true
            $0.proves = true
            $0.allowsLoss = true
        }
        #expect(result.status == .verified, "\(result.sentences)")
        #expect(result.repairedSectors == 3)
        let made = try DiscImage(folder.path.appending(name))
        var user = [UInt8](repeating: 0, count: 40 * 2048)
        var done = 0
        while done < 40 {
            var span = user.mutableSpan
            var part = span._mutatingExtracting((done * 2048)...)
            done += try made.disc.readUserData(at: done, into: &part)
        }
        let isSame = user == SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
        #expect(isSame)
    }

    @Test func `a disc without raw sectors, or without damage`() throws {
        let user = SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
        let iso = try DiscImage(try folder.write("plain.iso", user))
        let (result, plan) = try convert(iso, to: "plain.nrg") { $0.repairs = true }
        #expect(result.status == .done && result.repairedSectors == 0)
        #expect(plan?.notes.contains { $0.contains("no sector with its EDC") } == true)
        let (other, _) = try convert(try folder.image(of: .mixed), to: "other.cue") {
            $0.repairs = true
        }
        #expect(other.status == .done && other.repairedRuns == [])
        #expect(other.sentences.contains("All 40 sectors that have an EDC are right."))
    }

    /// A disc that calls itself one of another kind.
    private final class Relabelled: DiscSource {
        private let disc: any DiscSource
        let medium: MediumKind
        var layout: DiscLayout { disc.layout }

        init(_ disc: any DiscSource, _ medium: MediumKind) {
            self.disc = disc
            self.medium = medium
        }

        func storage(at address: Int) -> SectorStorage { disc.storage(at: address) }

        func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            try disc.readStored(at: address, into: &buffer)
        }

        func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
            -> Int
        {
            try disc.readStoredSubchannel(at: address, into: &buffer)
        }
    }

    @Test func `only the sectors of CDs are looked through for damage`() throws {
        let disc = try folder.image(of: damaged()).disc
        #expect(try !SectorDamage(of: Relabelled(disc, .cdROM)).repairable.isEmpty)
        let other = try SectorDamage(of: Relabelled(disc, .dvdROM))
        #expect(other.runs.isEmpty && other.checkedSectors == 0)
    }
}
