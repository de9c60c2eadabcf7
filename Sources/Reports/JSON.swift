private import FoundationEssentials

/// JSON as this project writes it: keys in snake case and in order, no blanks.
public enum JSON {
    /// A value as JSON, on one line.
    public static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // The only values that JSON has no form for.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "null",
            negativeInfinity: "null",
            nan: "null"
        )
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("A report can't be encoded: \(error)")
        }
    }

    /// A value from JSON that this project wrote.
    ///
    /// - Returns: `nil` if it is no such value.
    public static func decode<Value: Decodable>(_ type: Value.Type, _ text: [UInt8]) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(type, from: Data(text))
    }
}
