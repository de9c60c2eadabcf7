import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle drives`.
struct DrivesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drives",
        abstract: "List the drives, what they write, and what is in them.",
        usage: "spindle drives [<options>]",
        discussion: """
            With --watch the list is followed by a line for each drive and disc that comes or goes, \
            until Ctrl-C, or until nobody reads the lines any more.

            Examples:
              spindle drives
              spindle drives --json
              spindle drives --watch --json
            """
    )

    @Flag(help: "Keep running, and print what changes.")
    var watch = false

    @OptionGroup var output: AnswerOptions

    /// Seconds between two looks at the drives, and between two at whether to go on.
    private static let (secondsBetweenLooks, secondsOfSleep) = (1.0, 0.1)

    /// What is told of a drive.
    struct Entry: Encodable {
        var path: String
        var vendor: String?
        var product: String?
        var revision: String?
        var writes: [String]
        var medium: String?
        var state: String?
        var problem: String?
        /// What has become of it, in an event.
        var change: String?

        init(_ sight: DriveWatch.Sight, _ change: DriveWatch.Change? = nil) {
            path = sight.path.string
            vendor = sight.identity?.vendor
            product = sight.identity?.product
            revision = sight.identity?.revision
            writes = sight.writes.map(\.rawValue)
            medium = sight.medium?.rawValue
            state = sight.state?.rawValue
            problem = sight.problem
            self.change = change?.rawValue
        }
    }

    func run() throws {
        let output = Output(json: output.json)
        guard !watch else { return try follow(output) }
        try JobCommand.answer(output) { () throws(Failure) in
            let entries = try output.looking { () throws(Failure) in
                DriveList.nodes().map { Entry(DriveWatch.Sight(of: $0)) }
            }
            try output.answer(entries) {
                entries.isEmpty ? ["No optical drive was found."] : entries.flatMap(Self.lines)
            }
        }
    }

    /// Prints what changes, until it is to stop.
    private func follow(_ output: Output) throws {
        let interruption = Cancellation()
        try? Signals.watch([.interrupt, .quit, .terminate]) { _ in interruption.request() }
        var watch = DriveWatch()
        var nextLook = 0.0
        while !interruption.isRequested, Terminal.hasReader(.output) {
            if Clock.seconds >= nextLook {
                let changes = watch.look()
                try JobCommand.answer(output) { () throws(Failure) in
                    for (change, sight) in changes {
                        let entry = Entry(sight, change)
                        try output.tell("drive", entry) { Self.lines(of: sight, change) }
                    }
                }
                nextLook = Clock.seconds + Self.secondsBetweenLooks
            }
            Clock.sleep(seconds: Self.secondsOfSleep)
        }
        if interruption.isRequested {
            throw ArgumentParser.ExitCode(SpindleJobs.ExitCode.interrupted.rawValue)
        }
    }

    private static func lines(of sight: DriveWatch.Sight, _ change: DriveWatch.Change) -> [String] {
        let words =
            switch change {
            case .present: "present"
            case .added: "drive added"
            case .removed: "drive removed"
            case .discInserted: "disc inserted"
            case .discRemoved: "disc removed"
            case .changed: "changed"
            }
        let head = "\(Timestamp.now)  \(sight.path): \(words)"
        return [head] + (change == .removed ? [] : lines(Entry(sight)).dropFirst())
    }

    private static func lines(_ entry: Entry) -> [String] {
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
