/// Something that libburn said, word for word.
public struct BurnMessage: Hashable, Sendable, Codable {
    /// How serious libburn takes it, in its own order.
    public enum Severity: Int, Comparable, Sendable, Codable {
        case debug, update, note, hint, warning, sorry, mishap, failure, fatal, abort

        /// Orders by seriousness.
        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }

        /// The severity of libburn's name for it.
        init(name: String) {
            let names = [
                "DEBUG", "UPDATE", "NOTE", "HINT", "WARNING", "SORRY", "MISHAP", "FAILURE", "FATAL",
                "ABORT",
            ]
            self = names.firstIndex(of: name).flatMap(Severity.init) ?? .fatal
        }
    }

    /// How serious it is.
    public var severity: Severity
    /// libburn's number for it.
    public var code: Int
    /// The text.
    public var text: String

    /// Whether it tells that something failed that was to be done: SORRY or worse, but for what libburn
    /// takes as seriously and is no failure: a speed that the drive does not set, and a unit attention.
    ///
    /// A unit attention tells of something that has happened, and keeps one command from being carried
    /// out (SAM-5 §5.14); whether the job came to its end all the same, the disc has to say.
    var isComplaint: Bool {
        severity >= .sorry && code != Constants.speedRefused && !isUnitAttention
    }

    /// Whether a drive told of a unit attention; libburn writes sense data in two ways.
    var isUnitAttention: Bool { text.contains("[6 ") || text.contains("Sense Key 6 ") }
}
