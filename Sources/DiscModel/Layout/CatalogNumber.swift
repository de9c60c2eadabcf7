/// A media catalogue number (ECMA-130 §22.3.4.2): an EAN of 13 digits.
public struct CatalogNumber: Hashable, Sendable {
    /// The digits.
    public let text: String

    /// Reads 13 digits; zeros alone, which say that there is no number, and other texts make none.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 13, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.contains(where: { $0 != 0x30 })
        else { return nil }
        self.text = text
    }
}
