import DiscConversion
import DiscDrives
import DiscModel
import LinuxCalls
import MMC
import Reports
import SystemPackage
import Transfer

/// Brings the disc in a drive to an image of any format, as much of it as can be read, and keeps what was
/// read for another rip to go on with.
///
/// An image whose sectors all have places of their own keeps its state: its files under the names ending in
/// “.part”, and from before the first sector on the map of what they hold. One that is packed as it
/// comes gets a map at its end.
final class RipRun: ConversionRecovery {
    /// What is read, and where from.
    struct Source {
        let drive: Drive
        let report: DiscReport
        /// The disc in the drive.
        let disc: DriveDisc
        /// That, or the part of it that is wanted.
        var wanted: any DiscSource
        /// The disc with its audio at its place; `nil` if that stays where the drive reads it.
        var shifted: ShiftedDisc?
        /// Numbers of sectors that a map of the disc may have besides the image's own.
        var otherSizes: [Int] = []
        /// Sectors behind the image that the disc should have.
        var missingBehind = 0
        /// Whether what was read is looked at with what others have, so that some of it is read again.
        var isReviewed = false
        /// Whether audio is read once for the sake of that, which else would be read twice.
        var isReadOnce = false
        /// Where sectors are kept until then, if the image is packed as they come.
        var spool: NamelessFile?
    }

    let options: RipOptions
    let recovery: Recovery
    let sink: any DiscSink
    let source: Source
    private let bytesPerSector: Int
    private let remains: RipRemains?
    private var merged: [(image: MergedImage, gains: [Range<Int>])] = []
    private let map: RipMap
    let tell: @Sendable (JobEvent) -> Void
    private var known = SalvageEvidence()
    /// What was read again for what others have; `nil` if nothing was.
    var reviewed: Reviewed?
    /// The pass of which a map was kept last.
    private var keptPass = (SalvageMapFile.Activity.copying, 1)

    /// The sectors that an earlier rip has read.
    private(set) var keptSectors = 0

    /// Looks at what an earlier rip left, and at other images, and whether they are of the disc in the
    /// drive.
    ///
    /// - Throws: ``Reports/Failure`` if they are of another disc, or can't be used.
    init(
        _ source: Source,
        to sink: any DiscSink,
        _ options: RipOptions,
        _ cancellation: Cancellation = Cancellation(),
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) {
        self.source = source
        var sink = sink
        if sink.order == .asAsked, let spool = source.spool {
            sink = SpooledSink(sink, in: spool, cancellation, progress: Self.told(.write, tell))
        }
        self.sink = sink
        self.options = options
        self.tell = tell
        let isWhole = sink.requests.contains { $0.form == .raw }
        bytesPerSector = (isWhole ? SectorForm.raw : .user).size
        let hasSound = source.disc.layout.tracks.contains { $0.mode == .audio }
        let settings = SalvageSettings(
            retries: options.retries
                ?? (hasSound ? RipOptions.soundRetries : RipOptions.usualRetries),
            secondsLimit: options.timeLimit
        )
        recovery = Recovery(source.wanted, sink, settings)
        recovery.settings.badLimit = options.giveUp?.sectors(of: recovery.wantedCount)
        remains =
            options.resumes
            ? try RipRemains.find(options, sink, recovery, bytesPerSector) : nil
        map = RipMap(options, isTakenUp: remains != nil, bytesPerSector: bytesPerSector)
        if let remains {
            try checkSize(remains.file.map.sectorCount, options.map)
            known = remains.evidence
            // A second look that was stopped has them read anew: what is known is of what was read before.
            known.forget(RangeSet(remains.file.map.ranges(.untried)))
            let finished = RangeSet(remains.file.map.ranges(.finished))
            try check(finished, options.map, kept) { try self.read($0, &$1) }
            recovery.resume(remains.file.map)
            keptSectors = recovery.readCount
        } else if options.resumes {
            RipRemains.clear(options, sink, bytesPerSector)
        }
        for path in options.merged { try add(try MergedImage(path)) }
    }

    // MARK: What there is

    /// Whether it goes on with what an earlier rip has kept.
    var isResumed: Bool { remains != nil }

    /// Whether it has sectors that were not read by this drive in this rip.
    var hasForeignSectors: Bool { keptSectors > 0 || mergedSectors > 0 }

    /// The sectors that other images give.
    var mergedSectors: Int {
        merged.reduce(0) { $0 + $1.gains.reduce(0) { $0 + $1.count } }
    }

    /// What a person should know of it, a sentence each.
    var notes: [String] {
        var notes: [String] = []
        if isResumed {
            notes.append(
                keptSectors == 1
                    ? "1 sector was read before." : "\(keptSectors) sectors were read before."
            )
        }
        for (image, gains) in merged {
            let count = gains.reduce(0) { $0 + $1.count }
            notes.append(
                "\(count) \(count == 1 ? "sector is" : "sectors are") taken from \(image.path)."
            )
        }
        return notes
    }

    /// What is known of the sectors besides that they were read.
    var evidence: SalvageEvidence {
        let runs = (doubtful: source.disc.doubtful, twice: source.disc.readTwice)
        var doubtful = RangeSet(source.shifted?.destinations(of: runs.doubtful) ?? runs.doubtful)
        var twice = RangeSet(source.shifted?.wholeDestinations(of: runs.twice) ?? runs.twice)
        var evidence = known
        if let reviewed {
            // What the drive says now is of what it gave again. What is kept all the same is what it was, and in doubt
            // where what came again speaks against it.
            let again = recovery.reviewed
            let replaced = again.subtracting(recovery.unconfirmed)
            evidence = reviewed.before
            evidence.forget(replaced)
            doubtful = doubtful.union(recovery.disputed).intersection(again)
            twice = twice.intersection(replaced)
        }
        evidence.doubtful.formUnion(doubtful)
        evidence.wrong.formUnion(RangeSet(source.disc.damaged))
        for run in twice.ranges { evidence.noteTwice(run) }
        return evidence
    }

    /// Plans to take from another image what this one lacks.
    private func add(_ other: MergedImage) throws(Failure) {
        try checkSize(other.map.sectorCount, other.path)
        let theirs = RangeSet(other.map.ranges(.finished))
        let taken = merged.flatMap(\.gains)
        var map = recovery.map
        let own = RangeSet(map.ranges(.finished)).intersection(theirs)
        var isSame = false
        if isResumed {
            isSame = try check(own, other.path, isNeeded: false, other.read) { [self] in
                try kept($0, &$1)
            }
        }
        if !isSame { try check(theirs, other.path, other.read) { try self.read($0, &$1) } }
        for range in taken { map.mark(range, .finished) }
        merged.append((other, map.gains(from: other.map)))
    }

    /// Fails if an image is of a disc of another size.
    ///
    /// ddrescue takes all that the drive counts, which may be more than the image of the disc has.
    private func checkSize(_ count: Int, _ path: FilePath) throws(Failure) {
        let sectors = recovery.map.sectorCount
        guard count != sectors, !source.otherSizes.contains(count) else { return }
        throw Failure(
            .source,
            .otherDisc,
            "\(path) is of a disc of \(count) sectors, and the one in the drive has \(sectors).",
            meaning: "Nothing was read or changed.",
            advice: "Put the disc in that it was begun with, or another copy of it."
        )
    }

    /// Fails if what was read is not what somebody else has there.
    ///
    /// - Returns: Whether anything could be compared, if that is not needed.
    @discardableResult
    private func check(
        _ sectors: RangeSet<Int>,
        _ path: FilePath,
        isNeeded: Bool = true,
        _ one: SameDisc.Reader,
        with other: SameDisc.Reader
    ) throws(Failure) -> Bool {
        let wanted = sectors.intersection(recovery.wanted)
        guard !wanted.isEmpty else { return isNeeded }
        let tracks = source.wanted.layout.tracks.map { RangeSet($0.extent) }
        let areas = sink.requests.flatMap { request in
            tracks.flatMap {
                wanted.intersection(RangeSet(request.sectors)).intersection($0).ranges
            }
        }
        .sorted { $0.lowerBound < $1.lowerBound }
        do {
            let verdict = try SameDisc.compare(
                areas,
                kind: { sector in
                    (request(of: sector)?.form ?? .user, source.wanted.storage(at: sector).mode)
                },
                one,
                with: other,
                &known
            )
            switch verdict {
            case .same, .zeros: return true
            case .different(let sector, _):
                throw Failure(
                    .source,
                    .otherDisc,
                    "\(path) is of another disc: sector \(sector) is not the same.",
                    meaning: "Nothing was read or changed.",
                    advice: request(of: sector)?.form == .user
                        ? "Put the disc in that it was begun with, or another copy of it."
                        : "Put the disc in that it was begun with, and into the same drive if it has audio: drives place samples differently."
                )
            case .unknown where !isNeeded: return false
            case .unknown:
                throw Failure(
                    .source,
                    "Whether \(path) is of the disc in the drive can't be seen: none of its sectors can be read from it.",
                    meaning: "Nothing was read or changed.",
                    advice: "Try another drive."
                )
            }
        } catch let failure as Failure {
            throw failure
        } catch let error as SystemError {
            throw Failure(reading: path, error)
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "The disc could not be compared with \(path): \(error)",
                meaning: "Nothing was changed.",
                advice: "Try again."
            )
        }
    }

    private func request(of sector: Int) -> SectorRequest? {
        sink.requests.first { $0.sectors.contains(sector) }
    }

    /// Reads what the image has.
    private func kept(_ sectors: Range<Int>, _ buffer: inout MutableSpan<UInt8>) throws -> Bool {
        guard let request = request(of: sectors.lowerBound) else { return false }
        return try sink.read(into: &buffer, at: sectors.lowerBound, for: request)
    }

    /// Reads what the disc has.
    private func read(_ sectors: Range<Int>, _ buffer: inout MutableSpan<UInt8>) throws -> Bool {
        guard let form = request(of: sectors.lowerBound)?.form else { return false }
        var next = sectors.lowerBound
        do {
            while next < sectors.upperBound {
                let done = (next - sectors.lowerBound) * form.size
                var rest = buffer._mutatingExtracting(done..<buffer.count)
                next += max(1, try source.wanted.read(form, at: next, into: &rest))
            }
            return true
        } catch is UnreadableSectors {
            return false
        }
    }

    // MARK: The copy

    /// Reads the disc.
    ///
    /// - Returns: What `conclude` gives, or what was kept where it was stopped or failed.
    /// - Throws: What went wrong where nothing was kept.
    func copy(
        _ observers: [any SectorObserver],
        _ cancellation: Cancellation,
        _ conclude: (DiscCopy.Result) throws -> JobResult
    ) throws -> JobResult {
        var hasBegun = false
        do {
            let bytes = sink.requests.reduce(0) { $0 + $1.sectors.count * $1.form.size }
            let average = Double(bytes) / Double(max(1, recovery.wantedCount))
            let singleSpeed = source.report.medium?.facts.bytesPerSecondAtSingleSpeed
            var progress: RipProgress? = try RipProgress(
                RateMeter(
                    phase: .read,
                    total: bytes,
                    done: Int(Double(recovery.readCount) * average),
                    singleSpeed: singleSpeed
                ),
                bytesPerSector: average,
                tell: tell
            )
            func endProgress() {
                progress?.finish(recovery)
                progress = nil
            }
            var keeper: MapKeeper?
            recovery.begun = { [self] in
                guard sink.isResumable else { return }
                if !isResumed { try map.write(recovery.file) }
                hasBegun = true
                try merge(cancellation)
                keeper = try MapKeeper(sink.unfinished?.files ?? [], map)
            }
            recovery.step = { [self] outcome in
                progress?.update(recovery, outcome)
                guard let keeper else { return }
                let pass = (recovery.file.activity, recovery.file.pass)
                guard keeper.isDue || pass != keptPass else { return }
                keptPass = pass
                try sink.settle()
                keeper.keep(recovery.file, evidence)
            }
            recovery.ended = endProgress
            recovery.rereading = Self.told(.hash, tell)
            recovery.sparesEnd = options.sparesEnd
            let tell = tell
            recovery.spared = { tell(.message(JobMessage(.note, Self.sparing))) }
            planReview(begun: endProgress) { count throws(SystemError) in
                progress = try RipProgress(
                    RateMeter(
                        phase: .read,
                        total: Int(Double(count) * average),
                        singleSpeed: singleSpeed
                    ),
                    bytesPerSector: average,
                    done: { $0.reviewed.elementCount },
                    tell: tell
                )
            }
            var isOver = false
            func endReading() {
                guard !isOver else { return }
                isOver = true
                keeper?.finish()
                endProgress()
                recovery.begun = {}
                recovery.ended = {}
                recovery.rereading = { _, _ in }
                recovery.review = nil
                recovery.step = { _ in }
            }
            defer { endReading() }
            var result: JobResult?
            let copied = try DiscCopy.run(
                from: source.wanted,
                to: sink,
                cancellation,
                observers: observers,
                recovery: recovery,
                check: { copied in
                    endReading()
                    try checkSameDisc()
                    var concluded = try conclude(copied)
                    try keepMap(&concluded)
                    result = concluded
                }
            )
            if !copied.isCancelled, let result { return result }
            throw Failure.stopped("rip")
        } catch {
            if hasBegun { return cancellation.isRequested ? interrupted() : failed(error) }
            if !isResumed {
                map.remove()
                sink.abandon()
            }
            throw error
        }
    }

    /// What a first wish to stop brings when all has been read.
    private static let sparing =
        "The disc has been read. Nothing more is read of it, and what was read is finished; stop once more to end that, too."

    /// Tells how far a phase is.
    private static func told(
        _ phase: JobProgress.Phase,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) -> (Int, Int) -> Void {
        var meter: RateMeter?
        return { done, total in
            var own = meter ?? RateMeter(phase: phase, total: total)
            if own.isDue || done == total { tell(.progress(own.progress(bytes: done))) }
            meter = own
        }
    }

    /// Copies into the image what other images have.
    private func merge(_ cancellation: Cancellation) throws {
        let size = bytesPerSector
        var map = recovery.map
        var buffer = [UInt8](repeating: 0, count: 512 * size)
        for (other, gains) in merged {
            for range in gains {
                guard let request = request(of: range.lowerBound) else { continue }
                var start = range.lowerBound
                while start < range.upperBound, !cancellation.isRequested {
                    let part = start..<min(range.upperBound, start + buffer.count / size)
                    var span = buffer.mutableSpan
                    guard try other.read(part, into: &span) else { break }
                    try sink.write(
                        buffer.span.extracting(first: part.count * size),
                        subchannel: Span(),
                        at: start,
                        for: request
                    )
                    map.mark(part, .finished)
                    start = part.upperBound
                }
            }
        }
        recovery.map = map
    }

    /// Fails where another disc is in the drive than when the rip began.
    ///
    /// The unit attention that tells of a change goes to whoever sends the next command, and that may
    /// be another program. A drive that tells nothing any more takes nothing back of what it read.
    ///
    /// Discs of one size look alike to all questions, so the first and the last sectors of user data are
    /// read once more, too.
    private func checkSameDisc() throws {
        guard let now = try? source.drive.inspectDisc(), now.state != .none, now.problem == nil
        else { return }
        let read = RangeSet(recovery.map.ranges(.finished)).intersection(recovery.wanted).ranges
        let ends = [read.first?.prefix(32), read.last?.suffix(32)].compactMap(\.self)
        let isSame = ends.allSatisfy { sectors in
            guard request(of: sectors.lowerBound)?.form == .user else { return true }
            let mode = source.wanted.storage(at: sectors.lowerBound).mode
            let verdict = try? SameDisc.compare(at: sectors, .user, mode, kept) {
                try self.read($0, &$1)
            }
            guard case .different = verdict else { return true }
            return false
        }
        guard !now.matches(source.report) || !isSame else { return }
        throw Failure.otherDisc(source.drive.path)
    }

    // MARK: The end

    /// Writes the map where sectors are missing; else one that is there is taken away when the image gets
    /// its name.
    private func keepMap(_ result: inout JobResult) throws(SystemError) {
        addOrigins(to: &result)
        var file = recovery.file
        guard !file.map.missing.isEmpty || source.missingBehind > 0 else {
            return map.retire(with: sink.unfinished)
        }
        let untried = file.map.count(.untried)
        result.untriedSectors = untried > 0 ? untried : nil
        result.limit = recovery.end?.name
        result.map = map.path.text
        if recovery.end == .finished { file.position = file.map.sectorCount }
        file.map.append(source.missingBehind)
        try map.write(file)
        try map.write(evidence)
    }

    /// Where sectors come from that this rip did not read.
    private func addOrigins(to result: inout JobResult) {
        if isResumed { result.resumedSectors = keptSectors }
        if !options.merged.isEmpty { result.mergedSectors = mergedSectors }
    }

    /// Keeps what was read until somebody wished to stop.
    private func interrupted() -> JobResult {
        let what =
            "The rip was stopped after \(recovery.readCount) of \(Wording.sectors(recovery.wantedCount))."
        guard !options.isTemporary else {
            return dropped(
                Failure(
                    .interruption,
                    what,
                    meaning: "The disc was only read.",
                    advice: "Start again from the beginning."
                )
            )
        }
        keep()
        return result(
            Failure(
                .interruption,
                what,
                meaning: "What was read is in \(parts), with its map \(map.path).",
                advice: "Go on with \(options.resumption), or let ddrescue go on with the map."
            )
        )
    }

    /// Keeps nothing of what was read.
    private func dropped(_ failure: Failure) -> JobResult {
        map.remove()
        sink.abandon()
        return JobResult(failure, verb: "rip", bytes: 0)
    }

    /// Keeps what was read before a failure: from a failing disc it may not come again.
    private func failed(_ error: any Error) -> JobResult {
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
        guard !options.isTemporary, recovery.readCount > 0 || isResumed else {
            return dropped(failure)
        }
        keep()
        let kept = "What was read until then is in \(parts)"
        failure.meaning = [
            failure.meaning,
            map.isOwn
                ? "\(kept), with its map \(map.path): \(options.resumption) goes on with them, and --force replaces them."
                : "\(kept), which --force replaces.",
        ].filter { !$0.isEmpty }.joined(separator: " ")
        return result(failure)
    }

    /// Leaves the files under the names that end in “.part”, with the map of what they hold.
    private func keep() {
        // A map that claims more than its files have is not believed.
        try? sink.settle()
        do {
            try sink.unfinished?.keep()
        } catch {
            // Of files that may have lost something nobody knows what they hold.
            return map.remove()
        }
        // On a full disk the last map that was written stays, which promises less.
        try? map.write(recovery.file)
        try? map.write(evidence)
    }

    /// A result with what was kept.
    private func result(_ failure: Failure) -> JobResult {
        let read = RangeSet(recovery.map.ranges(.finished)).intersection(recovery.wanted)
        let bytes = sink.requests.reduce(0) { sum, request in
            let own = read.intersection(RangeSet(request.sectors)).ranges
            return sum + own.reduce(0) { $0 + $1.count } * request.form.size
        }
        var result = JobResult(failure, verb: "rip", bytes: bytes)
        let files = sink.files.map { UnfinishedFiles.unfinished($0).text }
        result.output = options.partial.text
        result.files = files.count > 1 ? files : nil
        result.map = map.isOwn ? map.path.text : nil
        addOrigins(to: &result)
        return result
    }

    /// The unfinished files, in a sentence.
    private var parts: String {
        let parts = sink.files.map { UnfinishedFiles.unfinished($0).string }
        return parts.count > 3
            ? "\(parts[0]) and \(parts.count - 1) other files ending in .part"
            : parts.joined(separator: " and ")
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
