/// Something that libburn said, word for word.
public struct BurnMessage: Hashable, Sendable {
    /// How serious libburn takes it, in its own order.
    public enum Severity: Int, Comparable, Sendable {
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

    /// Whether it tells that something failed that was to be done: SORRY or worse, but for a speed that
    /// the drive does not set, which libburn takes as seriously.
    var isComplaint: Bool { severity >= .sorry && code != Constants.speedRefused }
}
