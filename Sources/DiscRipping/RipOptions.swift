import DiscConversion
public import DiscImages
public import DiscModel
public import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage
import Transfer

/// How a disc is to be ripped.
public struct RipOptions: Sendable {
    /// The image to make.
    public var output: FilePath
    /// Whether a file of that name is replaced.
    public var replaces: Bool
    /// How often bad sectors are tried again at the end; `nil` for ``usualRetries`` times, and ``soundRetries``
    /// on a disc with audio, where no code tells what is missing.
    public var retries: Int?
    /// How often audio is read: once or twice; `nil` for once, and twice where the drive has no C2.
    public var passes: Int?
    /// The read speed; nil for the fastest.
    public var speed: DriveSpeed?
    /// The checksums to make on the way, SHA-256 always among them.
    public var digests: [DigestAlgorithm]
    /// Whether the disc is ejected when all of it could be read.
    public var ejects: Bool
    /// Whether all that can be read is kept, also after the end that the image claims.
    public var keepsAll: Bool

    /// The name of the image's format; by the output's extension if `nil`.
    public var format: String?
    /// Whether data sectors must be kept whole, as they are on the disc.
    public var keepsWholeSectors = false
    /// Whether the subchannel is kept.
    public var keepsSubchannel = false
    /// The session that is wanted; all if `nil`.
    public var session: Int?
    /// The track that is wanted; all if `nil`.
    public var track: Int?
    /// Whether the image is to be burned again, so that what only a recorder left between tracks is no
    /// part of it.
    public var isForBurning = false
    /// Whether the image is taken away in the end, so that nothing is kept of one that was not finished.
    public var isTemporary = false
    /// Whether a file with the checksums of the image's files is made beside it for each kind.
    public var makesSumFiles = false
    /// Whether what the format can't hold may be lost.
    public var allowsLoss = false
    /// Whether it goes on with what an earlier rip, or ddrescue, left at the output.
    public var resumes = false
    /// Other images of the same disc, finished or not, whose sectors are taken where this one lacks them.
    public var merged: [FilePath] = []
    /// Files and directories of the disc that are read before all others.
    public var first: [String] = []
    /// The seconds after which nothing more is tried; `nil` if there is no limit.
    public var timeLimit: Double?
    /// The damage beyond which nothing more is tried; `nil` if there is no limit.
    public var giveUp: DamageLimit?
    /// What is done about the drive's read offset; `nil` if audio is taken as it comes.
    public var offset: ReadOffsetChoice?
    /// What looks for the offset of a drive whose model is not known; `nil` if nothing does.
    public var offsetSearch: ReadOffsetChoice.Search?
    /// What makes the names that the whole disc has in databases; `nil` if nothing does.
    public var identify: (@Sendable (DiscLayout) -> IdentifierReport?)?
    /// What looks at the audio with what others have, when all of it was read; `nil` if nothing does.
    public var review: SoundReview?
    /// Whether a first wish to stop that comes when the disc has been read ends only what may be read again: nothing
    /// that costs more follows.
    var sparesEnd: Bool { !isForBurning }
    /// How the image is written.
    public var image = ImageOptions()
    /// What was asked for in so many words, so that a format that has no such choice is refused.
    public var choices: Set<ImageChoice> = []

    /// How often bad sectors are tried again if nothing else is wanted.
    public static let usualRetries = 1
    /// The same on a disc with audio.
    public static let soundRetries = 3

    /// Creates options.
    public init(
        output: FilePath,
        replaces: Bool = false,
        retries: Int? = nil,
        speed: DriveSpeed? = nil,
        digests: [DigestAlgorithm] = [],
        ejects: Bool = false,
        keepsAll: Bool = false
    ) {
        self.output = output
        self.replaces = replaces
        self.retries = retries.map { max(0, $0) }
        self.speed = speed
        self.digests = DigestAlgorithm.allCases.filter { $0 == .sha256 || digests.contains($0) }
        self.ejects = ejects
        self.keepsAll = keepsAll
    }

    /// The bytes of a sector in an image of data alone.
    static let bytesPerSector = 2048

    /// The name that the image has until it is finished.
    public var partial: FilePath { UnfinishedFiles.unfinished(output) }

    /// The name of the map of damaged areas.
    public var map: FilePath { UnfinishedFiles.map(of: output) }

    /// The name of the file with what is known of sectors besides that they were read.
    var evidence: FilePath { output.adding(".evidence") }

    /// What goes on with an image that was not finished, in a sentence: a verb that rips in order to burn has no
    /// option for it.
    var resumption: String {
        isForBurning ? "“spindle rip \(output) --resume”" : "--resume"
    }

    /// What a conversion of the disc to the image would be asked to do.
    var conversion: ConversionOptions {
        var conversion = ConversionOptions(output: output)
        conversion.verb = "rip"
        conversion.format = format
        conversion.allowsLoss = allowsLoss
        conversion.image = image
        conversion.image.replaces = replaces
        conversion.image.survives = true
        conversion.image.resumes = resumes
        conversion.image.keepsSubchannel = keepsSubchannel
        conversion.choices = choices
        conversion.digests = digests
        conversion.makesSumFiles = makesSumFiles
        return conversion
    }

    /// Whether sectors are packed as they come, so that none can be written later.
    func packs(into format: ImageFormat) -> Bool {
        format.order == .asAsked || image.audioFile == .flac
    }

    /// Whether just some of what is on the disc is wanted, or more than its data.
    var asksForMore: Bool {
        keepsWholeSectors || keepsSubchannel || session != nil || track != nil
    }
}
