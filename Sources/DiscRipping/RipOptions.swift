public import DiscModel
public import LibCrypto
import LinuxCalls
public import SystemPackage

/// How a disc is to be ripped.
public struct RipOptions: Sendable {
    /// The image to make.
    public var output: FilePath
    /// Whether a file of that name is replaced.
    public var replaces: Bool
    /// How often bad sectors are tried again at the end.
    public var retries: Int
    /// The read speed; nil for the fastest.
    public var speed: DriveSpeed?
    /// The checksums to make on the way, SHA-256 always among them.
    public var digests: [DigestAlgorithm]
    /// Whether the disc is ejected when all of it could be read.
    public var ejects: Bool
    /// Whether all that can be read is kept, also after the end that the image claims.
    public var keepsAll: Bool

    /// Creates options.
    public init(
        output: FilePath,
        replaces: Bool = false,
        retries: Int = 1,
        speed: DriveSpeed? = nil,
        digests: [DigestAlgorithm] = [],
        ejects: Bool = false,
        keepsAll: Bool = false
    ) {
        self.output = output
        self.replaces = replaces
        self.retries = max(0, retries)
        self.speed = speed
        self.digests = [.sha256] + digests.filter { $0 != .sha256 }
        self.ejects = ejects
        self.keepsAll = keepsAll
    }

    /// The name that the image has until it is finished.
    public var partial: FilePath { UnfinishedFiles.unfinished(output) }

    /// The name of the map of damaged areas.
    public var map: FilePath { UnfinishedFiles.map(of: output) }

    /// The file extensions of images that hold just the sectors.
    public static let endings: Set<String> = ["iso", "udf", "img"]
}
