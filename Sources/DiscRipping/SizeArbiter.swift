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
    ///
    /// - Parameter keepsAll: Whether all that can be read is wanted, whatever the image claims.
    /// - Returns: Where the image ends, and who says so.
    /// - Throws: `Failure` where there is nothing to read, or the drive can't be reached.
    func decide(keepsAll: Bool) throws(Failure) -> ImageExtent {
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
            // A drive that does not say whether a disc is blank still says that it has no such sectors.
            if report.layout.tracks.isEmpty, try probe(0) == .refused,
                try probe(largest - 1) == .refused
            {
                throw Failure(
                    .unsuitable,
                    "The drive lists no track on the disc, and has no sectors to read.",
                    meaning: "The disc may be blank; nothing was read.",
                    advice: "Insert a disc that contains something, or try another drive."
                )
            }
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
            var evidence = ExtentEvidence(
                medium: medium,
                isOverwritable: report.isOverwritable,
                readableEnd: readableEnd
            )
            evidence.runOut = runOut
            evidence.keepsAll = keepsAll
            evidence.driveClaims = driveClaims
            evidence.contentClaims = contentClaims(content)
            let search = TailSearch(source: source)
            evidence.claimedEnd = claimed
            if let data = content.errorCorrection {
                try take(data, search, into: &evidence)
            }
            evidence.gaps = try gaps()
            evidence.volumeEnd = content.volumeEndSector
            evidence.isContentUnreadable = !content.unreadableSectors.isEmpty
            if let claimed = evidence.claimedEnd, claimed < readableEnd {
                evidence.tail = try search.look(
                    at: claimed..<readableEnd,
                    isSampled: report.isOverwritable
                )
            }
            return ImageExtent(deciding: evidence)
        } catch let failure as Failure {
            throw failure
        } catch let error as TransportError {
            throw Failure(error, meaning: "Nothing was read.")
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "The disc can't be looked at: \(error)",
                meaning: "Nothing was read.",
                advice: "Clean the disc, or try another drive."
            )
        }
    }

    /// Counts error-correction data as part of the image; where its header does not say how long it
    /// is, it ends where nothing but zeros follows.
    private func take(
        _ data: ErrorCorrection,
        _ search: TailSearch,
        into evidence: inout ExtentEvidence
    ) throws {
        var end = data.end
        if end == nil {
            let found = try search.dataEnd(from: data.start, upTo: evidence.readableEnd)
            evidence.contentClaims.append(
                JobPlan.SizeClaim(source: "dvdisaster", sectors: found)
            )
            evidence.claimedEnd = max(evidence.claimedEnd ?? 0, found)
            end = found
        }
        evidence.errorCorrection = TrailingData(
            .errorCorrection,
            name: "dvdisaster \(data.method)",
            start: data.start,
            sectors: end.map { $0 - data.start },
            kept: true
        )
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
            claims.append(
                JobPlan.SizeClaim(
                    source: "READ TRACK INFORMATION",
                    sectors: last.start.rawValue + last.recordedSectors
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
                if next == begin, try probe(next - 1) == .refused { continue }
                return (begin, runOut)
            }
            if last == .damaged || last == .unknown { return (end, 0) }
        }
        return (candidates.first ?? 0, 0)
    }

    /// The run-out sectors at the end of a track whose last sector can't be read.
    ///
    /// - Returns: `nil` if they are none: where what lies before can't be read either, or where
    ///   the drive speaks of itself, or of a pressed disc, which has none.
    private func runOut(before end: Int) throws -> Int? {
        guard report.medium?.facts.family == .cd, end > 2 else { return nil }
        let last = try probe(end - 1)
        guard last != .readable, last != .unknown, try !drive.isPressed(report) else { return nil }
        let before = try probe(end - 2)
        if before == .readable { return 1 }
        guard before != .unknown else { return nil }
        let body = try probe(end - 3)
        if body == .readable { return 2 }
        // Two sectors that the drive refuses as no data are run-out behind damage, too; three are not:
        // nothing was recorded up to where a list says that the track ends.
        return last == .refused && before == .refused && body != .refused ? 2 : nil
    }

    /// Whether sectors behind a file system can be a CD's run-out: at most two, none of which can be read.
    private func isRunOut(_ range: Range<Int>) throws -> Bool {
        guard report.medium?.facts.family == .cd, 1...2 ~= range.count else { return false }
        for sector in range {
            let probe = try probe(sector)
            guard probe == .refused || probe == .damaged else { return false }
        }
        return try !drive.isPressed(report)
    }

    private func probe(_ sector: Int) throws -> DriveSource.Probe {
        // What no command can ask for is not there, whoever claims it; on a CD, half of the addresses are
        // those before sector 0 (MMC-6 §4.2.4), and a capacity was seen to wrap around to them (q-040 of
        // the recorded quirks).
        let last = report.medium?.facts.family == .cd ? Int(Int32.max) : Int(UInt32.max)
        guard sector <= last else { return .refused }
        return try DriveSource(drive, report, sectors: sector + 1).probe(sector)
    }

    private func isReadable(_ sector: Int) throws -> Bool {
        try probe(sector) == .readable
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
