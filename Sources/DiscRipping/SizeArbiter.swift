import DiscDrives
import DiscFiles
import DiscModel
import LinuxCalls
import MMC
import Reports
import Transfer

/// Finds out how large a disc is, from everyone who says so, and never cuts it short in silence.
struct SizeArbiter {
    let drive: Drive
    let report: DiscReport

    /// Looks at the disc and decides where its image ends.
    func decide() throws(Failure) -> ImageExtent {
        guard let medium = report.medium else {
            throw Failure(
                .unsuitable,
                "The drive does not know this kind of disc (\(report.profile)).",
                meaning: "Nothing was read.",
                advice: "Try another drive."
            )
        }
        let driveClaims = driveClaims()
        guard let largest = driveClaims.map(\.sectors).max(), largest > 0 else {
            throw Failure(
                .unsuitable,
                "The disc has no track that can be read.",
                meaning: "Nothing was read.",
                advice: "See “spindle info” for what the drive says."
            )
        }
        do {
            var (readableEnd, runOut) = try readableEnd(driveClaims.map(\.sectors))
            let source = DriveSource(drive, report, sectors: readableEnd)
            let lastSession = report.layout.sessions.last?.tracks.first?.start.rawValue ?? 0
            let content = try DiscContent.examine(
                source,
                sessionStart: report.isOverwritable ? 0 : max(0, lastSession)
            )
            let claimed = content.claimedEnd
            if let claimed, claimed > readableEnd {
                if runOut > 0 {
                    // Sectors that belong to the image are no run-out: they are damaged.
                    readableEnd = min(claimed, readableEnd + runOut)
                    runOut = 0
                } else if try isReadable(claimed - 1) {
                    // The drive is wrong about the size, and the image is right.
                    readableEnd = claimed
                }
            } else if let claimed, try isRunOut(claimed..<readableEnd) {
                // Damage before it hid what it is.
                runOut = readableEnd - claimed
                readableEnd = claimed
            }
            let tail = claimed.map { $0..<max($0, readableEnd) } ?? 0..<0
            let evidence = ExtentEvidence(
                medium: medium,
                isOverwritable: report.isOverwritable,
                driveClaims: driveClaims,
                readableEnd: readableEnd,
                runOut: runOut,
                gaps: try gaps(),
                contentClaims: contentClaims(content),
                claimedEnd: claimed,
                volumeEnd: content.volumeEndSector,
                tailIsZero: report.isOverwritable ? nil : try isZero(tail)
            )
            return ImageExtent(deciding: evidence)
        } catch let failure as Failure {
            throw failure
        } catch let error as TransportError {
            throw Failure(error, meaning: "Nothing was read.")
        } catch {
            throw Failure(
                .trouble,
                "The disc can't be looked at: \(error)",
                meaning: "Nothing was read.",
                advice: "Clean the disc, or try another drive."
            )
        }
    }

    /// What the drive says, question by question.
    private func driveClaims() -> [JobPlan.SizeClaim] {
        var claims: [JobPlan.SizeClaim] = []
        if let capacity = report.capacity, capacity.sectors > 0 {
            claims.append(JobPlan.SizeClaim(source: "READ CAPACITY", sectors: capacity.sectors))
        }
        if let leadOut = report.tableOfContents?.leadOut, leadOut.rawValue > 0 {
            claims.append(JobPlan.SizeClaim(source: "READ TOC", sectors: leadOut.rawValue))
        }
        if report.isOverwritable, claims.isEmpty, let sectors = report.writableSectors, sectors > 0
        {
            claims.append(JobPlan.SizeClaim(source: "READ FORMAT CAPACITIES", sectors: sectors))
        }
        let recorded = report.trackStates.filter { !$0.isBlank && $0.size > 0 }
        if !report.isOverwritable, let last = recorded.max(by: { $0.start < $1.start }) {
            let size = last.nextWritable.map { $0 - last.start } ?? last.size
            claims.append(
                JobPlan.SizeClaim(
                    source: "READ TRACK INFORMATION",
                    sectors: last.start.rawValue + size
                )
            )
        }
        return claims
    }

    /// The end of what can be read, and the run-out sectors behind it.
    ///
    /// The largest claim whose last sector can be read wins. On a CD, up to two sectors behind the
    /// data of a track that was written at once are run-out: in the table of contents, but not to
    /// be read. Sectors that are damaged, not absent, still count as there.
    private func readableEnd(_ claims: [Int]) throws -> (end: Int, runOut: Int) {
        let candidates = Set(claims).sorted(by: >)
        for (end, next) in zip(candidates, candidates.dropFirst() + [0]) {
            let last = try probe(end - 1)
            if last == .readable { return (end, 0) }
            if let runOut = try runOut(before: end) {
                // A track that ends among these sectors, or right before them, has its own run-out
                // before that.
                let begin = end - runOut
                if next > begin { continue }
                if next == begin, try probe(next - 1) == .absent { continue }
                return (begin, runOut)
            }
            if last == .damaged || last == .unknown { return (end, 0) }
        }
        return (candidates.first ?? 0, 0)
    }

    /// The run-out sectors at the end of a track whose last sector can't be read.
    ///
    /// - Returns: Nothing where they are none: where what lies before can't be read either, or where
    ///   the drive speaks of itself, or of a pressed disc, which has none.
    private func runOut(before end: Int) throws -> Int? {
        guard report.medium?.facts.family == .cd, end > 2, !isPressed else { return nil }
        let last = try probe(end - 1)
        guard last != .readable, last != .unknown else { return nil }
        let before = try probe(end - 2)
        if before == .readable { return 1 }
        guard before != .unknown else { return nil }
        // Two sectors that the drive refuses as no data are run-out, whatever lies before them.
        if last == .absent, before == .absent { return 2 }
        return try probe(end - 3) == .readable ? 2 : nil
    }

    /// Whether sectors behind a file system can be a CD's run-out: at most two, none of which can be read.
    private func isRunOut(_ range: Range<Int>) throws -> Bool {
        guard report.medium?.facts.family == .cd, !isPressed, 1...2 ~= range.count else {
            return false
        }
        return try range.allSatisfy { sector in
            let probe = try probe(sector)
            return probe == .absent || probe == .damaged
        }
    }

    /// Whether it is a pressed CD by the word of a drive that tells recordable ones apart.
    private var isPressed: Bool {
        report.medium == .cdROM
            && report.configuration?.profiles.contains { $0.medium == .cdR } ?? false
    }

    private enum Probe {
        case readable
        /// The sector is there and can't be read.
        case damaged
        /// The drive says that there is no such sector, or none with data.
        case absent
        /// The drive, or the way to it, fails for a reason that is not the sector's.
        case unknown
    }

    private func probe(_ sector: Int) throws -> Probe {
        let source = DriveSource(drive, report, sectors: sector + 1)
        var bytes = [UInt8](repeating: 0, count: source.sectorSize)
        var span = bytes.mutableSpan
        do {
            try source.readRun(at: sector, sectors: 1, into: &span)
            return .readable
        } catch is UnreadableSectors {
            // What no command can ask for is not there, whoever claims it.
            guard UInt32(exactly: sector) != nil else { return .absent }
            guard let sense = source.lastSense else { return .damaged }
            return switch sense.key {
            case .illegalRequest, .blankCheck: .absent
            case .hardwareError, .abortedCommand: .unknown
            default: .damaged
            }
        }
    }

    private func isReadable(_ sector: Int) throws -> Bool {
        try probe(sector) == .readable
    }

    /// Whether sectors are all zero; nothing where they are more than are ever left out, or can't be
    /// read.
    private func isZero(_ range: Range<Int>) throws -> Bool? {
        guard range.count <= 512 else { return nil }
        let source = DriveSource(drive, report, sectors: range.upperBound)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.step) {
            let piece = start..<min(start + Self.step, range.upperBound)
            guard let zero = try isZero(piece, source) else { return nil }
            guard zero else { return false }
        }
        return true
    }

    private static let step = DriveSource.safeSectorsPerCommand

    /// The same of sectors that are read in one command or, where that fails, in halves: a drive that
    /// reads ahead into run-out fails for good sectors before it.
    private func isZero(_ range: Range<Int>, _ source: DriveSource) throws -> Bool? {
        var bytes = [UInt8](repeating: 0, count: range.count * source.sectorSize)
        var span = bytes.mutableSpan
        do {
            try source.readRun(at: range.lowerBound, sectors: range.count, into: &span)
            return Bytes.areZero(bytes.span)
        } catch is UnreadableSectors {
            guard range.count > 1 else { return nil }
        }
        let middle = range.lowerBound + range.count / 2
        let first = try isZero(range.lowerBound..<middle, source)
        return first == true ? try isZero(middle..<range.upperBound, source) : first
    }

    private func contentClaims(_ content: DiscContent) -> [JobPlan.SizeClaim] {
        content.claims.compactMap { claim in
            claim.endSector.map {
                JobPlan.SizeClaim(source: claim.kind.displayName, sectors: $0)
            }
        }
    }

    /// What lies between one session's data and the next one's first track: run-out, where the track
    /// was written at once, lead-out, lead-in and pregap.
    private func gaps() throws -> [Range<Int>] {
        guard !report.isOverwritable else { return [] }
        let sessions = report.layout.sessions
        return try zip(sessions, sessions.dropFirst()).compactMap { before, after in
            guard let end = before.tracks.last?.end.rawValue,
                let start = after.tracks.first?.start.rawValue, start > end
            else { return nil }
            return try end - (isReadable(end - 1) ? 0 : runOut(before: end) ?? 0)..<start
        }
    }
}
