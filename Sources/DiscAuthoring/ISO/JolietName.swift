/// What Joliet's tree does to a name (Joliet specification, “Joliet Directory Identifiers”).
package enum JolietName {
    /// The characters that no name may have.
    private static let forbidden: Set<UInt16> = Set("*/:;?\\".utf16)

    /// Whether a name stays as it is.
    ///
    /// A dot at its end is recorded, and no system that reads the tree shows it.
    ///
    /// - Parameters:
    ///   - name: Its bytes.
    ///   - limit: How many UTF-16 units it may have.
    /// - Returns: False also for what is no UTF-8.
    package static func keeps(_ name: [UInt8], limit: Int) -> Bool {
        guard let text = String(validating: name, as: UTF8.self) else { return false }
        var count = 0
        for unit in text.utf16 {
            count += 1
            if count > limit || unit < 0x20 || forbidden.contains(unit) { return false }
        }
        return name.last != UInt8(ascii: ".")
    }
}
