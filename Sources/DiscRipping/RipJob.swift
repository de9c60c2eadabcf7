import DiscConversion
public import DiscDrives
import DiscImages
import DiscModel
import LibCrypto
import LinuxCalls
import MMC
public import Reports
import SystemPackage
public import Transfer

/// Reads a disc into an image, sector by sector.
public struct RipJob {
    private static let chunkSize = 1 << 20
    private static let chunks = 8
    /// Seconds between two maps on the way, for what is left where the process is killed.
    private static let mapInterval = 10.0

    let drive: Drive
    let options: RipOptions

    /// Creates a job.
    public init(drive: Drive, options: RipOptions) {
        self.drive = drive
        self.options = options
    }

    /// Rips the disc.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two commands.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: How it ended; where it failed on the way, what was read until then is kept as
    ///   OUTPUT.part with its map.
    /// - Throws: ``Reports/Failure`` where nothing was begun.
    public func run(
        cancellation: Cancellation,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Self.checkOutput(options)
        let report = try drive.inspectDisc()
        if let medium = report.medium, let speed = options.speed?.kilobytesPerSecond(on: medium) {
            _ = try? drive.commands.send(.setSpeed(read: speed, write: 0xFFFF))
        }
        guard try isFlat(report) else {
            try Self.checkDisc(report, drive)
            var result = try DiscRip(drive: drive, options: options, report: report)
                .run(cancellation, tell)
            if options.ejects, result.status == .done { result.eject(from: drive.path) }
            return result
        }
        let extent = try ImageExtent.find(drive, report, keepsAll: options.keepsAll)
        try checkSpace(extent)
        tell(.plan(plan(report, extent)))
        var outcome = try copy(report, extent, cancellation, tell)
        if options.ejects, outcome.status == .done { outcome.eject(from: drive.path) }
        return outcome
    }

    /// Whether the image is to be one run of the disc's data sectors, from the first one on.
    private func isFlat(_ report: DiscReport) throws(Failure) -> Bool {
        let format = try ConversionJob.format(options.conversion)
        return format.name == "iso" && !options.asksForMore
            && !report.layout.tracks.contains { $0.content == .audio }
    }

    private func plan(_ report: DiscReport, _ extent: ImageExtent) -> JobPlan {
        var plan = JobPlan(
            verb: "rip",
            source: drive.path.string,
            target: options.output.string
        )
        plan.drive = drive.name
        plan.medium = report.medium?.rawValue
        plan.sectors = extent.sectors
        plan.bytes = extent.sectors * 2048
        plan.paddingSectors = extent.droppedPadding
        plan.sizes = extent.claims
        plan.trailing = extent.trailing.isEmpty ? nil : extent.trailing
        plan.speed = report.medium.flatMap { options.speed?.kilobytesPerSecond(on: $0) }
        plan.eject = options.ejects
        plan.notes = extent.notes + sessionNotes(report)
        return plan
    }

    /// Of a disc of several sessions, where the one begins that a system shows.
    private func sessionNotes(_ report: DiscReport) -> [String] {
        let sessions = report.layout.dataSessions
        guard sessions.count > 1, !report.isOverwritable, let last = sessions.last else {
            return []
        }
        return [
            "The disc has \(sessions.count) sessions of data; the last one's file system begins at sector \(last.start), and shows all files (mount -o loop,sbsector=\(last.start))."
        ]
    }

    /// Copies the sectors and gives the image its name.
    private func copy(
        _ report: DiscReport,
        _ extent: ImageExtent,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let files: RipFiles
        do {
            files = try RipFiles(options)
        } catch {
            throw Failure(writing: options.partial, error)
        }
        let file = files.image
        let source = DriveSource(drive, report, sectors: extent.sectors)
        var reader = SectorReader(source: source, sectors: extent.sectors, gaps: extent.gaps)
        let ring = ChunkRing(
            chunkSize: Self.chunkSize,
            chunks: Self.chunks,
            consumers: 1 + options.digests.count
        )
        do {
            let digests = try DigestThreads(options.digests, over: ring, firstConsumer: 1)
            let writer = try FileWriter(file, consuming: ring, as: 0)
            var meter = RateMeter(
                phase: .read,
                total: extent.sectors * 2048,
                singleSpeed: report.medium?.facts.bytesPerSecondAtSingleSpeed
            )
            var sector = 0
            var lastMap = Clock.seconds
            do {
                while sector < extent.sectors, !cancellation.isRequested {
                    let goesOn = try ring.produce { buffer in
                        let count = try reader.fill(
                            &buffer,
                            from: sector,
                            isCancelled: { cancellation.isRequested }
                        )
                        sector += count
                        return count * source.sectorSize
                    }
                    guard goesOn else { break }
                    if meter.isDue {
                        tell(.progress(meter.progress(bytes: sector * 2048, fifo: ring.fill)))
                    }
                    if Clock.seconds - lastMap >= Self.mapInterval {
                        lastMap = Clock.seconds
                        // A full disk also ends the writing of the image, which tells of it.
                        try? files.write(
                            arrived(reader.map, in: file),
                            position: sector,
                            .copying
                        )
                    }
                }
            } catch {
                ring.finish()
                _ = digests.finish()
                _ = writer.finish()
                throw error
            }
            ring.finish()
            var sums = digests.finish()
            if let error = writer.finish() { throw error }
            tell(.progress(meter.progress(bytes: sector * 2048, fifo: ring.fill)))
            if cancellation.isRequested { return try interrupted(reader.map, sector, files) }
            let before = reader.map.count(.bad)
            // One for what is left if the process is killed; the last one tells what hinders it.
            if before > 0 { try? files.write(reader.map, position: sector, .copying) }
            for _ in 0..<options.retries
            where reader.map.count(.bad) > 0 && reader.protectedSectors == 0 {
                try reader.retry(isCancelled: { cancellation.isRequested }) { sector, bytes in
                    try file.write(bytes, at: sector * source.sectorSize)
                }
            }
            if reader.map.count(.bad) < before {
                // The sums were made over what was in the place of sectors that came later.
                sums = try FileDigests.make(options.digests, of: file, cancellation)
            }
            if cancellation.isRequested { return try interrupted(reader.map, sector, files) }
            try checkSameDisc(report, reader, file)
            return try finish(reader, report, extent, sums, files)
        } catch {
            ring.abandon()
            return keep(reader.map, in: files, error)
        }
    }

    /// Gives the image its name, and its map where sectors are missing.
    private func finish(
        _ reader: SectorReader,
        _ report: DiscReport,
        _ extent: ImageExtent,
        _ sums: [DigestAlgorithm: Checksum],
        _ files: RipFiles
    ) throws -> JobResult {
        var map = reader.map
        let bad = map.ranges(.bad)
        let isWhole = bad.isEmpty && extent.missingSectors == 0
        map.append(extent.missingSectors)
        var result = JobResult(isWhole ? .done : .incomplete, verb: "rip")
        try files.complete()
        if !isWhole {
            try files.write(map, position: extent.sectors, .finished)
            result.map = options.map.string
        }
        try files.finish(keepsMap: !isWhole)
        result.bytes = extent.sectors * 2048
        result.output = options.output.string
        result.sha256 = sums[.sha256]?.hexadecimal
        result.sums = Dictionary(
            uniqueKeysWithValues: sums.map { ($0.key.rawValue, $0.value.hexadecimal) }
        )
        result.paddingSectors = extent.droppedPadding
        result.unreadableSectors = bad.reduce(0) { $0 + $1.count }
        result.firstUnreadableSector = bad.first?.lowerBound
        result.unreadableRuns = bad.isEmpty ? nil : bad.map(SectorRun.init)
        result.missingSectors = extent.missingSectors > 0 ? extent.missingSectors : nil
        result.trailing = extent.trailing.isEmpty ? nil : extent.trailing
        result.sentences = sentences(reader, extent) + extent.notes + sessionNotes(report)
        return result
    }

    /// What the image holds, and what is missing in it.
    private func sentences(_ reader: SectorReader, _ extent: ImageExtent) -> [String] {
        let bad = reader.map.count(.bad)
        guard bad > 0, let first = reader.map.ranges(.bad).first?.lowerBound else {
            let whole =
                "\(options.output) holds the disc's \(extent.sectors) sectors, and all could be read."
            guard extent.missingSectors > 0 else { return [whole] }
            return [
                whole,
                "The end of the file system is not on the disc, or the drive does not get there: see what another drive gives; ddrescue can go on with the map \(options.map).",
            ]
        }
        let protected = reader.protectedSectors
        let advice =
            protected == 0
            ? "Clean the disc, or rip it in another drive; ddrescue can go on with the map."
            : "\(protected) of them are copy-protected, and the drive does not give them out: cleaning does not help."
        guard bad < extent.recordedSectors else {
            return [
                "None of the disc's \(bad) sectors could be read, so \(options.output) holds nothing but zeros.",
                "The map \(options.map) counts all of them as unreadable.",
                advice,
            ]
        }
        return [
            bad == 1
                ? "\(options.output) holds all of the disc but sector \(first), which could not be read."
                : "\(bad) of the disc's \(extent.recordedSectors) sectors could not be read, the first of them \(first); \(options.output) holds the others.",
            "In the image zeros stand for what is missing; \(options.map) says where.",
            advice,
        ]
    }

    private func interrupted(_ map: SalvageMap, _ sector: Int, _ files: RipFiles) throws
        -> JobResult
    {
        // What the map promises must be there.
        try files.complete()
        try files.write(map, position: sector, .copying)
        try files.keep()
        var result = JobResult(
            Failure(
                .interruption,
                "The rip was stopped after \(sector) of \(map.sectorCount) sectors.",
                meaning: "What was read is in \(options.partial), with its map \(options.map).",
                advice: "Start again with --force, or let ddrescue go on with the map."
            ),
            verb: "rip",
            bytes: sector * 2048
        )
        result.output = options.partial.string
        result.map = options.map.string
        return result
    }

    /// Keeps what was read before a failure: from a failing disc it may not come again.
    private func keep(_ map: SalvageMap, in files: RipFiles, _ error: any Error) -> JobResult {
        let map = arrived(map, in: files.image)
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
        let isKept = map.count(.finished) > 0
        var hasMap = false
        if !isKept {
            files.abandon()
        } else {
            // Of a file that may have lost something nobody knows what it holds.
            let isStored = (try? files.keep()) != nil
            hasMap = isStored && (try? files.write(map, position: 0, .copying)) != nil
            if !hasMap { files.removeMap() }
            let kept = "What was read until then is in \(options.partial)"
            failure.meaning = [
                failure.meaning,
                hasMap
                    ? "\(kept), with its map \(options.map); --force replaces them."
                    : "\(kept), which --force replaces.",
            ].filter { !$0.isEmpty }.joined(separator: " ")
        }
        var result = JobResult(failure, verb: "rip", bytes: map.count(.finished) * 2048)
        result.output = isKept ? options.partial.string : nil
        result.map = hasMap ? options.map.string : nil
        return result
    }

    /// A map of what has got into the file: one that claimed what was read and is not in there would
    /// have ddrescue leave it out.
    private func arrived(_ map: SalvageMap, in file: File) -> SalvageMap {
        var map = map
        let sectors = ((try? file.status().size) ?? 0) / 2048
        map.mark(sectors..<max(sectors, map.sectorCount), .untried)
        return map
    }
}
