import DiscImages
import DiscModel
import Reports
import Transfer

extension ConversionJob {
    // MARK: Before

    /// Looks for damaged sectors of the source.
    func damage(_ cancellation: Cancellation, _ tell: (JobEvent) -> Void) throws(Failure)
        -> SectorDamage
    {
        let total = source.layout.tracks.reduce(0) { $0 + $1.extent.count }
        var meter = RateMeter(phase: .read, total: total * RawSector.size)
        do {
            let damage = try SectorDamage(of: source.disc, cancellation) { done in
                if meter.isDue { tell(.progress(meter.progress(bytes: done * RawSector.size))) }
            }
            if cancellation.isRequested { throw Failure.stopped(options.verb) }
            return damage
        } catch {
            throw Failure(converting: error, options.output, options.verb)
        }
    }

    /// What of the damage a plan tells.
    func notes(on damage: SectorDamage) -> [String] {
        guard damage.checkedSectors > 0 else {
            return [
                "\(source.path) keeps no sector with its EDC: nothing tells which are damaged."
            ]
        }
        guard !damage.runs.isEmpty else {
            return ["All \(damage.checkedSectors) sectors that have an EDC are right."]
        }
        return Self.sentences(on: damage, isDone: false)
    }

    // MARK: After

    /// Adds to a result what was repaired, and what could not be.
    func add(_ damage: SectorDamage, to result: inout JobResult) {
        result.repairedSectors = Self.count(damage.repairable)
        result.repairedBytes = damage.repairable.reduce(0) { $0 + ($1.changedBytes ?? 0) }
        result.repairedRuns = damage.repairable.map(SectorFaultRun.init)
        result.damagedSectors = Self.count(damage.lost)
        result.damagedRuns = damage.lost.map(SectorFaultRun.init)
        result.irregularSectors = Self.count(damage.irregular)
        result.irregularRuns = damage.irregular.map(SectorFaultRun.init)
        result.sentences +=
            damage.runs.isEmpty ? notes(on: damage) : Self.sentences(on: damage, isDone: true)
    }

    private static func count(_ runs: [SectorDamage.Run]) -> Int {
        runs.reduce(0) { $0 + $1.sectors.count }
    }

    private static func sentences(on damage: SectorDamage, isDone: Bool) -> [String] {
        var sentences: [String] = []
        let (repairable, lost, irregular) = (damage.repairable, damage.lost, damage.irregular)
        if !repairable.isEmpty {
            let bytes = repairable.reduce(0) { $0 + ($1.changedBytes ?? 0) }
            let verb = isDone ? "Repaired" : "To be repaired"
            sentences.append(
                "\(verb), with \(bytes == 1 ? "1 byte" : "\(bytes) bytes") changed: \(names(repairable))."
            )
        }
        if !lost.isEmpty {
            sentences.append("Damaged beyond repair, and kept as they are: \(names(lost)).")
        }
        if !irregular.isEmpty {
            sentences.append(
                "Right in their data, but not in sync, header or parity, and kept as they are: \(names(irregular))."
            )
        }
        return sentences
    }

    private static func names(_ runs: [SectorDamage.Run]) -> String {
        names(ofSectors: runs.map(\.sectors))
    }

    /// The sectors of some runs, as far as a sentence can name them: “sectors 5, 7 to 9”.
    static func names(ofSectors runs: [Range<Int>]) -> String {
        let shown = runs.prefix(8).map { run in
            run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound) to \(run.upperBound - 1)"
        }
        let more = runs.count > shown.count ? " and \(runs.count - shown.count) more runs" : ""
        let isOne = runs.count == 1 && runs[0].count == 1
        return "\(isOne ? "sector" : "sectors") \(shown.joined(separator: ", "))\(more)"
    }
}
