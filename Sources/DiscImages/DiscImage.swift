public import DiscModel
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// A disc in a file: a virtual disc, or an image, which counts as the pressed disc that it fits on.
public final class DiscImage {
    /// The file.
    public let path: FilePath
    /// Whether the file is a virtual disc.
    public let isVirtualDisc: Bool
    /// The data sectors.
    public let source: any SectorSource
    /// The size of the data in bytes; of an image the file's, which may end within a sector.
    public let byteCount: Int
    /// The kind of disc.
    public let medium: MediumKind
    /// How far it is recorded.
    public let state: DiscState
    /// Sessions and tracks.
    public let layout: DiscLayout

    /// Opens a file.
    ///
    /// - Throws: ``Reports/Failure`` where it can't be read, or is no disc.
    public init(_ path: FilePath) throws(Failure) {
        self.path = path
        do {
            let disc = try VirtualDisc(opening: path)
            let file = try File(path, .read)
            isVirtualDisc = try VirtualDisc.isVirtualDisc(file)
            let view = VirtualDiscSource(disc)
            medium = view.medium
            state = view.state
            layout = view.layout
            if isVirtualDisc {
                source = view
                byteCount = (view.sectorCount ?? 0) * view.sectorSize
            } else {
                let image = try FileSource(file)
                source = image
                byteCount = image.byteCount
            }
        } catch {
            throw Failure(
                .source, "\(path) can't be read as a disc: \(error)", meaning: "",
                advice: "Name an image or a virtual disc.")
        }
    }
}
