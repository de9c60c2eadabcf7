public import DiscDrives
public import DiscImages
public import DiscModel
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// What a path names, opened: the disc in a drive, in an image or in a virtual disc.
///
/// This is the one door for a path: what kind of thing it is is found out here alone, and each verb then
/// asks for what it needs.
public struct OpenDisc {
    /// What there is behind the door.
    public enum Content {
        /// A drive, and what it says about its disc.
        case drive(Drive, DiscReport)
        /// An image or a virtual disc.
        case image(DiscImage)
    }

    /// The path that was opened.
    public let path: FilePath
    /// What it names.
    public let content: Content

    /// Opens what a path names.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - need: What is needed of an image.
    ///   - allowsAnything: Whether an image may be of something else than a disc.
    ///   - secrets: What gives the password of an image, if it needs one.
    ///   - advice: What to do if there is nothing: one sentence.
    ///   - meaning: What that means: one sentence, or none.
    ///   - cancellation: A wish to stop: what of an image is decoded first may be long.
    /// - Throws: ``Reports/Failure`` where there is nothing, or no disc.
    public init(
        _ path: FilePath,
        need: DiscImage.Need = .everything,
        allowsAnything: Bool = false,
        secrets: ImageSecrets? = nil,
        advice: String = "Name a drive's device node, an image or a virtual disc.",
        meaning: String = "",
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        self.path = path
        if try Self.isDrive(path, advice: advice, meaning: meaning) {
            let drive = try Drive.unclaimed(path)
            content = .drive(drive, try drive.inspectDisc())
        } else {
            content = .image(
                try DiscImage(
                    path,
                    need: need,
                    allowsAnything: allowsAnything,
                    secrets: secrets,
                    cancellation: cancellation
                )
            )
        }
    }

    /// Opens an image or a virtual disc, and nothing else.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - need: What of it is needed.
    ///   - secrets: What gives its password, if it needs one.
    ///   - meaning: What it means if there is none: one sentence, or none.
    ///   - cancellation: A wish to stop: what of it is decoded first may be long.
    /// - Returns: The image.
    /// - Throws: ``Reports/Failure`` where there is nothing, or a drive, or no image.
    public static func image(
        _ path: FilePath,
        need: DiscImage.Need = .everything,
        secrets: ImageSecrets? = nil,
        meaning: String = "",
        cancellation: Cancellation? = nil
    ) throws(Failure) -> DiscImage {
        let advice = "Name an image or a virtual disc."
        guard try !isDrive(path, missing: .source, advice: advice, meaning: meaning) else {
            throw Failure(
                .usage,
                "\(path) is a device, not an image.",
                meaning: meaning,
                advice: "Read the disc in a drive with rip first."
            )
        }
        return try DiscImage(path, need: need, secrets: secrets, cancellation: cancellation)
    }

    /// Opens audio files, each as a track of one disc, and nothing else.
    ///
    /// - Parameters:
    ///   - files: The files, in the order of the tracks.
    ///   - path: What the user named them by.
    ///   - options: How they become a disc.
    ///   - cancellation: A wish to stop.
    /// - Returns: The disc.
    /// - Throws: ``Reports/Failure`` that names the file that can't become a track.
    public static func sounds(
        _ files: [FilePath],
        named path: FilePath,
        _ options: SoundOptions,
        _ cancellation: Cancellation
    ) throws(Failure) -> DiscImage {
        try DiscImage(sounds: files, named: path, options, cancellation)
    }

    /// Finds out whether a path names a drive.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - cause: What is to blame if there is nothing; the drive if left out and the path is one's.
    ///   - advice: What to do then: one sentence.
    ///   - meaning: What that means: one sentence, or none.
    /// - Returns: Whether it names a device.
    /// - Throws: ``Reports/Failure`` where there is nothing.
    @discardableResult
    public static func isDrive(
        _ path: FilePath,
        missing cause: Failure.Cause? = nil,
        advice: String,
        meaning: String
    ) throws(Failure) -> Bool {
        do {
            let kind = try FileSystem.status(path).kind
            return kind == .blockDevice || kind == .characterDevice
        } catch {
            let cause = cause ?? (path.starts(with: "/dev") ? .unsuitable : .source)
            throw Failure(
                cause,
                cause == .unsuitable ? .noDrive : .noSource,
                "\(path) can't be found: \(error.reason).",
                meaning: meaning,
                advice: advice
            )
        }
    }

    /// Sessions and tracks: of a drive those that it lists.
    public var layout: DiscLayout {
        switch content {
        case .drive(_, let report): report.layout
        case .image(let image): image.layout
        }
    }

    /// Whether a disc can be written over, so that what lies behind the image on it is from other times.
    public var isOverwritable: Bool {
        switch content {
        case .drive(_, let report): report.isOverwritable
        case .image(let image): image.isVirtualDisc && image.medium.facts.recording == .overwritable
        }
    }

    /// The data from address 0 to the end of the last track of data; a drive gives zeros for what lies
    /// between tracks of data.
    public var data: any SectorSource {
        switch content {
        case .image(let image):
            return image.source
        case .drive(let drive, let report):
            let (gaps, end) = DriveSource.dataGaps(report.layout)
            return DriveSource(drive, report, sectors: end, gaps: gaps)
        }
    }
}
