/// The MD5 that isomd5sum's `implantisomd5` puts into the application's field of an ISO 9660 image.
///
/// It is taken over the volume without its last sectors, with that field as blanks.
public struct ImplantedChecksum: Codable, Hashable, Sendable {
    /// The MD5 in hexadecimal digits.
    public var md5: String
    /// The sectors at the end that are left out.
    public var skippedSectors: Int
    /// Whether the image is marked as released, which is for people only.
    public var isSupported: Bool
    /// The number of pieces whose sums are there too, to find where an image is damaged.
    public var fragmentCount: Int?
    /// A few digits of the sum after each piece.
    public var fragmentSums: String?

    /// Where the field lies in the descriptor, and how long it is; ECMA-119 §8.4.32.
    static let field = 883..<1395

    /// Reads the field of a primary descriptor; `nil` if there is no such sum.
    init?(_ descriptor: Span<UInt8>) {
        let text = descriptor.text(at: Self.field.lowerBound, count: Self.field.count)
        var values: [Substring: Substring] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            values[Self.trimmed(pair[0])] = Self.trimmed(pair[1])
        }
        guard let md5 = values["ISO MD5SUM"], md5.utf8.count == 32, md5.allSatisfy(\.isHexDigit)
        else { return nil }
        self.md5 = md5.lowercased()
        skippedSectors = values["SKIPSECTORS"].flatMap { Int($0) } ?? 0
        isSupported = values["RHLISOSTATUS"] == "1"
        fragmentCount = values["FRAGMENT COUNT"].flatMap { Int($0) }
        fragmentSums = values["FRAGMENT SUMS"].map(String.init)
        guard (0...1 << 20).contains(skippedSectors) else { return nil }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
