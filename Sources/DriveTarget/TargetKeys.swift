/// Texts of the form KEY=VALUE, each with a zero behind it (RFC 7143 §6.1).
struct TargetKeys {
    /// Keys that one login or question may have.
    private static let most = 128

    /// The keys in the order in which they came.
    private(set) var list: [(key: String, value: String)] = []

    init() {}

    /// Takes texts apart.
    ///
    /// - Throws: ``ProtocolError`` if they are none.
    init(parsing bytes: [UInt8]) throws(ProtocolError) {
        for part in bytes.split(separator: 0) {
            guard let text = String(validating: part, as: UTF8.self),
                let equals = text.firstIndex(of: "="), list.count < Self.most
            else { throw ProtocolError("it sent keys that make no sense") }
            list.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
        }
    }

    /// The value of a key; `nil` if it did not come.
    subscript(key: String) -> String? { list.first { $0.key == key }?.value }

    /// Adds a key.
    mutating func add(_ key: String, _ value: String) { list.append((key, value)) }

    /// The texts as they go over the wire.
    var encoded: [UInt8] { list.flatMap { Array("\($0.key)=\($0.value)".utf8) + [0] } }
}
