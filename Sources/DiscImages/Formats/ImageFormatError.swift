/// A file is an image of a format, and broken: a field in it can't be right.
///
/// That a file is not an image of a format is no error of that format: its reader then returns
/// nothing.
public struct ImageFormatError: Error, Hashable, Sendable {
    /// The file's name.
    public var file: String
    /// The format's name.
    public var format: String
    /// The field, in words: “the number of sessions”.
    public var field: String
    /// Where the field lies in the file, in bytes from its beginning; absent where no byte is to
    /// blame.
    public var offset: Int?
    /// What is wrong with it, as the rest of a sentence: “is 0”.
    public var problem: String

    /// Creates an error.
    public init(
        _ file: String,
        _ format: String,
        _ field: String,
        at offset: Int? = nil,
        _ problem: String
    ) {
        self.file = file
        self.format = format
        self.field = field
        self.offset = offset
        self.problem = problem
    }
}

extension ImageFormatError: CustomStringConvertible {
    /// One sentence.
    public var description: String { "In \(file), \(format), \(complaint)." }

    /// What is wrong, without the file's name: a clause.
    public var complaint: String {
        let place = offset.map { " at byte \($0)" } ?? ""
        return "\(field)\(place) \(problem)"
    }
}
