/// The texts of CD-TEXT, as people write them in a cue sheet; ``CDTextPack`` is how a disc has them.
public struct CDText: Hashable, Sendable {
    /// What a text is, by the code of its packs (MMC-3 Annex J, table J.2).
    public enum Field: UInt8, CaseIterable, Codable, Sendable {
        case title = 0x80
        case performer = 0x81
        case songwriter = 0x82
        case composer = 0x83
        case arranger = 0x84
        case message = 0x85
        case discIdentifier = 0x86
        case genre = 0x87
        /// The UPC/EAN of the disc, or the ISRC of a track.
        case code = 0x8E

        /// Whether each track can have one.
        var isPerTrack: Bool { self != .discIdentifier && self != .genre }
    }

    /// The texts of one language.
    public struct Block: Hashable, Sendable {
        /// The code of the language, 9 for English (EBU Tech 3264, Annex 3).
        public var language: UInt8 = 9
        /// The code of the characters: 0 ISO 8859-1, 1 ASCII, 80h MS-JIS.
        public var characterCode: UInt8 = 0
        /// The texts in the bytes of that code, by their kind and their track; 0 is the disc.
        public var texts: [Field: [Int: [UInt8]]] = [:]

        /// Creates a block without a text.
        public init() {}

        /// A text, where its characters are ISO 8859-1 or ASCII.
        public func text(_ field: Field, track: Int) -> String? {
            guard characterCode <= 1, let bytes = texts[field]?[track] else { return nil }
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }

        /// Sets a text.
        ///
        /// - Returns: Whether ISO 8859-1 has all its characters; if not, nothing is set.
        @discardableResult
        public mutating func set(_ text: String, as field: Field, track: Int) -> Bool {
            let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
            guard bytes.count == text.unicodeScalars.count else { return false }
            texts[field, default: [:]][track] = bytes
            return true
        }
    }

    /// The blocks, at most eight.
    public var blocks: [Block]

    /// Creates texts.
    public init(blocks: [Block] = []) {
        self.blocks = blocks
    }
}
