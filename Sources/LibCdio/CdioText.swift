/// CD-TEXT as libcdio decodes it.
public struct CdioText: Sendable, Hashable, Codable {
    /// What a text is about (`cdtext_field_t`).
    public enum Field: String, Sendable, Hashable, Codable, CaseIterable {
        case title, performer, songwriter, composer, message, arranger
        case recordingCode = "isrc"
        case catalogNumber = "upc"
        case genre
        case discIdentification = "discid"
    }

    /// A text.
    public struct Entry: Sendable, Hashable, Codable {
        /// The track, or 0 for the disc.
        public var track: Int
        /// What it is about.
        public var field: Field
        /// The text.
        public var text: String
    }

    /// The texts in one language.
    public struct Block: Sendable, Hashable, Codable {
        /// The language's name in English; `nil` if its code is none.
        public var language: String?
        /// The texts, by track and then by field.
        public var entries: [Entry]

        /// A text, or `nil` if there is none.
        public func text(_ field: Field, track: Int) -> String? {
            entries.first { $0.track == track && $0.field == field }?.text
        }
    }

    /// The languages' texts.
    public var blocks: [Block]
}
