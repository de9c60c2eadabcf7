import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// Which drive to work with.
struct DriveOption: ParsableArguments {
    @Option(
        help: "The drive's device node; SPINDLE_DRIVE's, or the only suitable one, where left out."
    )
    var drive: String?

    /// What a command wants of the disc in a drive that nobody named.
    enum Wish {
        /// Any disc.
        case any
        /// One that can be written from its beginning.
        case writable
        /// One that can be blanked.
        case blankable
        /// One that holds something.
        case recorded

        func suits(_ report: DiscReport) -> Bool {
            guard let medium = report.medium, report.state != .none else { return false }
            let recording = medium.facts.recording
            let canWrite = !report.isOfReader && !report.isOfForeignKind
            return switch self {
            case .any: true
            case .writable:
                canWrite && recording != .readOnly
                    && (report.state == .blank || report.isOverwritable)
            case .blankable: canWrite && recording == .blankable
            case .recorded: report.state != .blank
            }
        }
    }

    /// The named drive; else the one in `SPINDLE_DRIVE`; else the only one there is, or the only one
    /// with a disc as wished.
    func node(with wish: Wish) throws(Failure) -> FilePath {
        if let drive { return FilePath(drive) }
        if let named = Environment.value("SPINDLE_DRIVE"), !named.isEmpty {
            return FilePath(named)
        }
        return try DriveList.onlyNode(suits: wish.suits)
    }
}
