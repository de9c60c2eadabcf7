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

    /// What a verb wants of a path.
    public struct Options {
        /// What the path should name, for advice.
        public var wanted: String
        /// Whether a drive is taken.
        public var takesDrives = true
        /// What is needed of an image.
        public var need = DiscImage.Need.everything
        /// Whether an image may be of something else than a disc.
        public var allowsAnything = false
        /// What gives the password of an image, if it needs one.
        public var secrets: ImageSecrets?
        /// What it means if there is nothing: one sentence, or none.
        public var meaning: String

        /// Creates options.
        public init(
            _ wanted: String = "a drive's device node, an image or a virtual disc",
            secrets: ImageSecrets? = nil,
            meaning: String = ""
        ) {
            self.wanted = wanted
            self.secrets = secrets
            self.meaning = meaning
        }
    }

    /// The path that was opened.
    public let path: FilePath
    /// What it names.
    public let content: Content
    /// Opens what a path names.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - options: What is wanted.
    /// - Throws: ``Reports/Failure`` where there is nothing, or nothing that is wanted.
    public init(_ path: FilePath, _ options: Options = Options()) throws(Failure) {
        self.path = path
        if try Self.isDrive(path, options) {
            let drive = try Drive.unclaimed(path)
            content = .drive(drive, try drive.inspectDisc())
        } else {
            content = .image(try Self.openImage(path, options))
        }
    }

    /// Opens an image or a virtual disc, and nothing else.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - need: What of it is needed.
    ///   - secrets: What gives its password, if it needs one.
    ///   - meaning: What it means if there is none: one sentence, or none.
    /// - Returns: The image.
    /// - Throws: ``Reports/Failure`` where there is nothing, or a drive, or no image.
    public static func image(
        _ path: FilePath,
        need: DiscImage.Need = .everything,
        secrets: ImageSecrets? = nil,
        meaning: String = ""
    ) throws(Failure) -> DiscImage {
        var options = Options("an image or a virtual disc", secrets: secrets, meaning: meaning)
        options.takesDrives = false
        options.need = need
        try isDrive(path, options)
        return try openImage(path, options)
    }

    private static func openImage(_ path: FilePath, _ options: Options) throws(Failure) -> DiscImage
    {
        try DiscImage(
            path,
            need: options.need,
            allowsAnything: options.allowsAnything,
            secrets: options.secrets
        )
    }

    /// Finds out whether a path names a drive.
    ///
    /// - Throws: ``Reports/Failure`` where there is nothing, or a drive that is not wanted.
    @discardableResult
    public static func isDrive(_ path: FilePath, _ options: Options) throws(Failure) -> Bool {
        let kind: File.Kind
        do {
            kind = try FileSystem.status(path).kind
        } catch {
            let isMissingDrive = options.takesDrives && path.starts(with: "/dev")
            throw Failure(
                isMissingDrive ? .unsuitable : .source,
                "\(path) can't be found: \(error.reason).",
                meaning: options.meaning,
                advice: "Name \(options.wanted)."
            )
        }
        guard kind == .blockDevice || kind == .characterDevice else { return false }
        guard options.takesDrives else {
            throw Failure(
                .usage,
                "\(path) is a drive, not an image.",
                meaning: options.meaning,
                advice: "Read its disc with rip first."
            )
        }
        return true
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
            let tracks = report.layout.tracks.filter { $0.content == .data && $0.length > 0 }
                .map { max(0, $0.start.rawValue)..<max(0, $0.end.rawValue) }
            var gaps: [Range<Int>] = []
            var end = 0
            for track in tracks {
                if track.lowerBound > end { gaps.append(end..<track.lowerBound) }
                end = max(end, track.upperBound)
            }
            return DriveSource(drive, report, sectors: end, gaps: gaps)
        }
    }
}
