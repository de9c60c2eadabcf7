/// The texts of a disc as its image's sheet has them, in Unicode: CD-TEXT can't spell all of them.
public struct SheetTexts: Hashable, Sendable, Codable {
    /// What a sheet says of the disc or of a track.
    public struct Entry: Hashable, Sendable, Codable {
        /// The texts by their kind; bytes of an unknown encoding stand in them as ``KeptBytes``.
        public var texts: [CDText.Field: String] = [:]
        /// Remarks that mean nothing to Spindle, without the word REM: “DATE 1998”.
        public var remarks: [String] = []

        /// Creates an entry without text.
        public init() {}

        /// Whether it says nothing.
        public var isEmpty: Bool { texts.isEmpty && remarks.isEmpty }
    }

    /// Whether a kind of text is one of words, not of codes.
    public static func hasWords(for field: CDText.Field) -> Bool {
        ![.discIdentifier, .genre, .code].contains(field)
    }

    /// What the sheet says, by the track's number; 0 is the disc.
    public private(set) var entries: [Int: Entry] = [:]

    /// Creates texts.
    public init() {}

    /// What the sheet says of a track, or of the disc for 0; nothing is kept of an empty entry.
    public subscript(_ track: Int) -> Entry {
        get { entries[track] ?? Entry() }
        set { entries[track] = newValue.isEmpty ? nil : newValue }
    }

    /// Adds a remark to a track, or to the disc for 0.
    public mutating func add(remark: String, to track: Int) {
        // Not by way of the subscript, which copies all of the remarks for each one that is added.
        entries[track, default: Entry()].remarks.append(remark)
    }
}
