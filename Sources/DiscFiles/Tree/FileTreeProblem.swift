/// Something in a file system that is broken or odd.
public struct FileTreeProblem: Codable, Hashable, Sendable {
    /// What it is: one sentence.
    public var sentence: String
    /// The directory that it was met in, as it is shown; absent where it is about the whole.
    public var path: String?
    /// Whether entries may be missing for it.
    public var hidesEntries: Bool

    /// Creates a problem.
    public init(_ sentence: String, path: String? = nil, hidesEntries: Bool = true) {
        self.sentence = sentence
        self.path = path
        self.hidesEntries = hidesEntries
    }
}

extension FileTreeProblem: CustomStringConvertible {
    /// The sentence, with the directory that it is about.
    public var description: String { path.map { "\($0): \(sentence)" } ?? sentence }
}
