import DiscFiles
import LinuxCalls
package import Reports
package import Transfer

/// Compares two trees of files, each of them on a disc, in an image or in a directory.
///
/// Compared are names, kinds, sizes, bytes, links' targets, devices' numbers, permissions, owners and times
/// of modification: what both trees keep. The roots have no names and are not compared themselves.
///
/// Its statuses, and with them the exit codes:
///
/// - verified: all of that is equal, and there was something to compare.
/// - differs: something is not.
/// - incomplete: nothing that could be compared differs, but sectors can't be read, or a tree is broken.
/// - not verified: neither has an entry, or files or directories of the system can't be read.
package struct TreeVerifyJob {
    private static let verb = "verify"
    /// Bytes that are compared at once.
    private static let piece = 1 << 20
    /// Differences and problems that are kept.
    private static let most = 1000
    /// Differences and problems that are told in sentences.
    private static let mostTold = 20
    /// Damaged files that are kept.
    private static let mostDamaged = 1000

    private let first: any ComparedTree
    private let second: any ComparedTree
    private let ignored: Set<TreeDifference.Subject>
    private let notes: [String]

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - first: A tree.
    ///   - second: The tree that it is compared with.
    ///   - ignored: What is not compared.
    ///   - notes: What a person should know of the trees, a sentence each.
    package init(
        _ first: any ComparedTree,
        _ second: any ComparedTree,
        ignoring ignored: Set<TreeDifference.Subject>,
        notes: [String]
    ) {
        self.first = first
        self.second = second
        self.ignored = ignored
        self.notes = notes
    }

    /// Two files with the same name.
    private struct Pair {
        var first: ComparedEntry
        var second: ComparedEntry

        /// The sector that bytes on a disc begin with, to read it from its beginning to its end.
        var firstSector: Int {
            for entry in [first, second] {
                guard case .disc(let found) = entry.place else { continue }
                return found.extents.lazy.compactMap(\.sectors).first?.lowerBound ?? 0
            }
            return 0
        }
    }

    /// What was found so far.
    private struct Findings {
        var entries = 0
        var bytes = 0
        var differences: [TreeDifference] = []
        var counts: [TreeDifference.Subject: Int] = [:]
        var onlyFirst = 0
        var onlySecond = 0
        /// What only one of them has, where it is not known whether the other one has it, too.
        var perhapsOnlyFirst = 0
        var perhapsOnlySecond = 0
        var kept: [TreeDifference.Subject: Int] = [:]
        var problems: [String] = []
        var furtherProblems = 0
        var isUnread = false
        var isBroken = false
        var damaged: [DamagedFile] = []
        var furtherDamaged = 0
        var unreadable = 0
        var firstUnreadable: Int?

        mutating func differ(
            _ path: String,
            _ subject: TreeDifference.Subject,
            _ first: String,
            _ second: String
        ) {
            counts[subject, default: 0] += 1
            differences.append(TreeDifference(path: path, subject, first, second))
        }

        /// Whether all files are there and have the same bytes, but something else differs.
        var isOnlyOfMetadata: Bool {
            !counts.isEmpty && counts.keys.allSatisfy(TreeDifference.Subject.ignorable.contains)
                && unreadable == 0 && !isBroken && !isUnread
        }

        mutating func note(_ sentence: String) {
            if problems.count < TreeVerifyJob.most {
                problems.append(sentence)
            } else {
                furtherProblems += 1
            }
        }
    }

    /// Compares.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan and the progress, on the calling thread.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if a tree can't be read at all, or the job was stopped.
    package func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        var findings = Findings()
        let known = try entries(of: first, &findings, cancellation)
        let others = try entries(of: second, &findings, cancellation)
        var rest = others.entries
        var pairs: [Pair] = []
        for (key, entry) in known.entries {
            guard let other = rest.removeValue(forKey: key) else {
                guard !others.mayHave(key) else {
                    findings.perhapsOnlyFirst += 1
                    continue
                }
                findings.onlyFirst += 1
                findings.differ(entry.path, .presence, Self.text(entry), "nothing")
                continue
            }
            findings.entries += 1
            compare(entry, other, &findings)
            if entry.kind == .file, other.kind == .file, entry.size == other.size, entry.size > 0 {
                pairs.append(Pair(first: entry, second: other))
            }
        }
        for (key, entry) in rest {
            guard !known.mayHave(key) else {
                findings.perhapsOnlySecond += 1
                continue
            }
            findings.onlySecond += 1
            findings.differ(entry.path, .presence, "nothing", Self.text(entry))
        }
        let total = pairs.reduce(0) { $0.addingReportingOverflow($1.first.size).partialValue }
        var plan = JobPlan(verb: Self.verb, source: first.name, target: second.name)
        plan.bytes = total
        plan.notes = notes
        plan.notes.append(
            "\(first.name) has \(Wording.counted(known.entries.count, "entry", "entries")), and \(second.name) \(Wording.counted(others.entries.count, "entry", "entries"))."
        )
        tell(.plan(plan))
        var meter = RateMeter(phase: .verify, total: total)
        pairs.sort { ($0.firstSector, $0.first.path) < ($1.firstSector, $1.first.path) }
        for pair in pairs where !cancellation.isRequested {
            compareBytes(pair, &findings, &meter, cancellation, tell)
        }
        guard !cancellation.isRequested else { throw stopped() }
        return result(findings)
    }

    private func stopped() -> Failure {
        Failure(
            .interruption,
            "The comparison was stopped.",
            meaning: "Nothing is known of what was not compared until then.",
            advice: ""
        )
    }

    /// All entries of a tree.
    private func entries(
        of tree: any ComparedTree,
        _ findings: inout Findings,
        _ cancellation: Cancellation
    ) throws(Failure) -> Contents {
        let ignores = first.ignoresComposition || second.ignoresComposition
        var contents = Contents()
        var twice: [String] = []
        do {
            let gaps = try tree.walk { entry in
                let key = Key(path: entry.path, ignoresComposition: ignores)
                if contents.entries.updateValue(entry, forKey: key) != nil {
                    twice.append(entry.path)
                }
                return !cancellation.isRequested
            }
            if gaps.isIncomplete {
                if tree.isDisc { findings.isBroken = true } else { findings.isUnread = true }
            }
            for problem in gaps.problems { findings.note(problem) }
            for path in gaps.paths {
                contents.gaps.insert(Key(path: path, ignoresComposition: ignores))
            }
        } catch {
            let reason = (error as? SystemError)?.reason ?? Failure.clause(of: error)
            throw Failure(
                .trouble,
                (error as? SystemError).map(Failure.Reason.init(ofSource:)) ?? .readError,
                "\(tree.name) can't be read: \(reason).",
                meaning: "Nothing was compared.",
                advice: "See that it is there and that you may read it."
            )
        }
        guard !cancellation.isRequested else { throw stopped() }
        for path in twice {
            findings.isBroken = true
            findings.note(
                "\(tree.name) has \(FileName.shown(path)) twice; only one of them was compared."
            )
        }
        return contents
    }

    private static func text(_ entry: ComparedEntry) -> String {
        entry.kind == .file
            ? "a file of \(Wording.bytes(entry.size))" : "a \(text(entry.kind))"
    }

    private static func text(_ kind: FileKind) -> String {
        switch kind {
        case .symlink: "link"
        case .fifo: "pipe"
        case .blockDevice, .characterDevice: "device"
        case .file, .directory, .socket: kind.rawValue
        }
    }

    // MARK: What is known of entries

    private func compare(
        _ entry: ComparedEntry,
        _ other: ComparedEntry,
        _ findings: inout Findings
    ) {
        guard entry.kind == other.kind else {
            return findings.differ(entry.path, .kind, Self.text(entry), Self.text(other))
        }
        if entry.kind == .file, entry.size != other.size {
            findings.differ(
                entry.path,
                .size,
                Wording.bytes(entry.size),
                Wording.bytes(other.size)
            )
        }
        compare(entry, other, .target, \.target, &findings, isSame) { "“\($0)”" }
        compare(entry, other, .device, \.device, &findings) {
            $0.map(String.init).joined(separator: ":")
        }
        // The permissions of links mean nothing on Linux.
        if entry.kind != .symlink {
            compare(entry, other, .permissions, \.permissions, &findings) {
                String($0, radix: 8)
            }
        }
        compare(entry, other, .owner, \.owner, &findings) {
            $0.map(String.init).joined(separator: ":")
        }
        compare(entry, other, .time, \.modified, &findings) {
            FileTime(seconds: $0).description
        }
        compare(entry, other, .attributes, \.attributes, &findings) { attributes in
            let parts = attributes.map {
                "“\(FileName.shown($0.name))” (\(Wording.bytes($0.value.count)))"
            }
            return parts.joined(separator: ", ")
        }
        if entry.hasStreams || other.hasStreams { findings.kept[.streams, default: 0] += 1 }
    }

    /// Whether two links lead to the same: discs keep a target as names, with no slash more than it needs.
    private func isSame(_ one: String, _ other: String) -> Bool {
        let ignoresComposition = first.ignoresComposition || second.ignoresComposition
        let isPlain = first.isDisc || second.isDisc
        let keys = [one, other].map {
            Key(
                path: isPlain ? FileName.plainTarget($0) : $0,
                ignoresComposition: ignoresComposition
            )
        }
        return keys[0] == keys[1]
    }

    /// Compares one fact, if both have it.
    private func compare<Fact: Equatable>(
        _ entry: ComparedEntry,
        _ other: ComparedEntry,
        _ subject: TreeDifference.Subject,
        _ fact: KeyPath<ComparedEntry, Fact?>,
        _ findings: inout Findings,
        _ isSame: (Fact, Fact) -> Bool = { $0 == $1 },
        _ text: (Fact) -> String
    ) {
        let (one, two) = (entry[keyPath: fact], other[keyPath: fact])
        guard let one, let two, !ignored.contains(subject) else {
            // What neither has is not there to be compared.
            if one != nil || two != nil { findings.kept[subject, default: 0] += 1 }
            return
        }
        guard !isSame(one, two) else { return }
        findings.differ(entry.path, subject, text(one), text(two))
    }

    // MARK: Bytes

    private func compareBytes(
        _ pair: Pair,
        _ findings: inout Findings,
        _ meter: inout RateMeter,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) {
        let path = pair.first.path
        var reading = PatientReading(
            of: pair.first.size,
            inPiecesOf: min(Self.piece, pair.first.size)
        )
        do {
            let (one, two) = (try first.open(pair.first), try second.open(pair.second))
            let size = pair.first.size
            guard one.count == size, two.count == size else {
                findings.isBroken = true
                return findings.note(
                    "\(FileName.shown(path)) has not as many bytes as its entry says."
                )
            }
            var (left, right) = (
                [UInt8](repeating: 0, count: min(Self.piece, size)),
                [UInt8](repeating: 0, count: min(Self.piece, size))
            )
            var place = 0
            while place < size, !cancellation.isRequested {
                let count = min(reading.step, size - place)
                do {
                    try Self.fill(&left, count, one, place)
                    try Self.fill(&right, count, two, place)
                } catch let error as UnreadableSectors {
                    place += reading.fail(error, at: place)
                    if meter.isDue { tell(.progress(meter.progress(bytes: findings.bytes))) }
                    continue
                }
                if let byte = Self.firstDifference(left, right, count) {
                    findings.differ(
                        path,
                        .content,
                        "byte \(place + byte) is \(left[byte])",
                        "byte \(place + byte) is \(right[byte])"
                    )
                    break
                }
                place += count
                findings.bytes += count
                reading.succeed()
                if meter.isDue { tell(.progress(meter.progress(bytes: findings.bytes))) }
            }
        } catch {
            let reason = (error as? SystemError)?.reason ?? Failure.clause(of: error)
            if error is SystemError || error is ChangedFile {
                findings.isUnread = true
            } else {
                findings.isBroken = true
            }
            findings.note("\(FileName.shown(path)) can't be read: \(reason).")
        }
        if let first = reading.unreadable.min() {
            note(reading.unreadable.count, from: first, of: pair.first, &findings)
        }
        if let omission = reading.omission {
            findings.note("\(FileName.shown(path)): \(omission).")
        }
    }

    private static func fill(
        _ buffer: inout [UInt8],
        _ count: Int,
        _ bytes: any FileBytes,
        _ place: Int
    ) throws {
        var done = 0
        while done < count {
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(done..<count)
            let read = try bytes.read(at: place + done, into: &part)
            guard read > 0 else { throw ChangedFile() }
            done += read
        }
    }

    private static func firstDifference(_ one: [UInt8], _ other: [UInt8], _ count: Int) -> Int? {
        if one[..<count] == other[..<count] { return nil }
        return (0..<count).first { one[$0] != other[$0] }
    }

    private func note(
        _ count: Int,
        from sector: Int,
        of entry: ComparedEntry,
        _ findings: inout Findings
    ) {
        findings.unreadable += count
        findings.firstUnreadable = min(findings.firstUnreadable ?? .max, sector)
        guard findings.damaged.count < Self.mostDamaged else {
            findings.furtherDamaged += 1
            return
        }
        findings.damaged.append(
            DamagedFile(
                path: entry.path,
                bytes: entry.size,
                unreadableSectors: count
            )
        )
    }

    // MARK: How it ended

    private func result(_ findings: Findings) -> JobResult {
        let status: JobStatus =
            !findings.differences.isEmpty
            ? .differs
            : findings.unreadable > 0 || findings.isBroken
                ? .incomplete
                : findings.isUnread || findings.entries == 0 ? .notVerified : .verified
        var result = JobResult(status, verb: Self.verb, bytes: findings.bytes)
        result.entries = findings.entries
        let differences = findings.differences.sorted {
            ($0.path, $0.subject.rawValue) < ($1.path, $1.subject.rawValue)
        }
        if !differences.isEmpty { result.differences = Array(differences.prefix(Self.most)) }
        if differences.count > Self.most {
            result.furtherDifferences = differences.count - Self.most
        }
        let notCompared = TreeDifference.Subject.allCases.filter {
            ignored.contains($0) || findings.kept[$0] != nil
        }
        if !notCompared.isEmpty { result.notCompared = notCompared }
        if findings.unreadable > 0 {
            result.unreadableSectors = findings.unreadable
            result.firstUnreadableSector = findings.firstUnreadable
            result.damagedFiles = findings.damaged
            if findings.furtherDamaged > 0 {
                result.furtherDamagedFiles = findings.furtherDamaged
            }
        }
        if !findings.problems.isEmpty { result.problems = findings.problems }
        result.sentences = sentences(findings, differences, notCompared)
        return result
    }

    private func sentences(
        _ findings: Findings,
        _ differences: [TreeDifference],
        _ notCompared: [TreeDifference.Subject]
    ) -> [String] {
        var sentences = [headline(findings)]
        if findings.onlyFirst > 0 {
            sentences.append(
                "\(Wording.counted(findings.onlyFirst, "entry is", "entries are")) only in \(first.name)."
            )
        }
        if findings.onlySecond > 0 {
            sentences.append(
                "\(Wording.counted(findings.onlySecond, "entry is", "entries are")) only in \(second.name)."
            )
        }
        for (count, owner, other) in [
            (findings.perhapsOnlyFirst, first, second), (findings.perhapsOnlySecond, second, first),
        ] where count > 0 {
            sentences.append(
                "Whether \(other.name) has \(Wording.counted(count, "entry", "entries")) of \(owner.name), too, is not known, since not all of its directories can be read."
            )
        }
        for subject in TreeDifference.Subject.allCases where subject != .presence {
            guard let count = findings.counts[subject] else { continue }
            sentences.append(
                "The \(subject.rawValue) of \(Wording.counted(count, "entry", "entries")) \(subject == .permissions || subject == .attributes ? "differ" : "differs")."
            )
        }
        sentences += differences.prefix(Self.mostTold).map(sentence)
        if differences.count > Self.mostTold {
            sentences.append(
                "\(Wording.counted(differences.count - Self.mostTold, "difference")) more."
            )
        }
        if findings.unreadable > 0 {
            sentences.append(
                "\(Wording.sectors(findings.unreadable)) of \(Wording.counted(findings.damaged.count + findings.furtherDamaged, "file")) can't be read, and \(findings.unreadable == 1 ? "was" : "were") not compared."
            )
            sentences += findings.damaged.prefix(Self.mostTold).map {
                "Damaged: \(FileName.shown($0.path)) (\($0.unreadableSectors) of its sectors)."
            }
        }
        sentences += findings.problems.prefix(Self.mostTold)
        let untold = max(0, findings.problems.count - Self.mostTold) + findings.furtherProblems
        if untold > 0 { sentences.append("There are \(untold) more problems.") }
        sentences += omissions(findings, notCompared)
        if findings.isOnlyOfMetadata {
            sentences.append(
                "The files themselves are the same. To leave out what differs, name it with --ignore."
            )
        }
        return sentences
    }

    private func headline(_ findings: Findings) -> String {
        let both = "\(first.name) and \(second.name)"
        let compared = Wording.counted(findings.entries, "entry", "entries")
        if !findings.differences.isEmpty { return "The files of \(both) differ." }
        if findings.entries == 0 { return "\(both) have no entry to compare." }
        if findings.unreadable > 0 || findings.isBroken || findings.isUnread {
            return
                "The files of \(both) are the same as far as they could be compared: \(compared)."
        }
        return
            "The files of \(both) are the same: \(compared), \(Wording.size(findings.bytes)) compared."
    }

    private func sentence(_ difference: TreeDifference) -> String {
        let path = FileName.shown(difference.path)
        if difference.subject == .presence {
            let (owner, what) =
                difference.second == "nothing"
                ? (first.name, difference.first) : (second.name, difference.second)
            return "\(path): only in \(owner), \(what)."
        }
        return
            "\(path): \(difference.subject.rawValue): \(FileName.shown(difference.first)) in \(first.name), \(FileName.shown(difference.second)) in \(second.name)."
    }

    /// What was not compared, and why.
    private func omissions(
        _ findings: Findings,
        _ notCompared: [TreeDifference.Subject]
    ) -> [String] {
        var sentences: [String] = []
        let leftOut = notCompared.filter { ignored.contains($0) }
        if !leftOut.isEmpty {
            sentences.append("Not compared, as --ignore says: \(Self.list(leftOut)).")
        }
        if notCompared.contains(.streams) {
            sentences.append("Not compared: named streams and resource forks.")
        }
        let kept = notCompared.filter { !ignored.contains($0) && $0 != .streams }
        if !kept.isEmpty {
            sentences.append("Not compared where only one side keeps it: \(Self.list(kept)).")
        }
        return sentences
    }

    private static func list(_ subjects: [TreeDifference.Subject]) -> String {
        subjects.map(\.rawValue).joined(separator: ", ")
    }
}
