import ReportPages
import SpindleJobs
import TerminalProgress

/// A result in words.
enum ResultText {
    static func lines(_ result: JobResult, of sectors: Int? = nil) -> [String] {
        var lines = ["\(headline(result.status)): " + (result.sentences.first ?? "")]
        lines += result.sentences.dropFirst()
        if let map = map(result, of: sectors) { lines.append(map) }
        if let sha256 = result.sha256 { lines.append("SHA-256 \(sha256)") }
        for (name, sum) in (result.sums ?? [:]).sorted(by: { $0.key < $1.key })
        where name != "sha256" {
            lines.append("\(name.uppercased()) \(sum)")
        }
        return lines
    }

    /// Seconds of a job from which on it is said how long it took.
    private static let longJob = 30.0

    /// How long a job took, and how fast it was; `nil` if it was short.
    static func times(_ result: JobResult) -> String? {
        guard let seconds = result.seconds, seconds >= longJob else { return nil }
        var told: Set<JobProgress.Phase> = []
        let rates = (result.phases ?? []).compactMap { time -> String? in
            guard let verb = verb(time.phase), let rate = time.bytesPerSecond,
                // What is read again, or compared again, is less of it.
                told.insert(time.phase).inserted
            else { return nil }
            return "\(verb) at \(Quantity.rate(rate))"
        }
        let time = "It took \(Quantity.time(seconds))"
        return rates.isEmpty
            ? "\(time)." : "\(time): \(rates.joined(separator: ", ")) on average."
    }

    private static func verb(_ phase: JobProgress.Phase) -> String? {
        switch phase {
        case .write: "written"
        case .read: "read"
        case .verify: "compared"
        case .hash, .format, .blank, .close: nil
        }
    }

    /// A map of the disc, where sectors are missing.
    private static func map(_ result: JobResult, of sectors: Int?) -> String? {
        guard let runs = result.unreadableRuns, !runs.isEmpty, let sectors else {
            return nil
        }
        let missing = runs.filter { $0.count > 0 }.map { $0.start..<($0.start + $0.count) }
        return "[" + DiscMapLine.draw(sectors, missing: missing, columns: 64) + "]"
    }

    private static func headline(_ status: JobStatus) -> String {
        switch status {
        case .verified: "Verified"
        case .done: "Done"
        case .differs: "Differs"
        case .incomplete: "Incomplete"
        case .notVerified: "Not verified"
        case .failed: "Failed"
        case .refused: "Refused"
        case .interrupted: "Stopped"
        }
    }
}
