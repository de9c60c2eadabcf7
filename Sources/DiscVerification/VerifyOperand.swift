public import DiscChecksums
public import DiscDrives
public import Transfer

/// One of the two things that are held against each other.
public enum VerifyOperand {
    /// An image, by its path; with its size in bytes where that is no multiple of its sectors and
    /// the source does not tell it, and the disc in it where there may be more than data.
    case image(String, any SectorSource, byteCount: Int? = nil, whole: WholeDisc? = nil)
    /// The disc in a drive, by the drive's node; the source ends where the disc's data do. The drive's
    /// maker and model go into the plan.
    case drive(
        String,
        any SectorSource,
        DiscReport,
        model: String? = nil,
        whole: WholeDisc? = nil
    )
    /// A virtual disc, by its file; the source ends where its data do, or, of an overwritable one,
    /// where it does.
    case virtualDisc(String, any SectorSource, isOverwritable: Bool, whole: WholeDisc? = nil)
    /// A list of sums.
    case manifest(ChecksumManifest)

    /// The path or the drive's node.
    public var name: String {
        switch self {
        case .image(let name, _, _, _), .drive(let name, _, _, _, _),
            .virtualDisc(let name, _, _, _):
            name
        case .manifest(let manifest): manifest.name
        }
    }

    /// How a sentence names it.
    var phrase: String { isDisc ? "the disc in \(name)" : name }

    var source: (any SectorSource)? {
        switch self {
        case .image(_, let source, _, _), .drive(_, let source, _, _, _),
            .virtualDisc(_, let source, _, _):
            source
        case .manifest: nil
        }
    }

    var report: DiscReport? {
        if case .drive(_, _, let report, _, _) = self { report } else { nil }
    }

    /// The drive's maker and model, where there is a drive.
    var model: String? {
        if case .drive(_, _, _, let model, _) = self { model } else { nil }
    }

    /// Whether it is a disc, real or virtual: burning adds zeros to such.
    var isDisc: Bool {
        switch self {
        case .drive, .virtualDisc: true
        case .image, .manifest: false
        }
    }

    /// Whether it is a disc in a drive.
    var isDrive: Bool { report != nil }

    /// The disc with all that it has; `nil` if that is not known.
    var whole: WholeDisc? {
        switch self {
        case .image(_, _, _, let whole), .virtualDisc(_, _, _, let whole),
            .drive(_, _, _, _, let whole):
            whole
        case .manifest: nil
        }
    }

    /// Whether what lies behind the image on the disc is from other times.
    var isOverwritable: Bool {
        switch self {
        case .drive(_, _, let report, _, _): report.isOverwritable
        case .virtualDisc(_, _, let isOverwritable, _): isOverwritable
        case .image, .manifest: false
        }
    }

    /// The size in bytes, where it is known before reading.
    var byteCount: Int? {
        if case .image(_, _, let count?, _) = self { return count }
        return source.flatMap(Comparison.size)
    }
}
