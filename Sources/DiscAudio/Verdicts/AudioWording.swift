import DiscModel
import Reports

/// What was found of a disc's audio, in sentences.
struct AudioWording {
    private let findings: AudioCheck.Findings
    private var report: AudioReport { findings.report }

    /// Takes what was found.
    init(_ findings: AudioCheck.Findings) {
        self.findings = findings
    }

    /// All sentences: what it comes to, what the databases have, each track, and what nobody covers.
    var sentences: [String] {
        [headline] + seams + databases + tracks
            + [shift, frames, coverage, repair].compactMap(\.self)
    }

    /// Where the tracks do not go on as in the databases.
    private var seams: [String] {
        (report.seams ?? []).map { seam in
            "Track \(seam.track) matches \(Self.distance(seam.samples)) than the track before it does: where the two meet, samples were lost, doubled or put in, or the disc is of a pressing that no database has."
        }
    }

    /// What it comes to.
    var headline: String {
        guard !isSilent else {
            return "No database gave an answer, so that nothing is known of the tracks."
        }
        let count = report.tracks.count
        func number(_ verdicts: AudioReport.Verdict...) -> Int {
            report.tracks.filter { verdicts.contains($0.verdict) }.count
        }
        let matching = number(.match, .matchShifted)
        let all = Wording.counted(count, "track")
        if matching == count {
            return count == 1
                ? "The only track matches other people's rips."
                : report.seams == nil
                    ? "All \(all) match other people's rips."
                    : "All \(all) match other people's rips, each for itself, and not as one piece."
        }
        let parts = [
            (matching, "match", "matches"), (number(.mismatch), "do not match", "does not match"),
            (number(.unreadable), "have unreadable sectors", "has unreadable sectors"),
            (
                number(.unknown), "are in no database\(asked)", "is in no database\(asked)"
            ),
        ]
        let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.2 : $0.1)" }
        return "Of \(all), \(said.joined(separator: ", "))."
    }

    /// What each database has of the disc.
    private var databases: [String] { report.databases.map(\.sentence) }

    /// Whether no database gave an answer.
    private var isSilent: Bool {
        !report.databases.isEmpty && report.databases.allSatisfy { $0.state == .noAnswer }
    }

    /// What limits “no database”, after a blank, where one gave no answer.
    private var asked: String {
        report.databases.contains { $0.state == .noAnswer } ? " that gave an answer" : ""
    }

    private var tracks: [String] {
        report.tracks.filter { !isSilent || $0.verdict != .unknown }.map { track in
            let what = "Track \(track.number)"
            let against = track.against.sorted { $0.key < $1.key }
                .map {
                    "\(Self.name($0.key)) has \(Wording.counted($0.value, "rip")) with other sums"
                }
                .joined(separator: ", ")
            let but = against.isEmpty ? "" : "; \(against)"
            switch track.verdict {
            case .match:
                return "\(what) matches: \(evidence(track) { $0.offset == 0 })\(but)."
            case .matchShifted:
                return "\(what) matches shifted: \(evidence(track) { _ in true })\(but)."
            case .mismatch: return "\(what) does not match: \(against)."
            case .unknown:
                return "\(what) is in no database\(asked.isEmpty ? " that was asked" : asked)."
            case .unreadable:
                let count = track.unreadableSectors ?? 0
                let sectors = track.start..<track.start + track.sectors
                let first = findings.unreadable.first(where: sectors.contains) ?? track.start
                return
                    "\(what) has \(Wording.counted(count, "unreadable sector")), the first of them \(first) (\(MSF(frames: first - track.start)) into the track)."
            }
        }
    }

    private func evidence(
        _ track: AudioReport.Track,
        _ isTold: (AudioReport.Evidence) -> Bool
    ) -> String {
        // The nearest, and those with most rips.
        track.evidence.filter(isTold).prefix(6).map { evidence in
            let kind = evidence.kind == "crc32" ? "" : " \(evidence.kind)"
            let shift = evidence.offset == 0 ? "" : " at \(Self.signed(evidence.offset))"
            return
                "\(Self.name(evidence.database))\(kind)\(shift), \(Wording.counted(evidence.confidence, "rip"))"
        }
        .joined(separator: "; ")
    }

    /// What a shift that all matching tracks share means.
    private var shift: String? {
        guard let best = report.offsets.first, !best.tracks.isEmpty,
            report.tracks.contains(where: { $0.verdict == .matchShifted })
        else { return nil }
        return
            "The samples lie \(Self.distance(best.samples)) than in the databases' rips (\(Self.signed(best.samples))): the disc is of another pressing, or its reader's offset was not corrected, which takes \(Self.signed(best.samples))."
    }

    /// What sector 450 says where no whole track matches.
    private var frames: String? {
        guard let best = report.offsets.first, best.tracks.isEmpty, !best.frames.isEmpty,
            report.tracks.contains(where: { $0.verdict == .mismatch })
        else { return nil }
        return
            "Sector 450 of track \(Wording.list(best.frames)) is the one that AccurateRip has, with samples that lie \(Self.distance(best.samples)) (\(Self.signed(best.samples))); the rest differs."
    }

    private var coverage: String? {
        guard !report.notCovered.isEmpty else { return nil }
        return "No database says anything of \(report.notCovered.joined(separator: ", "))."
    }

    private var repair: String? {
        guard let repair = report.repair else { return nil }
        switch repair.isPossible {
        case true?:
            let sectors = repair.sectors?.reduce(0) { $0 + $1.count } ?? 0
            return
                "The parity of entry \(repair.entry) puts \(Wording.counted(repair.samples ?? 0, "sample")) in \(Wording.sectors(sectors)) right, and its CRC-32 proves the result: “spindle convert --repair --ctdb” writes the repaired disc."
        case false?:
            return
                "The parity of entry \(repair.entry) does not suffice to put the disc right: too much differs, or it is another disc."
        case nil:
            if let problem = repair.problem {
                return
                    "The CUETools Database has parity, which may put the disc right. \(problem)"
            }
            let place = repair.location.map { " (\($0))" } ?? ""
            return
                "The CUETools Database has parity\(place), which may put the disc right: save it beside the answer as “\(repair.entry)”."
        }
    }

    /// A database's name in a sentence.
    static func name(_ name: String) -> String {
        name == AudioDatabases.ctdbName ? "the CUETools Database" : "AccurateRip"
    }

    private static func signed(_ offset: Int) -> String { offset > 0 ? "+\(offset)" : "\(offset)" }

    private static func distance(_ offset: Int) -> String {
        "\(Wording.counted(abs(offset), "sample")) \(offset > 0 ? "later" : "earlier")"
    }
}
