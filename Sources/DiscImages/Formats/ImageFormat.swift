public import SystemPackage
public import Transfer

/// A format of images: how it is known, read and written.
///
/// Each format's folder makes one of these, and ``all`` lists them. That is all that a format is to
/// the rest.
public struct ImageFormat: Sendable {
    /// The name that the command and its JSON use.
    public let name: String
    /// The name that people use.
    public let displayName: String
    /// The usual extensions of its files, in small letters; the one that is opened comes first.
    public let endings: [String]
    /// The extensions of the files beside it, where it is a sheet or a descriptor, for people who name one
    /// of those.
    public let endingsBeside: [String]
    /// What a disc can have that an image of this format holds; empty where none is written.
    public let holds: Set<DiscFeature>
    /// What its writer leaves a choice in.
    public let choices: Set<ImageChoice>
    /// In which order its images take sectors, unless a choice has some packed.
    public let order: SinkOrder
    /// Opens an image; `nil` if the file is not of this format.
    ///
    /// It looks at the content and never at the name, and reads little before it knows. It throws
    /// ``ImageFormatError`` where the file is of this format, but broken.
    public let reader: @Sendable (ImageFile) throws -> ImageDisc?
    /// Begins an image of a disc; absent where the format is only read.
    ///
    /// What the format can't hold is left out: ``DiscLoss`` has told before.
    public let writer: (@Sendable (any DiscSource, FilePath, ImageOptions) throws -> any DiscSink)?

    /// Describes a format.
    public init(
        name: String,
        displayName: String,
        endings: [String],
        endingsBeside: [String] = [],
        holds: Set<DiscFeature> = [],
        choices: Set<ImageChoice> = [],
        order: SinkOrder = .asAsked,
        reader: @escaping @Sendable (ImageFile) throws -> ImageDisc?,
        writer: (@Sendable (any DiscSource, FilePath, ImageOptions) throws -> any DiscSink)? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.endings = endings
        self.endingsBeside = endingsBeside
        self.holds = holds
        self.choices = choices
        self.order = order
        self.reader = reader
        self.writer = writer
    }

    /// The format that a file of a name should be written in; nothing for extensions of formats that
    /// aren't written.
    public static func forWriting(_ path: FilePath) -> ImageFormat? {
        let ending = path.extension?.lowercased() ?? ""
        return all.first { $0.writer != nil && $0.endings.contains(ending) }
    }

    /// The formats that are written.
    public static var writable: [ImageFormat] { all.filter { $0.writer != nil } }

    /// The format of a name.
    public static func named(_ name: String) -> ImageFormat? {
        all.first { $0.name == name.lowercased() }
    }
}
