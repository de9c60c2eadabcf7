/// A record of an ECM image: bytes as they are, or sectors of one kind.
struct ECMRecord: Hashable {
    /// What it holds, by its number.
    enum Kind: Int {
        /// Bytes as they are.
        case bytes
        /// Sectors of mode 1.
        case mode1
        /// Sectors of mode 2 form 1 without sync and header.
        case form1
        /// Sectors of mode 2 form 2 without sync and header.
        case form2

        /// Bytes that are kept of each piece.
        var kept: Int {
            switch self {
            case .bytes: 1
            case .mode1: 3 + 2048
            case .form1: 4 + 2048
            case .form2: 4 + 2324
            }
        }

        /// Bytes that become of it.
        var size: Int {
            switch self {
            case .bytes: 1
            case .mode1: 2352
            case .form1, .form2: 2336
            }
        }
    }

    /// The count that ends an image.
    static let end = 0x1_0000_0000
    /// The longest head of a record: five bits, and four times seven.
    static let longestHead = 5

    /// What it holds.
    var kind: Kind
    /// How many.
    var count: Int
    /// Where they lie in the file.
    var place: Int
    /// Where they belong in the image.
    var start: Int

    /// Bytes that become of all of it.
    var range: Range<Int> { start..<(start + count * kind.size) }
    /// The byte of the file behind it.
    var placeEnd: Int { place + count * kind.kept }
}
