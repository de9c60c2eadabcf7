import SpindleJobs
import SystemPackage
import TerminalProgress

/// What `list --check` tells.
struct FileCheckDocument: Encodable {
    /// What libiso9660 is known not to read.
    struct Limit: Encodable {
        var limit: TreeLimit
        var count: Int
        var example: String
        var text: String
    }

    let version = 1
    let library = "libiso9660"
    var path: String
    var session: Int
    var tree: FileTreeKind
    var status: JobStatus
    var files: Int
    var directories: Int
    /// The files whose contents were compared, and their bytes.
    var filesSummed: Int
    var bytesSummed: Int
    /// The bytes of files that are compared at most.
    let mostBytesSummed = FileCheck.mostBytes
    /// Files of which only the size was compared.
    var sizesOnly: TreeReport.Count
    var unlisted: TreeReport.Count
    var unreadable: TreeReport.Count
    var limits: [Limit]
    var differences: [TreeReport.Difference]
    var furtherDifferences: Int
    var notes: [String]

    init(_ check: FileCheck) {
        let report = check.report
        path = check.listing.disc.path.string
        session = check.listing.session.number
        tree = check.listing.tree.kind
        status = check.status
        files = report.files
        directories = report.directories
        filesSummed = report.summed
        bytesSummed = report.summedBytes
        sizesOnly = report.sizesOnly
        unlisted = report.unlisted
        unreadable = report.unreadable
        limits = TreeLimit.allCases.compactMap { limit in
            report.limits[limit].map {
                Limit(
                    limit: limit,
                    count: $0.count,
                    example: $0.example,
                    text: limit.sentence
                )
            }
        }
        differences = report.differences
        furtherDifferences = report.furtherDifferences
        notes = check.notes
    }

    /// The same for a person.
    var lines: [String] {
        var lines = [headline] + differences.map(\.line)
        if furtherDifferences > 0 {
            lines.append("and \(Wording.counted(furtherDifferences, "difference")) more")
        }
        if sizesOnly.count > 0 {
            let bound = Quantity.bytes(mostBytesSummed)
            lines.append(
                "Only the size was compared of \(Wording.counted(sizesOnly.count, "file")), such as \(FileName.shown(sizesOnly.example)): contents are compared up to \(bound) in all."
            )
        }
        for limit in limits {
            lines.append(
                "Not compared: \(limit.text) (\(limit.count), such as \(FileName.shown(limit.example)))."
            )
        }
        if unlisted.count > 0 {
            lines.append(
                "libiso9660 could not list \(Wording.counted(unlisted.count, "directory", "directories")), such as \(FileName.shown(unlisted.example)); the contents were not compared."
            )
        }
        if unreadable.count > 0 {
            lines.append(
                "\(Wording.counted(unreadable.count, "file")) can't be read, such as \(FileName.shown(unreadable.example))."
            )
        }
        return lines
    }

    private var headline: String {
        let what =
            "\(Wording.counted(files, "file")) in \(Wording.counted(directories, "directory", "directories")) of the \(tree.displayName) tree, \(Quantity.bytes(bytesSummed)) of contents"
        switch status {
        case .differs:
            let count = Wording.counted(differences.count + furtherDifferences, "point")
            return "Differs: Spindle and libiso9660 disagree in \(count) about \(what)."
        case .verified: return "Verified: Spindle and libiso9660 agree about \(what)."
        case .incomplete:
            return "Incomplete: Spindle could not read all; it and libiso9660 agree about \(what)."
        default:
            return
                "Not verified: libiso9660 could not read all; it and Spindle agree about \(what)."
        }
    }
}
