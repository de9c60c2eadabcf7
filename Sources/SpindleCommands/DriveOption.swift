import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// Which drive to work with.
struct DriveOption: ParsableArguments {
    @Option(
        help: "The drive to use (default: SPINDLE_DRIVE, else the only suitable drive).",
        completion: .drives
    )
    var drive: String?

    /// What a command wants of the disc in a drive that nobody named.
    enum Wish {
        /// Any disc.
        case any
        /// One that can be written from its beginning.
        case empty
        /// One that can be written, from its beginning or behind what it holds.
        case writable
        /// One that can be blanked.
        case blankable
        /// One that was left open.
        case open
        /// One that can be formatted.
        case formattable
        /// One that holds something.
        case recorded
        /// None, but an open tray.
        case openTray

        func suits(_ report: DiscReport) -> Bool {
            if self == .openTray { return report.isTrayOpen }
            guard let medium = report.medium, report.state != .none else { return false }
            let recording = medium.facts.recording
            let canWrite = !report.isOfReader && !report.isOfForeignKind
            return switch self {
            case .any: true
            case .empty, .writable:
                canWrite && recording != .readOnly
                    && (report.state == .blank || report.isOverwritable
                        || self == .writable && report.state == .appendable)
            case .blankable: canWrite && recording == .blankable
            case .open:
                canWrite && !report.isOverwritable
                    && [.appendable, .damaged].contains(report.state)
            case .formattable:
                canWrite && (report.isOverwritable || !(report.formats?.descriptors ?? []).isEmpty)
            case .recorded: report.state != .blank
            case .openTray: report.isTrayOpen
            }
        }
    }

    /// Whether an operand names a drive: a device node, or a name in `/dev`, where nothing else is meant but in
    /// the folder for files in memory.
    static func isNode(_ operand: String) -> Bool {
        let path = FilePath(text: operand)
        let kind = (try? FileSystem.status(path))?.kind
        return kind == .blockDevice || kind == .characterDevice
            || kind == nil && path.starts(with: "/dev") && !path.starts(with: "/dev/shm")
    }

    /// Takes a drive that was named as an operand, as people write it after the image.
    ///
    /// - Parameters:
    ///   - operand: The operand; `nil` if there was none.
    ///   - other: What else the command takes, for a sentence: “one image”.
    /// - Throws: `ValidationError` if it is no drive, or another one than that of `--drive`.
    mutating func take(_ operand: String?, besides other: String) throws {
        guard let operand else { return }
        guard Self.isNode(operand) else {
            throw ValidationError("“\(operand)” is not a drive, and the command takes \(other).")
        }
        guard drive == nil || drive == operand else {
            throw ValidationError(
                "Two drives are named: \(operand), and \(drive ?? "") with --drive."
            )
        }
        drive = operand
    }

    /// Checks that no other disc is named besides the drive.
    ///
    /// - Parameter disc: The operand; `nil` if there was none.
    /// - Throws: `ValidationError` if there is one, and it is another.
    func check(besides disc: String?) throws {
        guard let disc, let drive, disc != drive else { return }
        throw ValidationError("Two discs are named: \(disc), and that of --drive.")
    }

    /// The named drive; else the one in `SPINDLE_DRIVE`; else the one that is set; else the only one
    /// there is, or the only one with a disc as wished.
    func node(with wish: Wish) throws(Failure) -> FilePath {
        try Self.node(drive, with: wish)
    }

    /// The same for a drive that may have been named elsewhere.
    static func node(_ drive: String?, with wish: Wish) throws(Failure) -> FilePath {
        if let named = drive ?? ofEnvironment ?? setting(unless: drive)?.value {
            return FilePath(text: named)
        }
        return try DriveList.onlyNode(suits: wish.suits)
    }

    /// The variable that names a drive.
    static let variable = "SPINDLE_DRIVE"

    /// The drive that the environment names.
    static var ofEnvironment: String? {
        Environment.value(variable).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The setting that the drive is taken from; `nil` if it was named, or is not set.
    var setting: Setting? { Self.setting(unless: drive) }

    /// The same for a drive that may have been named elsewhere.
    static func setting(unless drive: String?) -> Setting? {
        drive == nil && ofEnvironment == nil ? Settings.current.setting(.drive) : nil
    }
}
