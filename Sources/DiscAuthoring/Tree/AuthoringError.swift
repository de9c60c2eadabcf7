/// A tree can't be written as it is.
///
/// The target's other parts may add codes: a code is a word that stays the same from version to version.
public struct AuthoringError: Error, Hashable, Sendable {
    /// What kind of error it is.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The word.
        public let rawValue: String

        /// Creates a code.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A name can't stand in a directory.
        public static let unusableName = Code(rawValue: "unusable-name")
        /// Two entries of a directory have the same name.
        public static let sameName = Code(rawValue: "same-name")
        /// What was named is not what is needed, such as a directory.
        public static let wrongKind = Code(rawValue: "wrong-kind")
        /// The file system or the medium can't hold so much.
        public static let tooLarge = Code(rawValue: "too-large")
        /// A file was changed while it was read.
        public static let changed = Code(rawValue: "source-changed")
        /// A file can't be read.
        public static let unreadable = Code(rawValue: "unreadable")
        /// An option has a value that the file system can't take.
        public static let unusableOption = Code(rawValue: "unusable-option")
    }

    /// What kind of error it is.
    public var code: Code
    /// What it is about, as far as it is about one entry.
    public var path: String?
    /// One sentence.
    public var sentence: String

    /// Creates an error.
    public init(_ code: Code, path: String? = nil, _ sentence: String) {
        self.code = code
        self.path = path
        self.sentence = sentence
    }
}

extension AuthoringError: CustomStringConvertible {
    /// The path and the sentence.
    public var description: String { path.map { "\($0): \(sentence)" } ?? sentence }
}
