/// What kind of image with UDF is made.
public struct UDFAuthoringOptions: Sendable {
    /// The revision; what ``video`` needs if `nil`, else 2.01.
    public var revision: UDFRevision?
    /// What the files are, if players are to find them.
    public var video: UDFImageOptions.Video?
    /// The volume's name; by the directory's name if `nil`.
    public var volume: String?
    /// What computers start from, of revision 1.02 with ISO 9660 beside it: paths in the image.
    public var bootEntries: [UDFImageOptions.BootEntry] = []
    /// Whether the same files make the same image: times are no later than ``epoch``, owners are 0.
    public var isReproducible = false
    /// The latest time in a reproducible image, in seconds since 1970; the latest of all files' if `nil`.
    public var epoch: Int?
    /// Whether what can't be read, or can't be kept, may be left out.
    public var allowsLoss = false

    /// Creates the usual options.
    public init() {}
}
