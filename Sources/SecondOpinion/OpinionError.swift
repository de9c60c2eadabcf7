/// There is no second opinion.
public struct OpinionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable {
        enum Kind { case missing, cannotStart, gaveUp, refused }
        let kind: Kind

        private init(kind: Kind) { self.kind = kind }

        /// The program is not installed.
        public static let missing = Code(kind: .missing)
        /// The program can't be started.
        public static let cannotStart = Code(kind: .cannotStart)
        /// The library crashed, hung, took too much, or told what can't be.
        public static let gaveUp = Code(kind: .gaveUp)
        /// The library does not read such a file, and said so.
        public static let refused = Code(kind: .refused)
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What happened: one sentence.
    public var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
