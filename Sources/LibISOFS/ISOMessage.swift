/// Something that libisofs said, word for word.
public struct ISOMessage: Hashable, Sendable {
    /// How serious libisofs takes it, in its own order.
    public enum Severity: Int, Comparable, Sendable {
        case debug, update, note, hint, warning, sorry, mishap, failure, fatal, abort

        /// Orders by seriousness.
        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }

        /// The severity of libisofs's name for it; a name that is not known counts as fatal.
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
    /// libisofs's number for it.
    public var code: Int
    /// The text.
    public var text: String
}
