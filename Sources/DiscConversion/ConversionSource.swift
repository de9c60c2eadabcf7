public import DiscImages
public import DiscModel
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// What an image is made of: another image, or the disc in a drive.
public struct ConversionSource {
    /// The disc.
    public private(set) var disc: any DiscSource
    /// The path that names it.
    public let path: FilePath
    /// How a sentence names it.
    public let phrase: String
    /// The files that it stands in; none of a drive.
    public let files: [FilePath]
    /// The format's name, in plans; `nil` of a drive.
    public let formatName: String?
    /// What it is, for a person.
    public let kind: String
    /// What is odd about it, a sentence each.
    public var warnings: [String]
    /// What of its file system is missing at its end, in a sentence; `nil` if nothing is.
    public let truncation: String?
    /// Bytes of its last sector that are missing, and that zeros stand for.
    public let missingBytes: Int
    /// Whether it is a part of a disc that was asked for, whose tracks have the numbers that they have.
    public var isPart = false
    /// Whether each sector costs time: then none is read before the copy, to look what there is.
    public let isSlow: Bool
    /// The bytes in a second at single speed; `nil` of an image.
    public let singleSpeed: Double?
    /// A watch of its files.
    let watch: FileWatch
    private let check: () throws(Failure) -> Void
    private let checkUnchanged: () throws(Failure) -> Void

    /// Takes an image.
    public init(_ image: DiscImage) {
        disc = image.disc
        path = image.path
        phrase = image.path.string
        files = image.paths
        formatName = image.formatName
        kind = image.formatDisplayName
        warnings = image.warnings
        truncation = image.truncation
        missingBytes = (2048 - image.byteCount % 2048) % 2048
        isSlow = false
        singleSpeed = nil
        watch = image.watch
        check = { () throws(Failure) in try image.checkContainers() }
        checkUnchanged = {}
    }

    /// Takes the disc in a drive.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - path: The drive's node.
    ///   - kind: What kind of disc it is, for a person.
    ///   - warnings: What is worth knowing of it, a sentence each.
    ///   - checkUnchanged: Fails if another disc is in the drive now.
    public init(
        drive disc: any DiscSource,
        path: FilePath,
        kind: String,
        warnings: [String] = [],
        checkUnchanged: @escaping () throws(Failure) -> Void
    ) {
        self.disc = disc
        self.path = path
        phrase = "the disc in \(path)"
        files = []
        formatName = nil
        self.kind = kind
        self.warnings = warnings
        truncation = nil
        missingBytes = 0
        isSlow = true
        singleSpeed = disc.medium.facts.bytesPerSecondAtSingleSpeed
        watch = FileWatch([])
        check = {}
        self.checkUnchanged = checkUnchanged
    }

    /// The same with what can be repaired of its sectors repaired.
    func repaired(_ damage: SectorDamage) -> ConversionSource {
        var source = self
        source.disc = RepairedDisc(disc, damage)
        return source
    }

    /// Its sessions and tracks.
    public var layout: DiscLayout { disc.layout }

    /// Fails if what it stands in is damaged, as far as that says so itself.
    func checkContainers() throws(Failure) { try check() }

    /// Fails if it is another one than at the beginning.
    func checkIdentity() throws(Failure) { try checkUnchanged() }
}
