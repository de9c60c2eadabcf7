import DiscDrives
import LibCrypto
import LinuxCalls
import MMC
import Reports
import SystemPackage
import Transfer

/// How a rip ends: what becomes of its files, and what its result says.
struct RipEnding {
    let options: RipOptions
    let extent: ImageExtent
    let start: RipStart
    let files: RipFiles
    /// What was read, and what the reader was at.
    var file: SalvageMapFile
    /// Why the salvage ended; `nil` if it did not.
    private var end: Salvage.End?
    /// Sectors that the drive does not give out because they are protected (CSS and kin: 5/6F/xx).
    private var protectedSectors = 0

    init(options: RipOptions, extent: ImageExtent, start: RipStart, files: RipFiles) {
        self.options = options
        self.extent = extent
        self.start = start
        self.files = files
        // What an earlier rip has read stays read, whatever happens before the first sector.
        file = SalvageMapFile(start.map)
    }

    private var size: Int { RipOptions.bytesPerSector }

    /// Takes how far a copy came.
    mutating func take(_ copy: RipCopy) {
        file = copy.file
        end = copy.salvage.end
        protectedSectors = copy.salvage.refused.ranges.reduce(0) { $0 + $1.count }
    }

    // MARK: Done

    /// Gives the image its name, and its map where sectors are missing.
    func finished(_ sums: [DigestAlgorithm: Checksum]) throws -> JobResult {
        let missing = file.map.missing
        let isWhole = missing.isEmpty && extent.missingSectors == 0
        var result = JobResult(isWhole ? .done : .incomplete, verb: "rip")
        try files.complete()
        if !isWhole {
            var file = file
            if end == .finished { file.position = extent.sectors }
            file.map.append(extent.missingSectors)
            try files.map.write(file)
            try files.write(start.evidence)
            result.map = options.map.string
        }
        let damage = missing.isEmpty ? nil : DamagedFiles.find(missing, in: files.image)
        try files.finish(keepsMap: !isWhole)
        result.bytes = extent.sectors * size
        result.output = options.output.string
        result.sha256 = sums[.sha256]?.hexadecimal
        result.sums = Dictionary(
            uniqueKeysWithValues: sums.map { ($0.key.rawValue, $0.value.hexadecimal) }
        )
        result.paddingSectors = extent.droppedPadding
        result.unreadableSectors = missing.reduce(0) { $0 + $1.count }
        result.firstUnreadableSector = missing.first?.lowerBound
        result.unreadableRuns = missing.isEmpty ? nil : missing.map(SectorRun.init)
        let untried = file.map.count(.untried)
        result.untriedSectors = untried > 0 ? untried : nil
        result.missingSectors = extent.missingSectors > 0 ? extent.missingSectors : nil
        result.trailing = extent.trailing.isEmpty ? nil : extent.trailing
        result.limit = end?.name
        result.damagedFiles = damage?.files
        result.furtherDamagedFiles = damage.flatMap { $0.further > 0 ? $0.further : nil }
        addOrigins(to: &result)
        let evidence = start.evidence.counts(in: file.map)
        result.evidence = ReadEvidence(
            once: evidence.once,
            twice: evidence.twice,
            edc: evidence.proven
        )
        result.sentences =
            sentences(missing) + (damage?.sentences ?? []) + extent.notes + start.notes
        return result
    }

    /// Where sectors come from that this rip did not read.
    private func addOrigins(to result: inout JobResult) {
        if start.remains != nil { result.resumedSectors = start.keptSectors }
        if !options.merged.isEmpty { result.mergedSectors = start.mergedSectors }
    }

    /// What the image holds, and what is missing in it.
    private func sentences(_ missing: [Range<Int>]) -> [String] {
        let count = missing.reduce(0) { $0 + $1.count }
        guard count > 0, let first = missing.first?.lowerBound else {
            let whole =
                "\(options.output) holds the disc's \(extent.sectors) sectors, and all could be read."
            guard extent.missingSectors > 0 else { return [whole] }
            return [
                whole,
                "The end of the file system is not on the disc, or the drive does not get there: see what another drive gives with --resume; ddrescue can go on with the map \(options.map), too.",
            ]
        }
        let advice =
            protectedSectors == 0
            ? "Clean the disc, or put it into another drive, and go on with --resume; ddrescue can go on with the map, too."
            : "\(protectedSectors) of them are copy-protected, and the drive does not give them out: cleaning does not help."
        let reason: [String] =
            switch end {
            case .timeLimit: ["The time was over before all was tried."]
            case .tooManyBad: ["There was more damage than was allowed, so not all was tried."]
            case .finished, nil: []
            }
        guard count < extent.recordedSectors else {
            return [
                "None of the disc's \(count) sectors could be read, so \(options.output) holds nothing but zeros.",
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

    // MARK: Not done

    /// Keeps what was read until somebody wished to stop.
    func interrupted() throws -> JobResult {
        // What the map promises must be there.
        try files.complete()
        try files.map.write(file)
        try files.write(start.evidence)
        try files.keep()
        let read = file.map.count(.finished)
        var result = JobResult(
            Failure(
                .interruption,
                "The rip was stopped after \(read) of \(file.map.sectorCount) sectors.",
                meaning: "What was read is in \(options.partial), with its map \(options.map).",
                advice: "Go on with --resume, or let ddrescue go on with the map."
            ),
            verb: "rip",
            bytes: read * size
        )
        result.output = options.partial.string
        result.map = options.map.string
        addOrigins(to: &result)
        return result
    }

    /// Keeps what was read before a failure: from a failing disc it may not come again.
    func failed(_ error: any Error) -> JobResult {
        var failure =
            switch error {
            case let failure as Failure: failure
            case let error as TransportError: Failure(error, meaning: "The disc was only read.")
            case let error as SystemError: Failure(writing: options.partial, error)
            default:
                Failure(
                    .trouble,
                    "The rip failed: \(error)",
                    meaning: "The disc was only read.",
                    advice: "Try again."
                )
            }
        let isKept = file.map.count(.finished) > 0 || !files.isNew
        var hasMap = false
        if !isKept {
            files.abandon()
        } else {
            // Of a file that may have lost something nobody knows what it holds.
            let isStored = (try? files.keep()) != nil
            if isStored {
                try? files.map.write(file)
                try? files.write(start.evidence)
            }
            // On a full disk the last map that was written stays, which promises less.
            hasMap = isStored && files.map.isOwn
            if !isStored { files.map.remove() }
            let kept = "What was read until then is in \(options.partial)"
            failure.meaning = [
                failure.meaning,
                hasMap
                    ? "\(kept), with its map \(options.map): --resume goes on with them, and --force replaces them."
                    : "\(kept), which --force replaces.",
            ].filter { !$0.isEmpty }.joined(separator: " ")
        }
        var result = JobResult(failure, verb: "rip", bytes: file.map.count(.finished) * size)
        result.output = isKept ? options.partial.string : nil
        result.map = hasMap ? options.map.string : nil
        addOrigins(to: &result)
        return result
    }
}

extension Salvage.End {
    /// The limit that was reached, as a result calls it; `nil` if none was.
    fileprivate var name: String? {
        switch self {
        case .finished: nil
        case .timeLimit: "time"
        case .tooManyBad: "bad-sectors"
        }
    }
}
