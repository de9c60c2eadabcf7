/// A line of a list of checksums that is neither a checksum nor a comment, as where the list was cut
/// off.
public struct DamagedLine: Hashable, Sendable {
    /// The line's number, from 1 on.
    public var number: Int
    /// What it has, whatever that is.
    public var text: String

    /// Creates a line.
    public init(number: Int, text: String) {
        self.number = number
        self.text = text
    }

    /// Whether it may have been the checksum of a file: it has the file's name, or begins with the
    /// digits of a checksum.
    func mayName(_ file: String) -> Bool {
        text.contains(file) || text.prefix { $0.isASCII && $0.isHexDigit }.count >= 8
    }
}

extension ChecksumManifest {
    /// The numbers that are told of more lines than anyone would look at.
    private static let mostTold = 8

    /// That some lines can't be read: one sentence; `nil` if all can.
    public var damage: String? {
        guard let first = damaged.first else { return nil }
        let told = damaged.prefix(Self.mostTold).map { "\($0.number)" }.joined(separator: ", ")
        let dots = malformedLines > Self.mostTold ? ", …" : ""
        return malformedLines == 1
            ? "Line \(first.number) of \(name) is not properly formatted; what it stands for was not checked."
            : "\(malformedLines) lines of \(name) are not properly formatted (\(told)\(dots)); what they stand for was not checked."
    }
}
