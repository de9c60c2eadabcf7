import LinuxCalls

/// Bytes that a trace holds as lower-case hexadecimal digits.
struct HexBytes: Hashable, Sendable, Codable {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = Hexadecimal.bytes(try container.decode(String.self).utf8) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "no pairs of hexadecimal digits"
            )
        }
        self.bytes = bytes
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Hexadecimal.text(bytes))
    }
}
