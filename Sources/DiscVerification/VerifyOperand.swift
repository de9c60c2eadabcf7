public import DiscChecksums
public import DiscDrives
public import LinuxCalls
package import Reports
public import SystemPackage
public import Transfer

/// One of the two things that are held against each other: a disc, wherever it is, or a list of checksums.
public struct VerifyOperand {
    /// The path or the drive's node.
    public let name: String
    /// The data of a disc from address 0 on; of an overwritable one, all that there are; `nil` for a list.
    public let data: DataDisc?
    /// A list of checksums; `nil` for a disc.
    public let manifest: ChecksumManifest?
    /// The disc with all that it has; `nil` if that is not known.
    public var whole: WholeDisc?
    /// What may lie behind the image on it: zeros if it was recorded, anything if it can be written over.
    public var surplus = DiscComparison.Surplus.nothing
    /// What a drive says about the disc; `nil` if it is in a file.
    public var report: DiscReport?
    /// The drive; `nil` if it is in a file.
    public var drive: Drive?
    /// The files of an image.
    public var files: [FilePath] = []
    /// The sectors of the image on a disc, as far as the disc tells, which are summed for the report.
    ///
    /// The checksums of a list are found at other lengths, too.
    public var payloadSectors: Int?
    /// The sectors of zeros that burning may have added; more are no difference, but are told.
    public var usualPadding = 0
    /// A watch of its files, made before they were opened.
    public var watch: FileWatch?
    /// What is odd about it: a sentence each.
    public var warnings: [String] = []
    /// Finds out, after it was read, whether its files hold what they say that they hold.
    package var findDamage: (() -> Failure?)?

    /// Takes a disc.
    public init(_ name: String, _ data: DataDisc) {
        self.name = name
        self.data = data
        manifest = nil
    }

    /// Takes a list of checksums.
    public init(_ manifest: ChecksumManifest) {
        name = manifest.name
        self.manifest = manifest
        data = nil
    }

    /// How a sentence names it.
    var phrase: String { isDisc ? "the disc in \(name)" : name }

    /// How a sentence that begins with it names it.
    var subject: String { isDisc ? "The disc in \(name)" : name }

    /// Whether it is a disc that was recorded, real or virtual: burning adds zeros to such.
    var isDisc: Bool { surplus != .nothing }

    /// Whether it is a disc in a drive.
    var isDrive: Bool { report != nil }
}
