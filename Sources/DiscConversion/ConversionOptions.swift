public import DiscImages
public import LibCrypto
import LinuxCalls
public import SystemPackage

/// What a conversion is asked to do.
public struct ConversionOptions: Sendable {
    /// The image to make; of a format of several files, the one that is opened.
    public var output: FilePath
    /// The name of the format; by the output's extension where absent.
    public var format: String?
    /// What the verb is, in plans and results.
    public var verb = "convert"
    /// Whether what the format can't hold may be lost.
    public var allowsLoss = false
    /// Whether raw sectors whose EDC is wrong are repaired by their P and Q parity.
    public var repairs = false
    /// Whether the image is opened again and compared with the source, as both are read.
    public var proves = false
    /// How the image is written; whether files that are there are replaced.
    public var image = ImageOptions()
    /// What was asked for in so many words, so that a format that has no such choice is refused.
    public var choices: Set<ImageChoice> = []

    /// The checksums of tracks that are made of what is read from a drive.
    public var digests: [DigestAlgorithm] = [.sha256]
    /// Whether a file with the checksums of the image's files is made beside it for each of these.
    public var makesSumFiles = false

    /// The usual choices.
    public init(output: FilePath) {
        self.output = output
    }

    /// The file that keeps what was lost.
    public var lossReport: FilePath { output.adding(".loss.txt") }
}
