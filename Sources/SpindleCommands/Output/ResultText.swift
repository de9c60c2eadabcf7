import SpindleKit

/// A result in words.
enum ResultText {
    static func lines(_ result: JobResult) -> [String] {
        var lines = ["\(headline(result.status)): " + (result.sentences.first ?? "")]
        lines += result.sentences.dropFirst()
        if let sha256 = result.sha256 { lines.append("SHA-256 \(sha256)") }
        for (name, sum) in (result.sums ?? [:]).sorted(by: { $0.key < $1.key })
        where name != "sha256" {
            lines.append("\(name.uppercased()) \(sum)")
        }
        return lines
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
