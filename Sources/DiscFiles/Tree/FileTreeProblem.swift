/// Something in a file system that is broken or odd.
public struct FileTreeProblem: Hashable, Sendable {
    /// What it is: one sentence.
    public var sentence: String
    /// The directory that it was met in, as it is shown; absent where it is about the whole.
    public var path: String?
    /// What may be missing for it; `nil` if nothing is.
    public var loss: Loss?

    /// What a broken file system may hide, the least first.
    public enum Loss: String, Codable, CaseIterable, Comparable, Sendable {
        /// Extended attributes, access control lists or named streams.
        case attributes
        /// Bytes of files.
        case contents
        /// Files and directories.
        case entries

        /// Whether one is less than another one.
        public static func < (one: Loss, other: Loss) -> Bool { one.rank < other.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Creates a problem.
    public init(_ sentence: String, path: String? = nil, loss: Loss? = .entries) {
        self.sentence = sentence
        self.path = path
        self.loss = loss
    }
}

extension FileTreeProblem: Encodable {
    private enum CodingKeys: String, CodingKey {
        case sentence, path, hidesEntries, loss
    }

    /// Writes it with `hidesEntries`, whether entries may be missing, and `loss`, what else may be.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(sentence, forKey: .sentence)
        try container.encodeIfPresent(path, forKey: .path)
        try container.encode(loss == .entries, forKey: .hidesEntries)
        try container.encodeIfPresent(loss, forKey: .loss)
    }
}

extension FileTreeProblem: CustomStringConvertible {
    /// The sentence, with the directory that it is about.
    public var description: String { path.map { "\($0): \(sentence)" } ?? sentence }
}
