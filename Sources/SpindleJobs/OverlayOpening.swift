import DiscFiles
public import DiscImages
public import DiscMounting
import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage

/// An overlay, the disc that it belongs to, and what it changes of the disc's files.
public struct OpenOverlay {
    /// Where it is kept.
    public let folder: OverlayFolder
    /// What it belongs to.
    public let record: OverlayRecord
    /// What it holds.
    public let contents: OverlayContents
    /// The disc.
    let listing: FileListing
    /// Whether files of the disc may be missing, for its tree is broken.
    let isIncomplete: Bool

    /// Opens an overlay and its disc.
    ///
    /// - Parameters:
    ///   - folder: Where it is kept.
    ///   - secrets: What gives the password of an image, if it needs one.
    /// - Throws: ``Reports/Failure`` if there is none, or its disc is not there or was changed.
    public init(_ folder: OverlayFolder, secrets: ImageSecrets? = nil) throws(Failure) {
        guard let record = try folder.record() else {
            throw Failure(
                .source,
                .noSource,
                "There is no overlay in \(folder.path).",
                meaning: "",
                advice: "Name the folder of an overlay."
            )
        }
        let listing = try FileListing(
            FilePath(text: record.source),
            treeName: record.tree,
            sessionNumber: record.session,
            secrets: secrets
        )
        try folder.check(record, OverlayRecord(listing))
        var builder = MountTreeBuilder(MountJob.Options().attributes, isWritable: true)
        do {
            try builder.add(listing.tree, in: builder.root) { true }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "\(record.source) can't be read: \(error)",
                meaning: "",
                advice: "Try again."
            )
        }
        self.folder = folder
        self.record = record
        self.listing = listing
        contents = try OverlayContents(folder, of: builder.finish())
        isIncomplete = builder.isIncomplete
    }
}

extension OverlayFolder {
    /// Finds the overlay that somebody means.
    ///
    /// - Parameter path: The directory that shows it or has shown it last, its folder, or the image or the
    ///   drive that it belongs to.
    /// - Returns: The overlay.
    /// - Throws: ``Reports/Failure`` if there is none.
    public static func find(_ path: FilePath) throws(Failure) -> OverlayFolder {
        let resolved = MountedDisc.resolved(path)
        let named = OverlayFolder(resolved)
        if named.isThere { return named }
        if let folder = try shown(on: resolved) { return folder }
        let usual = try usual(for: resolved)
        if usual.isThere { return usual }
        throw Failure(
            .source,
            .noSource,
            "There is no overlay of \(path).",
            meaning: "Nothing was done.",
            advice:
                "Name the directory that a disc was mounted on with --writable, the image, or the overlay's folder."
        )
    }

    /// The mount that shows the overlay now; `nil` if there is none.
    func mount() -> MountedDisc? {
        MountedDisc.all().last { $0.state != .stale && $0.overlay == path.text }
    }
}

extension OverlayRecord {
    /// The sectors that describe a volume: those that all file systems of discs begin to be known by.
    private static let volumeSectors = 16..<32

    /// Describes a tree of a disc, as it is now.
    ///
    /// - Throws: ``Reports/Failure`` if a file of it can't be looked at.
    init(_ listing: FileListing) throws(Failure) {
        let disc = listing.disc
        do throws(SystemError) {
            var parts: [OverlayRecord.Part] = []
            for path in disc.files {
                parts.append(try OverlayRecord.Part(FileSystem.absolute(path)))
            }
            self.init(
                source: MountedDisc.resolved(disc.path).text,
                files: parts,
                sectors: disc.source.sectorCount ?? 0,
                volume: Self.volume(of: disc, at: 0),
                tree: listing.tree.kind.rawValue,
                session: listing.session.number,
                sessionVolume: Self.volume(of: disc, at: listing.session.start)
            )
        } catch {
            throw Failure(
                .source,
                .noSource,
                "\(error.path ?? disc.path.string) can't be looked at: \(error.reason).",
                meaning: "Nothing was changed.",
                advice: "Fix that, and try again."
            )
        }
    }

    private static func volume(of disc: ReadableDisc, at start: Int) -> String {
        let size = disc.source.sectorSize
        var bytes = [UInt8](repeating: 0, count: volumeSectors.count * size)
        var span = bytes.mutableSpan
        guard let count = try? disc.source.read(at: start + volumeSectors.lowerBound, into: &span),
            var digest = try? Digest(.sha256)
        else { return "" }
        digest.update(bytes.span.extracting(..<(count * size)))
        return digest.finish().hexadecimal
    }
}
