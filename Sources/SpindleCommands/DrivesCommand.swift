import ArgumentParser
import SpindleKit
import SystemPackage

/// `spindle drives`.
struct DrivesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drives",
        abstract: "List the drives, what they write, and what is in them.",
        discussion: """
            Examples:
              spindle drives
              spindle drives --json
            """
    )

    @OptionGroup var output: OutputOptions

    /// What is told of a drive.
    struct Entry: Encodable {
        var path: String
        var vendor: String?
        var product: String?
        var revision: String?
        var writes: [String] = []
        var medium: String?
        var state: String?
        var problem: String?
    }

    func run() throws {
        let entries = DriveList.nodes().map(Self.entry)
        let output = Output(output)
        try JobCommand.answer(output) { () throws(Failure) in
            try output.answer(entries) {
                entries.isEmpty ? ["No optical drive was found."] : Self.lines(entries)
            }
        }
    }

    private static func entry(_ node: FilePath) -> Entry {
        var entry = Entry(path: node.string)
        do throws(Failure) {
            let drive = try Drive.unclaimed(node)
            entry.vendor = drive.identity.vendor
            entry.product = drive.identity.product
            entry.revision = drive.identity.revision
            let report = try drive.inspectDisc()
            entry.writes = report.writableMedia.map(\.rawValue)
            entry.medium = report.medium?.rawValue
            entry.state = report.state.rawValue
            entry.problem = report.problem
        } catch {
            entry.problem = error.what
        }
        return entry
    }

    private static func lines(_ entries: [Entry]) -> [String] {
        entries.flatMap { entry in
            var lines = [
                "\(entry.path)  "
                    + [entry.vendor, entry.product, entry.revision].compactMap { $0 }
                    .joined(separator: " ")
            ]
            if !entry.writes.isEmpty {
                let names = entry.writes.compactMap { MediumKind(rawValue: $0)?.displayName }
                lines.append("  writes  \(names.joined(separator: ", "))")
            }
            if let medium = entry.medium.flatMap(MediumKind.init) {
                lines.append("  holds   \(medium.displayName), \(entry.state ?? "")")
            } else if entry.state == DiscState.none.rawValue {
                lines.append("  holds   no disc")
            }
            if let problem = entry.problem { lines.append("  \(problem)") }
            return lines
        }
    }
}
