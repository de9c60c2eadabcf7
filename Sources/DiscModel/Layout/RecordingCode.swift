/// An international standard recording code (ISO 3901): five letters or digits, then seven digits.
public struct RecordingCode: Hashable, Sendable {
    /// The twelve characters in ASCII.
    public let characters: [UInt8]

    /// Reads a code, with hyphens or without; nothing comes of other texts.
    public init?(_ text: String) {
        let characters = Array(text.uppercased().utf8.filter { $0 != 0x2D && $0 != 0x20 })
        guard characters.count == 12 else { return nil }
        for (i, character) in characters.enumerated() {
            let isDigit = (0x30...0x39).contains(character)
            let isLetter = (0x41...0x5A).contains(character)
            guard isDigit || isLetter && i < 5 else { return nil }
        }
        self.characters = characters
    }

    /// The twelve characters.
    public var text: String { String(decoding: characters, as: UTF8.self) }
}
