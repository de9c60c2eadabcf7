/// Why a job can't be done, for a person who holds a disc: what happened, what it means for the
/// disc, and what to do.
public struct Failure: Error, Hashable, Sendable, Codable {
    /// What is to blame, which decides the status and the exit code.
    public enum Cause: String, Sendable, Codable {
        /// The drive, or the disc in it, does not suit, or is busy, or is not there: refused, 4.
        case unsuitable
        /// The source is not what it should be: refused, 1.
        case source
        /// Something went wrong on the way: failed, 1.
        case trouble
        /// The data differ: differs, 2.
        case difference
        /// The check could not be made: not verified, 1.
        case unchecked
        /// The user stopped the job: interrupted, 130.
        case interruption
        /// What was asked for makes no sense: refused, 64.
        case usage
    }

    /// What is to blame.
    public var cause: Cause
    /// What scripts may tell it by; that of the cause where nothing more is known.
    public var reason: Reason
    /// What happened: one sentence.
    public var what: String
    /// What it means for the disc, or for the output: one sentence.
    public var meaning: String
    /// What to do: one sentence.
    public var advice: String
    /// What the drive said of it: sense key, code and qualifier, such as `3/73/03`.
    public var sense: String?

    /// Creates a failure of which scripts can tell no more than the cause.
    public init(_ cause: Cause, _ what: String, meaning: String, advice: String) {
        self.init(cause, Reason(of: cause), what, meaning: meaning, advice: advice)
    }

    /// Creates a failure.
    public init(
        _ cause: Cause,
        _ reason: Reason,
        _ what: String,
        meaning: String,
        advice: String
    ) {
        self.cause = cause
        self.reason = reason
        self.what = what
        self.meaning = meaning
        self.advice = advice
    }

    /// How the job ended.
    public var status: JobStatus {
        switch cause {
        case .unsuitable, .source, .usage: .refused
        case .trouble: .failed
        case .difference: .differs
        case .unchecked: .notVerified
        case .interruption: .interrupted
        }
    }

    /// The exit code.
    public var exitCode: ExitCode {
        switch cause {
        case .unsuitable: .unsuitable
        case .source, .trouble, .unchecked: .failed
        case .difference: .differs
        case .interruption: .interrupted
        case .usage: .usage
        }
    }

    /// The three sentences, those of them that there are.
    public var sentences: [String] {
        [what, meaning, advice].filter { !$0.isEmpty }
    }
}

extension Failure {
    /// What an error says, as the end of a sentence: of a failure, its first sentence.
    public static func clause(of error: any Error) -> String {
        let text = (error as? Failure)?.sentences.first ?? "\(error)"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

extension Failure: CustomStringConvertible {
    /// The sentences in a row.
    public var description: String { sentences.joined(separator: " ") }
}
