import DiscChecksums
import DiscDrives
import DiscFiles
public import DiscImages
import DiscModel
import DiscRipping
public import DiscVerification
public import LinuxCalls
public import Reports
public import SystemPackage

/// What a path names, opened to be verified: a drive, an image, a virtual disc, or a list of sums.
public struct OpenedOperand {
    /// What it is.
    public let operand: VerifyOperand
    /// Of a disc, the sectors of the image on it, as far as the disc tells.
    public let payloadSectors: Int?
    /// Of a disc, the zeros that burning may have added behind it.
    public let usualPadding: Int
    /// A watch of its files, made before they were read.
    public let watch: FileWatch
    /// What is odd about an image: a sentence each.
    public let warnings: [String]

    /// Opens what a path names.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - secrets: What gives the password of an image, where it needs one.
    /// - Throws: ``Reports/Failure`` where there is nothing, or nothing that can be verified.
    public init(_ path: FilePath, secrets: ImageSecrets? = nil) throws(Failure) {
        let kind = try Self.check(path)
        if kind == .blockDevice || kind == .characterDevice {
            watch = FileWatch([])
            warnings = []
            let drive = try Drive.unclaimed(path)
            let report = try drive.inspectDisc()
            let whole = WholeDisc(try DriveDisc(drive, report))
            if report.problem == nil, report.layout.tracks.contains(where: { $0.content == .audio })
            {
                let end = report.layout.tracks.last { $0.content == .data }?.end.rawValue
                operand = .drive(
                    drive.path.string,
                    DriveSource(drive, report, sectors: max(0, end ?? 0)),
                    report,
                    model: drive.name,
                    whole: whole
                )
                payloadSectors = nil
                usualPadding = 0
                return
            }
            let extent = try ImageExtent.find(drive, report)
            // On an overwritable disc the other operand may go on behind what the disc claims.
            let end =
                report.isOverwritable
                ? max(extent.sectors, report.capacity?.sectors ?? 0)
                : extent.sectors + extent.droppedPadding
            operand = .drive(
                drive.path.string,
                DriveSource(drive, report, sectors: end, gaps: extent.gaps),
                report,
                model: drive.name,
                whole: whole
            )
            payloadSectors = extent.sectors
            usualPadding = extent.droppedPadding
        } else if ChecksumManifest.isManifest(path) {
            watch = FileWatch([path])
            warnings = []
            operand = .manifest(try ChecksumManifest(reading: path))
            payloadSectors = nil
            usualPadding = 0
        } else {
            let image = try DiscImage(path, allowsAnything: true, secrets: secrets)
            try image.checkContainers()
            watch = image.watch
            warnings = image.warnings
            if image.isVirtualDisc {
                let facts = image.medium.facts
                operand = .virtualDisc(
                    path.string,
                    image.source,
                    isOverwritable: facts.recording == .overwritable,
                    whole: WholeDisc(image.disc, holds: image.holds)
                )
                payloadSectors = (try? DiscContent.examine(image.source))?.claimedEnd
                usualPadding = facts.family == .cd ? 150 : facts.sectorsPerBlock - 1
            } else {
                operand = .image(
                    path.string,
                    image.source,
                    byteCount: image.byteCount,
                    whole: WholeDisc(image.disc, holds: image.holds)
                )
                payloadSectors = nil
                usualPadding = 0
            }
        }
    }

    /// Opens an image or a virtual disc.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - secrets: What gives the password of an image, where it needs one.
    ///   - need: What of it is needed.
    /// - Returns: The image.
    /// - Throws: ``Reports/Failure`` where there is nothing, or a drive, or no image.
    public static func image(
        _ path: FilePath,
        secrets: ImageSecrets? = nil,
        need: DiscImage.Need = .everything
    ) throws(Failure) -> DiscImage {
        let kind: File.Kind
        do {
            kind = try FileSystem.status(path).kind
        } catch {
            throw Failure(
                .source,
                "\(path) can't be found: \(error.reason).",
                meaning: "Nothing was written.",
                advice: "Name an image or a virtual disc."
            )
        }
        guard kind != .blockDevice, kind != .characterDevice else {
            throw Failure(
                .usage,
                "\(path) is a drive, not an image.",
                meaning: "Nothing was written.",
                advice: "Read its disc with rip first."
            )
        }
        return try DiscImage(path, need: need, secrets: secrets)
    }

    /// Finds out what kind of file a path names.
    ///
    /// - Throws: ``Reports/Failure`` where there is nothing.
    @discardableResult
    public static func check(_ path: FilePath) throws(Failure) -> File.Kind {
        do {
            return try FileSystem.status(path).kind
        } catch {
            throw Failure(
                path.starts(with: "/dev") ? .unsuitable : .source,
                "\(path) can't be found: \(error.reason).",
                meaning: "Nothing was compared.",
                advice: "Name a drive's device node, an image, a virtual disc or a list of sums."
            )
        }
    }

    /// Takes what the lists beside an image say of it.
    ///
    /// - Returns: `nil` if there is no list.
    /// - Throws: ``Reports/Failure`` where there are lists, and none says anything of this image.
    public static func lists(beside image: FilePath) throws(Failure) -> VerifyOperand? {
        try ChecksumManifest.beside(image).map { .manifest($0) }
    }
}
