import Foundation

/// Judges what a run said by what its discs hold.
struct BurnJudge {
    var run: BurnRun
    /// The disc that was to be changed, before and after.
    var before: DiscTruth
    var after: DiscTruth
    /// The command's exit code, and what it printed.
    var code: Int
    var events: [Event]
    var image: Data
    /// The sum of the image, by another program.
    var sum: String
    /// What `dd` reads in a fresh drive where the image should be; `nil` if that was not tried.
    var readBack: Data?
    /// What a rip made; `nil` if there is no such file.
    var output: Data?
    /// What `info` says of the disc in a fresh drive.
    var freshState: String?

    private static let codes: [String: Set<Int>] = [
        "verified": [0], "done": [0], "failed": [1], "not-verified": [1], "differs": [2],
        "incomplete": [3], "refused": [1, 4], "interrupted": [130],
    ]
    /// What may be said only of a disc that is as it was.
    private static let unchanged = [
        "Nothing was written", "Nothing was done", "Nothing was burned", "is unchanged",
        "was not touched",
    ]

    /// What is not right about it.
    var complaints: [String] {
        guard let result = events.last, result.event == "result", let status = result.status else {
            return ["there is no result, exit code \(code)"]
        }
        var complaints = form(result, status)
        complaints += claims(result, status)
        complaints += omissions(result, status)
        return complaints
    }

    private var isWriting: Bool { [.burn, .blank, .format, .close, .copy].contains(run.verb) }

    private var isChanged: Bool { before != after }

    /// Codes, reasons and sentences.
    private func form(_ result: Event, _ status: String) -> [String] {
        var complaints: [String] = []
        if result.exitCode != code || Self.codes[status]?.contains(code) != true {
            complaints.append("\(status) with exit code \(code), told as \(result.exitCode ?? -1)")
        }
        let sentences = result.sentences ?? []
        if sentences.isEmpty { complaints.append("no sentence") }
        if ["failed", "refused", "not-verified"].contains(status) {
            if result.reason == nil { complaints.append("no reason") }
            if sentences.count < 2 { complaints.append("no meaning and no advice") }
        }
        for sentence in sentences {
            let isOdd = ["Optional(", "nil", "..", "  "].contains { sentence.contains($0) }
            if isOdd || sentence.last.map({ !".!?”)".contains($0) }) ?? true {
                complaints.append("an odd sentence: \(sentence)")
            }
        }
        return complaints
    }

    /// Whether more was said than the disc holds.
    private func claims(_ result: Event, _ status: String) -> [String] {
        var complaints: [String] = []
        let text = (result.sentences ?? []).joined(separator: " ")
        let start = result.start ?? 0
        switch (run.verb, status) {
        // The drive that is read from is believed, as in a rip.
        case (.copy, "verified") where run.fault?.text.hasPrefix("flip") == true: break
        case (.burn, "verified"), (.copy, "verified"):
            if !after.holds(image, at: start) {
                complaints.append("verified, and the disc has not got it")
            }
            if let readBack, readBack.prefix(image.count) != image {
                complaints.append("verified, and dd reads something else in a fresh drive")
            }
            if run.verb == .burn, result.sha256 != sum {
                complaints.append("the sum is not the image's")
            }
        case (.burn, "done"):
            if after.state == "blank", !after.isOverwritable {
                complaints.append("done, and blank")
            }
        case (.blank, "done"):
            if after.state != "blank" { complaints.append("blanked, and \(after.state)") }
        case (.format, "done"):
            if after.record.format == nil { complaints.append("formatted, and has no format") }
        case (.close, "done"):
            let wanted = run.options.contains("keep-open") ? "appendable" : "complete"
            if after.state != wanted || after.hasOpenSession {
                complaints.append("closed, and \(after.state)")
            }
        // A drive that gives wrong data without a word is believed: nothing else tells.
        case (.rip, "done") where run.fault?.text.hasPrefix("flip") != true:
            if output?.prefix(image.count) != image {
                complaints.append("ripped, and it is not the image")
            }
        case (.verify, "verified"):
            if !after.holds(image, at: 0) { complaints.append("verified, and the disc differs") }
        default: break
        }
        if status == "refused" || Self.unchanged.contains(where: text.contains), isChanged {
            complaints.append("said that the disc is as it was, and it is not: \(text)")
        }
        if text.contains("still blank and can be used"),
            after.bytes != before.bytes && !run.options.contains("--blank")
                || after.state != "blank"
        {
            complaints.append("said that the disc is still blank, and it is not: \(text)")
        }
        guard isWriting, run.fault?.isLie != true else { return complaints }
        // Of a disc that a write left behind it may not be known what it is.
        let isKnown = status != "failed" && status != "interrupted" || result.discState != "unknown"
        if let state = result.discState, isKnown, !after.isCalled(state) {
            complaints.append("the disc is \(after.state), and was called \(state)")
        }
        let isGood =
            after.holds(image, at: start) && ["complete", "appendable"].contains(after.state)
        let canBeUsed =
            isGood || after.state == "blank" || after.isErasable || after.isOverwritable
            || [.close].contains(run.verb)
        // A copy is what the drive gave.
        let isMisled = run.verb == .copy && run.fault?.text.hasPrefix("flip") == true
        if result.discUsable == true, !canBeUsed, !isMisled {
            complaints.append("called usable, and it is not")
        }
        if result.discUsable == false, !isChanged, after.state == "blank" {
            complaints.append("a blank disc was called unusable")
        }
        if let freshState, !after.isCalled(freshState) {
            complaints.append(
                "a fresh drive calls the disc \(freshState), and it is \(after.state)"
            )
        }
        return complaints
    }

    /// Whether less was said than is so.
    private func omissions(_ result: Event, _ status: String) -> [String] {
        var complaints: [String] = []
        let isRefusedRightly = status == "refused" && (refusalIsDue || result.reason == "consent")
        if run.fault.map(\.isHarmless) ?? true, code != 0, !isRefusedRightly {
            complaints.append("nothing was wrong, and the status is \(status)")
        }
        let text = (result.sentences ?? []).joined(separator: " ")
        if run.verb == .burn, status == "failed", run.fault?.isLie == false,
            run.fault?.spoilsReading == false, !run.options.contains("no-verify"),
            after.state == "complete", after.holds(image, at: result.start ?? 0), isChanged,
            !after.isOverwritable, !text.contains("right")
        {
            complaints.append("the disc holds the image, and that is not said: \(text)")
        }
        // In an earlier session it is not the image's.
        let flipped = run.fault?.text.split(separator: "lba=").last.flatMap {
            Int($0.prefix { $0.isNumber })
        }
        let start = result.start ?? 0
        let isOfImage = flipped.map { (start..<start + run.sectors).contains($0) } ?? true
        if run.verb == .burn, status == "verified", run.fault?.text.hasPrefix("flip") == true,
            isOfImage, run.fault?.text.contains("count") == false,
            !run.options.contains("no-verify")
        {
            complaints.append("a sector comes wrong each time, and the burn is verified")
        }
        return complaints
    }

    /// Whether the verb does not suit the disc.
    private var refusalIsDue: Bool {
        switch run.verb {
        case .blank: !["cd-rw", "dvd-rw"].contains(run.medium)
        case .format:
            !["dvd-rw", "dvd+rw", "dvd-ram", "bd-re", "bd-r"].contains(run.medium)
        case .close:
            run.preparation == .none
                || run.options.contains("keep-open") || run.medium.hasPrefix("cd")
        default: false
        }
    }
}
