import DiscDrives
import LibCrypto
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// What the result of a rip of a plain image says.
struct RipEnding {
    let options: RipOptions
    let extent: ImageExtent
    let run: RipRun

    private var size: Int { RipOptions.bytesPerSector }

    /// The result of an image that is complete, and has no name yet.
    func finished(_ sums: [DigestAlgorithm: Checksum]) -> JobResult {
        let map = run.recovery.map
        let missing = map.missing
        let isWhole = missing.isEmpty && extent.missingSectors == 0
        var result = JobResult(isWhole ? .done : .incomplete, verb: "rip")
        let image = missing.isEmpty ? nil : run.sink.unfinished?.files.first
        let damage = image.flatMap { DamagedFiles.find(missing, in: $0) }
        result.bytes = extent.sectors * size
        result.output = options.output.text
        result.sha256 = sums[.sha256]?.hexadecimal
        result.sums = Dictionary(
            uniqueKeysWithValues: sums.map { ($0.key.rawValue, $0.value.hexadecimal) }
        )
        result.paddingSectors = extent.droppedPadding
        result.unreadableSectors = missing.reduce(0) { $0 + $1.count }
        result.firstUnreadableSector = missing.first?.lowerBound
        result.unreadableRuns = missing.isEmpty ? nil : missing.map(SectorRun.init)
        result.missingSectors = extent.missingSectors > 0 ? extent.missingSectors : nil
        result.trailing = extent.trailing.isEmpty ? nil : extent.trailing
        result.damagedFiles = damage?.files
        result.furtherDamagedFiles = damage.flatMap { $0.further > 0 ? $0.further : nil }
        let evidence = run.evidence.counts(in: map)
        result.evidence = ReadEvidence(
            once: evidence.once,
            twice: evidence.twice,
            edc: evidence.proven
        )
        result.sentences =
            sentences(missing) + (damage?.sentences ?? []) + extent.notes + run.notes
        return result
    }

    /// What the image holds, and what is missing in it.
    private func sentences(_ missing: [Range<Int>]) -> [String] {
        let count = missing.reduce(0) { $0 + $1.count }
        guard count > 0, let first = missing.first?.lowerBound else {
            // What came from another image was not read from this disc.
            let all = run.mergedSectors > 0 ? "none is missing" : "all could be read"
            let whole =
                "\(options.output) holds the disc's \(Wording.sectors(extent.sectors)), and \(all)."
            guard extent.missingSectors > 0 else { return [whole] }
            return [
                whole,
                "The end of the file system is not on the disc, or the drive does not get there: see what another drive gives with \(options.resumption); ddrescue can go on with the map \(options.map), too.",
            ]
        }
        let protected = run.recovery.refused.elementCount
        let advice =
            protected == 0
            ? "Clean the disc, or put it into another drive, and go on with \(options.resumption); ddrescue can go on with the map, too."
            : "\(protected) of them are copy-protected, and the drive does not give them out: cleaning does not help."
        let reason: [String] =
            switch run.recovery.end {
            case .timeLimit: ["The time was over before all was tried."]
            case .tooManyBad: ["There was more damage than was allowed, so not all was tried."]
            case .finished, nil: []
            }
        guard count < extent.recordedSectors else {
            return [
                "None of the disc's \(Wording.sectors(count)) could be read, so \(options.output) holds nothing but zeros.",
                "The map \(options.map) counts all of them as unreadable.",
            ] + reason + [advice]
        }
        return [
            count == 1
                ? "\(options.output) holds all of the disc but sector \(first), which could not be read."
                : "\(count) of the disc's \(extent.recordedSectors) sectors could not be read, the first of them \(first); \(options.output) holds the others.",
            "In the image zeros stand for what is missing; \(options.map) says where.",
        ] + reason + [advice]
    }
}
