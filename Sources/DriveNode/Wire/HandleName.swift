/// The name of an open node: that of its socket's other end, padded with zeros to eight bytes.
package struct HandleName: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Takes a socket's abstract name.
    ///
    /// - Returns: `nil` if it is none that the system gave (`unix(7)`: five digits).
    package init?(_ name: [UInt8]) {
        guard !name.isEmpty, name.count <= 8 else { return nil }
        self.init(rawValue: name.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The name as text, where it is that of a node.
    var text: String {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: rawValue >> (8 * UInt64($0))) }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
