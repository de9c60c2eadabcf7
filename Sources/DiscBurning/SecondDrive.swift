import DiscDrives
import DiscModel
import LibBurn
import LinuxCalls
import Reports
public import SystemPackage
import Transfer

/// Another drive, in which a disc is read back after it was burned.
public struct SecondDrive: Sendable {
    /// Its device node.
    public var node: FilePath
    /// Seconds that the disc may take to get there; `nil` if it is waited for until the user stops.
    public var patience: Double?

    /// Names a drive.
    ///
    /// - Parameters:
    ///   - node: Its device node.
    ///   - patience: Seconds that the disc may take to get there; `nil` if it is waited for until the
    ///     user stops.
    public init(_ node: FilePath, patience: Double?) {
        self.node = node
        self.patience = patience
    }
}

extension BurnJob {
    /// Seconds between two looks into a drive that a disc is to come into.
    private static let secondsBetweenLooks = 1.0

    /// Fails where the other drive can't be used, before anything is written.
    func checkSecondDrive() throws(Failure) {
        guard let second = options.secondDrive else { return }
        guard FileSystem.identity(second.node) != FileSystem.identity(node) else {
            throw Failure(
                .usage,
                "The disc is to be read back in the drive that burns it.",
                meaning: "Nothing was written.",
                advice: "Leave --verify-drive out: that is done anyway; or name another drive."
            )
        }
        _ = try Drive.unclaimed(second.node)
    }

    /// Has a burned disc read back in another drive, if that was asked for, and takes its word for it.
    ///
    /// - Parameters:
    ///   - first: What the drive that burned it says.
    ///   - plan: What was to be done.
    ///   - written: What was written.
    ///   - cancellation: Heeded at any time.
    ///   - tell: Told what the user has to do, and the progress.
    /// - Returns: The other drive's verdict; or the first one's, if the burn failed.
    /// - Throws: ``Reports/Failure`` if the drive can't be reached.
    func readElsewhere(
        _ first: JobResult,
        _ plan: BurnPlan,
        _ written: Written,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let isWorthIt: [JobStatus] = [.verified, .done, .incomplete, .differs, .notVerified]
        // What a disc shows that was to be grown is known only if its own drive found all of it right.
        guard let second = options.secondDrive, !options.simulates,
            isWorthIt.contains(first.status), !plan.grows || first.exitCode == 0
        else { return first }
        let imprint = DiscImprint(of: node, written.disc)
        let refusal = Drive.openTray(node)
        let place = refusal.map { " (\($0))" } ?? ""
        let said = "Now put the disc into the drive \(second.node)\(place): it is read back there."
        tell(.message(JobMessage(.warning, said)))
        var result: JobResult
        do throws(Failure) {
            try wait(for: imprint, in: second, first, cancellation, tell)
            var there = Witness(
                node: second.node,
                image: image,
                plan: plan,
                written: written,
                options: options,
                cancellation: cancellation,
                tell: tell,
                complete: { result, _, _ in result },
                disc: written.disc
            )
            there.options.verifies = true
            there.options.secondDrive = nil
            result = try there.testify()
        } catch {
            result = JobResult(error, verb: "burn", bytes: written.byteCount)
            result.discState = first.discState
        }
        result.adopt(second: second.node, first, from: node)
        return result
    }

    /// Waits until the disc is in the other drive: one that came after the burn, while the drive that
    /// burned it has none any more, and that holds what was burned.
    private func wait(
        for imprint: DiscImprint,
        in second: SecondDrive,
        _ first: JobResult,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) {
        let end = second.patience.map { Clock.seconds + $0 }
        // What lies in it when the burn is over is another disc, whatever it holds.
        var wasEmpty = false
        var lastSaid = ""
        func say(_ sentence: String) {
            guard sentence != lastSaid else { return }
            lastSaid = sentence
            tell(.message(JobMessage(.warning, sentence)))
        }
        while true {
            guard !cancellation.isRequested else {
                throw Failure(
                    .interruption,
                    "The disc was written, and waiting for it in the drive \(second.node) was stopped.",
                    meaning: "It was not read back there.",
                    advice: "Run “spindle verify \(second.node)” with the image to find out."
                )
            }
            if let drive = try? Drive(second.node), let report = try? drive.inspectDisc() {
                if report.state == .none {
                    wasEmpty = true
                } else if report.problem == nil {
                    if !wasEmpty || !imprint.fits(drive, report) {
                        say(
                            "The disc in \(second.node) is not the one that was burned; its tray is opened."
                        )
                        if let refusal = Drive.openTray(second.node) {
                            say(refusal)
                        } else {
                            wasEmpty = true
                        }
                    } else if Self.isEmpty(node) {
                        return
                    } else {
                        say(
                            "There is still a disc in \(node): the one that was burned is waited for in \(second.node)."
                        )
                    }
                }
            }
            if let end, Clock.seconds >= end {
                throw Failure(
                    .unchecked,
                    "The disc did not come into the drive \(second.node) in time.",
                    meaning: "It was written, and was not read back there.",
                    advice: "Run “spindle verify \(second.node)” with the image to find out."
                )
            }
            Clock.sleep(seconds: Self.secondsBetweenLooks)
        }
    }

    /// Whether a drive says that it has no disc.
    private static func isEmpty(_ node: FilePath) -> Bool {
        guard let drive = try? Drive(node), let report = try? drive.inspectDisc() else {
            return false
        }
        return report.state == .none
    }
}

extension JobResult {
    /// Says whose verdict it is, and what the drive that burned the disc said.
    fileprivate mutating func adopt(second: FilePath, _ first: JobResult, from node: FilePath) {
        verifyDrive = second.string
        if [.verified, .differs, .incomplete].contains(status) {
            let name = (try? Drive(second))?.name ?? ""
            let model = name.isEmpty ? "" : " (\(name))"
            sentences.insert("The disc was read back in \(second)\(model).", at: 0)
        }
        switch first.status {
        case .verified:
            sentences.append("\(node), which burned it, had read it back right.")
        case .done:
            break
        default:
            let what = first.sentences.first ?? ""
            sentences.append("In \(node), which burned it, it was not right: \(what)")
        }
    }
}

/// What a disc is known by when it comes into another drive: some of its sectors, or, if it has no data,
/// where its tracks begin.
struct DiscImprint {
    private var starts: [Int] = []
    private var sectors: [Int: [UInt8]] = [:]

    /// Looks at a disc; what can't be read there is not part of it.
    init(of node: FilePath, _ disc: DiscPlan) {
        guard let drive = try? Drive(node), let report = try? drive.inspectDisc() else { return }
        if !report.isOverwritable { starts = report.layout.tracks.map(\.start.rawValue) }
        for track in disc.tracks where track.kind == .data && track.source.length > 0 {
            let length = track.source.length
            // Sector 16 names the volume; what follows it is the same on many discs.
            let places = Set([0, 16] + (1..<8).map { length / 8 * $0 } + [length - 1])
            for place in places where place < length {
                let sector = track.start + place
                guard let bytes = Self.read(sector, drive, report),
                    bytes.contains(where: { $0 != 0 })
                else { continue }
                sectors[sector] = bytes
            }
        }
    }

    /// Whether the disc in a drive may be that one: most of its sectors that can be read are the same, or, if
    /// none of them can be read, its tracks begin where they should.
    func fits(_ drive: Drive, _ report: DiscReport) -> Bool {
        var equal = 0
        var read = 0
        for (sector, bytes) in sectors {
            guard let found = Self.read(sector, drive, report) else { continue }
            read += 1
            if found == bytes { equal += 1 }
        }
        guard read == 0 else { return equal * 2 > read }
        return starts.isEmpty || starts == report.layout.tracks.map(\.start.rawValue)
    }

    private static func read(_ sector: Int, _ drive: Drive, _ report: DiscReport) -> [UInt8]? {
        let source = DriveSource(drive, report, sectors: sector + 1)
        return try? VolumeHead.read(source, sector..<sector + 1)
    }
}
