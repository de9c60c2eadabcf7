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

    /// The name that libisofs makes of one, before it tells those apart that are the same then.
    ///
    /// - Parameters:
    ///   - name: Its bytes.
    ///   - limit: How many UTF-16 units it may have.
    ///   - isDirectory: Whether it is a directory's, of which no file extension is kept.
    /// - Returns: Its UTF-16 units; `nil` for what is no UTF-8.
    package static func made(_ name: [UInt8], limit: Int, isDirectory: Bool) -> [UInt16]? {
        guard let text = String(validating: name, as: UTF8.self) else { return nil }
        let units = text.utf16.map { $0 < 0x20 || forbidden.contains($0) ? 0x5F : $0 }
        guard !isDirectory, let dot = units.lastIndex(of: 0x2E), dot + 1 < units.count else {
            return Array(units.prefix(limit))
        }
        let (stem, ending) = (units[..<dot], units[(dot + 1)...])
        // A file extension of more than three letters is cut where the rest of the name needs the room.
        let kept = ending.count <= 3 ? ending.count : max(3, limit - stem.count - 1)
        let last = ending.prefix(kept)
        return Array(stem.prefix(limit - last.count - 1)) + [0x2E] + last
    }
}
