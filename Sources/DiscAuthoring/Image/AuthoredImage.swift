public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// An image that is made of files, laid out before the first byte of it is made.
public protocol AuthoredImage: AnyObject {
    /// The size of the image in bytes.
    var byteCount: Int { get }
    /// How sentences and plans name what it is made of.
    var name: String { get }
    /// The volume's name.
    var volume: String { get }
    /// What the image, or one of its trees, does not keep.
    var losses: [JobLoss] { get }
    /// Those of them without which nothing is begun, unless that is allowed.
    var graveLosses: [JobLoss] { get }
    /// What a person should know of it: a sentence each.
    var notes: [String] { get }
    /// How many files, directories, links and devices go in.
    var entries: Int { get }
    /// How many files go in, each counted once.
    var fileCount: Int { get }
    /// The bytes of all files, each counted once.
    var contentBytes: Int { get }

    /// Whether an MD5 of the image is put into it once it is made.
    var implantsMD5: Bool { get }
    /// What goes in, in words.
    var summary: String { get }

    /// What was made, in a sentence.
    ///
    /// - Parameters:
    ///   - name: The image's name.
    ///   - isVerified: Whether it was read back.
    /// - Returns: The sentence.
    func outcome(_ name: String, isVerified: Bool) -> String

    /// The image's sectors, made as they are read.
    func source() -> any SectorSource

    /// Reads the finished image back, and looks for a difference from what went in.
    ///
    /// - Parameters:
    ///   - path: The image's final path.
    ///   - files: What holds the image under its unfinished name.
    ///   - cancellation: Heeded at any time.
    ///   - tell: Told the progress.
    /// - Returns: The first difference, in words; `nil` if there is none, or the job was stopped.
    /// - Throws: ``Reports/Failure`` if the image can't be read.
    func difference(
        in path: FilePath,
        _ files: UnfinishedFiles,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> String?
}

extension AuthoredImage {
    /// What goes in, in words.
    public var summary: String {
        let files = Wording.counted(fileCount, "file")
        let bytes = Wording.bytes(contentBytes)
        return "\(Wording.counted(entries, "entry", "entries")) (\(files), \(bytes))"
    }

    /// What was made, in a sentence.
    ///
    /// - Parameters:
    ///   - name: The image's name.
    ///   - isVerified: Whether it was read back.
    /// - Returns: The sentence.
    public func outcome(_ name: String, isVerified: Bool) -> String {
        "\(name) holds \(summary)\(isVerified ? "; it was read back and compared with the files" : "")."
    }

    /// Refuses an image that lacks something, unless that was allowed.
    ///
    /// - Parameters:
    ///   - allowsLoss: Whether it was allowed.
    ///   - meaning: What a refusal means for the output, or the disc.
    /// - Throws: ``Reports/Failure``.
    public func checkConsent(_ allowsLoss: Bool, meaning: String) throws(Failure) {
        guard !graveLosses.isEmpty, !allowsLoss else { return }
        let lost = graveLosses.map(\.text).joined(separator: "; ")
        throw Failure(
            .source,
            .loss,
            "Not all of \(name) can go into the image: \(lost).",
            meaning: meaning,
            advice: "Check that it can be read, or do without it with --allow-loss or --exclude."
        )
    }
}

/// What kind of image is made of files.
public enum AuthoringKind: Sendable {
    /// ISO 9660, by libisofs.
    case iso(ISOAuthoringOptions)
    /// UDF, with or without ISO 9660 beside it.
    case udf(UDFAuthoringOptions)

    /// Whether what can't be read, or can't be kept, may be left out.
    public var allowsLoss: Bool {
        switch self {
        case .iso(let options): options.allowsLoss
        case .udf(let options): options.allowsLoss
        }
    }

    /// Whether an MD5 of the image is put into it.
    public var implantsMD5: Bool {
        switch self {
        case .iso(let options): options.implantsMD5
        case .udf: false
        }
    }

    /// Gathers files and lays an image of them out.
    ///
    /// - Parameters:
    ///   - input: What goes in.
    ///   - cancellation: Heeded between two files.
    /// - Returns: The image.
    /// - Throws: ``Reports/Failure`` if something is not there, makes no sense or can't be put into such
    ///   an image.
    public func image(of input: AuthoringInput, _ cancellation: Cancellation) throws(Failure)
        -> any AuthoredImage
    {
        switch self {
        case .iso(let options): try ISOAuthoring(input, options, cancellation)
        case .udf(let options): try UDFAuthoring(input, options, cancellation)
        }
    }
}
