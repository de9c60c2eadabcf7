/// What bytes are that hold no file system of discs, or more than one: a console's game disc, or no
/// disc at all.
public struct OtherContent: Codable, Hashable, Sendable {
    /// What sort of thing it is.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// A disc of a game console or a player, with or without a file system of its own.
        case gameDisc = "game-disc"
        /// A file system of hard disks and sticks, or what manages them.
        case fileSystem = "file-system"
        /// The image of a whole hard disk or stick, in the form of a virtual machine or a forensic
        /// program.
        case diskImage = "disk-image"
        /// Files packed into one.
        case archive
        /// A text or a book to be read with a program, or data of one.
        case document
        /// Something that a computer runs.
        case program
        /// Audio, pictures or films.
        case media
        /// Readable text and nothing else.
        case text
    }

    /// What sort of thing it is.
    public var kind: Kind
    /// What it is, with its article: “a zip archive”.
    public var name: String
    /// The name that it has within, such as a volume's or a game's.
    public var title: String?
    /// The size that it claims, in bytes.
    public var size: UInt64?
    /// The byte where its mark stands.
    public var offset: Int

    /// Whether such a thing is a disc.
    public var isDisc: Bool { kind == .gameDisc }

    /// The thing and its name: “a FAT16 file system “STICK””.
    public var description: String { title.map { "\(name) “\($0)”" } ?? name }
}
