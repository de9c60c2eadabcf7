/// libisofs did not do what it was asked for.
public struct ISOError: Error, Hashable, Sendable {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable {
        enum Kind { case unavailable, busy, refused, failed }
        let kind: Kind

        /// libisofs can't be used, or another image is being made in this process.
        public static let unavailable = Code(kind: .unavailable)
        /// The tree was to be changed while an image is made of it.
        public static let busy = Code(kind: .busy)
        /// A node, an option or the whole image was refused.
        public static let refused = Code(kind: .refused)
        /// It went wrong while the image was made.
        public static let failed = Code(kind: .failed)
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What was tried: a part of a sentence.
    public var context: String
    /// What libisofs said about it, the most serious first.
    public var messages: [ISOMessage]

    init(_ code: Code, _ context: String, messages: [ISOMessage] = []) {
        self.code = code
        self.context = context
        self.messages = messages.filter { $0.severity >= .warning }
            .sorted { $0.severity > $1.severity }
    }
}

extension ISOError: CustomStringConvertible {
    /// One sentence, with libisofs's own words where there are any.
    public var description: String {
        let said = messages.first.map { " (libisofs: \($0.text))" } ?? ""
        return "\(context)\(said)."
    }
}
