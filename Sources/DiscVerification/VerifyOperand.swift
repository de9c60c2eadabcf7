public import DiscChecksums
public import DiscDrives
public import Transfer

/// One of the two things that are held against each other.
public enum VerifyOperand {
    /// An image, by its path; with its size in bytes where that is no multiple of its sectors and
    /// the source does not tell it.
    case image(String, any SectorSource, byteCount: Int? = nil)
    /// The disc in a drive, by the drive's name; the source ends where the disc's data do.
    case drive(String, any SectorSource, DiscReport)
    /// A list of sums.
    case manifest(ChecksumManifest)

    /// The path or the drive's name.
    public var name: String {
        switch self {
        case .image(let name, _, _), .drive(let name, _, _): name
        case .manifest(let manifest): manifest.name
        }
    }

    /// How a sentence names it.
    var phrase: String { isDisc ? "the disc in \(name)" : name }

    var source: (any SectorSource)? {
        switch self {
        case .image(_, let source, _), .drive(_, let source, _): source
        case .manifest: nil
        }
    }

    var report: DiscReport? {
        if case .drive(_, _, let report) = self { report } else { nil }
    }

    var isDisc: Bool { report != nil }

    /// The size in bytes, where it is known before reading.
    var byteCount: Int? {
        if case .image(_, _, let count?) = self { return count }
        return source.flatMap(Comparison.size)
    }
}
