/// Base 64 (RFC 4648), with blanks anywhere.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (i, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(i) }
        return values
    }()

    /// The bytes of a text; nothing where there are other letters.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var held = 0
        var bits = 0
        for letter in text {
            let value = values[Int(letter)]
            if value == 0xFF {
                guard letter == UInt8(ascii: "=") || letter <= 0x20 else { return nil }
                continue
            }
            held = (held << 6 | Int(value)) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        return bytes
    }

    /// The text of bytes.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            var group = 0
            for i in 0..<3 {
                group = group << 8 | (start + i < bytes.count ? Int(bytes[start + i]) : 0)
            }
            for i in 0..<4 {
                let isPadding = start + i > bytes.count
                text.append(
                    isPadding ? UInt8(ascii: "=") : alphabet[group >> (18 - 6 * i) & 63]
                )
            }
        }
        return text
    }
}
