/// A part of a file system can't be read or makes no sense; what lies elsewhere is none the worse.
public struct BrokenStructure: Error, Hashable, Sendable {
    /// What is wrong: one sentence that names the place.
    public var sentence: String

    /// Creates an error.
    public init(_ sentence: String) {
        self.sentence = sentence
    }
}

extension BrokenStructure: CustomStringConvertible {
    /// The sentence.
    public var description: String { sentence }
}
