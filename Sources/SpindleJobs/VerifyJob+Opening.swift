import DiscChecksums
import DiscDrives
import DiscFiles
public import DiscImages
import DiscModel
import DiscOpening
import DiscRipping
public import DiscVerification
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

extension VerifyJob {
    /// Prepares a job on what two paths name.
    ///
    /// - Parameters:
    ///   - first: A drive, an image, a virtual disc or a list of checksums.
    ///   - second: Another; the lists of checksums beside the first one if left out.
    ///   - secrets: What gives the password of an image, if it needs one.
    ///   - cancellation: A wish to stop while it is opened.
    /// - Throws: ``Reports/Failure`` where there is nothing, or nothing that can be verified.
    public init(
        _ first: FilePath,
        against second: FilePath?,
        secrets: ImageSecrets? = nil,
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        try VerifyOperand.isDrive(first)
        if let second {
            var (one, other) = (
                try VerifyOperand(first, secrets, cancellation),
                try VerifyOperand(second, secrets, cancellation)
            )
            // What is burned of files of audio are tracks; two of them are compared as the files that they are.
            if other.hasSound, !one.hasSound {
                one = try VerifyOperand(soundsOf: first, secrets, cancellation) ?? one
            } else if one.hasSound, !other.hasSound {
                other = try VerifyOperand(soundsOf: second, secrets, cancellation) ?? other
            }
            self.init(one, other)
        } else if let lists = try ChecksumManifest.beside(first) {
            self.init(try VerifyOperand(first, secrets, cancellation), VerifyOperand(lists))
        } else {
            throw Failure(
                .usage,
                "There is nothing to compare \(first) with.",
                meaning: VerifyOperand.meaning,
                advice: "Name an image, a disc, or a list of checksums such as SHA256SUMS."
            )
        }
    }
}

extension VerifyOperand {
    fileprivate static let meaning = "Nothing was compared."
    private static let advice =
        "Name a drive's device node, an image, a virtual disc or a list of checksums."

    @discardableResult
    fileprivate static func isDrive(_ path: FilePath) throws(Failure) -> Bool {
        try OpenDisc.isDrive(path, advice: advice, meaning: meaning)
    }

    /// Opens what a path names.
    fileprivate init(
        _ path: FilePath,
        _ secrets: ImageSecrets?,
        _ cancellation: Cancellation?
    ) throws(Failure) {
        if try !Self.isDrive(path), ChecksumManifest.isManifest(path) {
            let watch = FileWatch([path])
            self.init(try ChecksumManifest(reading: path))
            self.watch = watch
            return
        }
        // What was burned of any file can be compared with it.
        let opened = try OpenDisc(
            path,
            allowsAnything: true,
            secrets: secrets,
            cancellation: cancellation
        )
        switch opened.content {
        case .image(let image): try self.init(image)
        case .drive(let drive, let report): try self.init(drive, report)
        }
    }

    /// Whether it is a disc that has audio.
    fileprivate var hasSound: Bool {
        whole?.disc.layout.tracks.contains { $0.content == .audio } ?? false
    }

    /// Opens a file of audio, or a playlist, as the disc that it is for the other verbs.
    ///
    /// - Returns: `nil` if the path names something else.
    fileprivate init?(
        soundsOf path: FilePath,
        _ secrets: ImageSecrets?,
        _ cancellation: Cancellation?
    ) throws(Failure) {
        guard (try? FileSystem.status(path).kind) == .regular, !ChecksumManifest.isManifest(path)
        else { return nil }
        do throws(Failure) {
            let image = try OpenDisc.image(
                path,
                secrets: secrets,
                meaning: Self.meaning,
                cancellation: cancellation
            )
            guard image.format?.name == ImageFormat.audio.name else { return nil }
            try self.init(image)
            // A file of audio need not have tags: what is not in them says nothing of the disc.
            var holds = image.holds.subtracting([.catalog, .isrc, .cdText])
            if image.layout.sheetTexts == nil { holds.remove(.sheetTexts) }
            whole = WholeDisc(image.disc, holds: holds)
        } catch {
            guard SoundFiles.isSound(path) else { return nil }
            throw error
        }
    }

    private init(_ image: DiscImage) throws(Failure) {
        try image.beginChecks()
        self.init(image.path.text, DataDisc(image.source, byteCount: image.byteCount))
        whole = WholeDisc(image.disc, holds: image.holds)
        files = image.paths
        watch = image.watch
        findDamage = {
            do throws(Failure) {
                try image.endChecks(
                    meaning: "What was read of it may be wrong, so nothing is known."
                )
                return nil
            } catch {
                return error
            }
        }
        warnings = image.warnings
        guard image.isVirtualDisc else { return }
        let facts = image.medium.facts
        surplus = facts.recording == .overwritable ? .anything : .zeros
        payloadSectors = (try? DiscContent.examine(image.source))?.claimedEnd
        usualPadding = facts.family == .cd ? 150 : facts.sectorsPerBlock - 1
    }

    private init(_ drive: Drive, _ report: DiscReport) throws(Failure) {
        let whole = WholeDisc(try DriveDisc(drive, report))
        let tracks = report.layout.tracks
        if report.problem == nil, tracks.contains(where: { $0.content == .audio }) {
            let end = tracks.last { $0.content == .data }?.end.rawValue ?? 0
            self.init(
                drive.path.string,
                DataDisc(DriveSource(drive, report, sectors: max(0, end)))
            )
        } else {
            let extent = try ImageExtent.find(drive, report)
            // On an overwritable disc the other operand may go on behind what the disc claims.
            let end =
                report.isOverwritable
                ? max(extent.sectors, report.capacity?.sectors ?? 0)
                : extent.sectors + extent.droppedPadding
            self.init(
                drive.path.string,
                DataDisc(DriveSource(drive, report, sectors: end, gaps: extent.gaps))
            )
            payloadSectors = extent.sectors
            usualPadding = extent.droppedPadding
        }
        surplus = report.isOverwritable ? .anything : .zeros
        self.whole = whole
        self.report = report
        self.drive = drive
    }
}
