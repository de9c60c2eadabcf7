public import DiscModel
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// A disc in a file: a virtual disc, or an image of any format, which counts as the pressed disc
/// that it fits on.
///
/// This is the one door: what the file is, its content says.
public final class DiscImage {
    /// The file.
    public let path: FilePath
    /// The image's format; absent for a virtual disc.
    public let format: ImageFormat?
    /// The disc, with all that the file keeps of it.
    public let disc: any DiscSource
    /// The data sectors.
    public let source: any SectorSource
    /// The size of the data in bytes; of a plain image the file's, which may end within a sector.
    public let byteCount: Int
    /// How far it is recorded.
    public let state: DiscState
    /// How the image was known: a sentence each.
    public let evidence: [String]
    /// What is odd about it: a sentence each.
    public let warnings: [String]

    /// Whether the file is a virtual disc.
    public var isVirtualDisc: Bool { format == nil }
    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// Sessions and tracks.
    public var layout: DiscLayout { disc.layout }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - secrets: What gives its password, where it needs one.
    /// - Throws: ``Reports/Failure`` where it can't be read, or is no disc.
    public init(_ path: FilePath, secrets: ImageSecrets? = nil) throws(Failure) {
        self.path = path
        do {
            let file = try File(path, .read)
            let kind = try file.status().kind
            guard kind == .regular || kind == .directory else {
                throw VirtualDiscError(.notADisc, path: path.string, "this is not a file")
            }
            if kind == .regular, try VirtualDisc.isVirtualDisc(file) {
                let virtual = try VirtualDisc(opening: path)
                let view = VirtualDiscSource(virtual)
                format = nil
                disc = VirtualDiscContents(virtual)
                source = view
                byteCount = (view.sectorCount ?? 0) * view.sectorSize
                state = view.state
                evidence = ["It begins as virtual discs do."]
                warnings = []
                return
            }
            // The only image that is a folder.
            let found =
                try kind == .directory
                ? SparseBundle.open(path, secrets: secrets).map { (ImageFormat.dmg, $0) }
                : ImageFormat.open(
                    ImageFile(path, bytes: try FileBytes(file), secrets: secrets)
                )
            guard let (format, disc) = found else {
                throw VirtualDiscError(.notADisc, path: path.string, "this is not an image")
            }
            let view = DiscDataSource(disc)
            self.format = format
            self.disc = disc
            source = view
            byteCount = disc.dataByteCount ?? (view.sectorCount ?? 0) * view.sectorSize
            state = .complete
            evidence = disc.evidence
            warnings = disc.warnings
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .source,
                "\(path) can't be read as a disc: \(error)",
                meaning: "",
                advice: (error as? EncryptedImageError)?.advice
                    ?? "Name an image or a virtual disc."
            )
        }
    }
}
