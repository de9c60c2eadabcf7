import DiscModel
import Reports

/// A page about a job on a disc: one file that needs no other, with a map of the disc, its speed, what is
/// missing, and the checksums.
public struct ReportPage {
    /// Rows of a table beyond which the rest is summed up.
    private static let mostRows = 500
    /// Runs that are drawn; more would only lie on one another.
    private static let mostRuns = 4000

    private let record: JobRecord
    private let heading: String
    private let made: String

    /// Creates a page.
    ///
    /// - Parameters:
    ///   - record: What the job told.
    ///   - program: The program's name and version.
    ///   - time: When the page was made.
    public init(_ record: JobRecord, program: String, time: String) {
        self.record = record
        heading = program
        made = time
    }

    private var result: JobResult? { record.result }
    private var sectors: Int { record.plan?.sectors ?? 0 }
    private var medium: MediumKind {
        record.plan?.medium.flatMap { MediumKind(rawValue: $0) } ?? .cdROM
    }

    /// The page as HTML.
    public var html: String {
        let title = "\(verb) \(record.plan?.target ?? result?.output ?? "")"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.text(title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header class="\(Self.text(result?.status.rawValue ?? ""))">
            <h1>\(Self.text(verdict))</h1>
            \(sentences)
            </header>
            <main>
            \(pictures)
            \(facts)
            \(tracks)
            \(missing)
            \(messages)
            </main>
            <footer>\(Self.text("\(heading), \(made)"))</footer>
            </body>
            </html>

            """
    }

    private var verb: String { record.plan?.verb ?? result?.verb ?? "" }

    private var verdict: String {
        guard let result else { return "The job did not end." }
        switch result.status {
        case .verified: return "Verified"
        case .done: return "All of the disc was read"
        case .incomplete: return "Not all of the disc was read"
        case .differs: return "The data differ"
        case .notVerified: return "Not verified"
        case .failed: return "Failed"
        case .refused: return "Refused"
        case .interrupted: return "Stopped"
        }
    }

    private var sentences: String {
        (result?.sentences ?? []).map { "<p>\(Self.text($0))</p>" }.joined(separator: "\n")
    }

    // MARK: Pictures

    private var bad: [Range<Int>] { Self.ranges(result?.unreadableRuns) }
    private var doubtful: [Range<Int>] { Self.ranges(result?.doubtfulRuns) }

    private static func ranges(_ runs: [SectorRun]?) -> [Range<Int>] {
        (runs ?? []).filter { $0.count > 0 }.map { $0.start..<($0.start + $0.count) }
            .sorted { $0.lowerBound < $1.lowerBound }
    }

    private var pictures: String {
        guard sectors > 0 else { return "" }
        return
            "<section class=\"pictures\">\n\(face)\n\(SpeedCurve(record, medium).svg)\n</section>"
    }

    /// The disc from below: the spiral begins inside.
    private var face: String {
        let face = DiscFace(medium, sectors: sectors)
        let scale = 4.0
        func draw(_ runs: [Range<Int>], _ kind: String) -> String {
            Self.fewer(runs).map { run in
                let range =
                    run.count == 1
                    ? "\(run.lowerBound)" : "\(run.lowerBound) to \(run.upperBound - 1)"
                return
                    "<circle class=\"run \(kind)\" \(face.arc(of: run, scale: scale))><title>\(kind): \(range)</title></circle>"
            }
            .joined(separator: "\n")
        }
        let radius = DiscFace.number(60 * scale)
        let hole = DiscFace.number(7.5 * scale)
        let legend = [("read", "read"), ("missing", "missing"), ("doubtful", "doubtful")]
            .filter { kind, _ in
                kind == "read" || kind == "missing" && !bad.isEmpty
                    || kind == "doubtful" && !doubtful.isEmpty
            }
            .map { "<span class=\"key \($0.0)\"></span>\($0.1)" }.joined(separator: " ")
        return """
            <figure>
            <svg viewBox="-245 -245 490 490" role="img" aria-label="Map of the disc">
            <circle class="plastic" r="\(radius)"/>
            \(draw([0..<sectors], "read"))
            \(draw(doubtful, "doubtful"))
            \(draw(bad, "missing"))
            <circle class="hole" r="\(hole)"/>
            </svg>
            <figcaption>\(legend)<br>The disc begins inside. \(face.isSpread ? "What is recorded is spread over the whole disc, to be seen." : "Radii are to scale.") Angles are approximate.</figcaption>
            </figure>
            """
    }

    /// Runs that lie near one another are drawn as one where there are too many.
    private static func fewer(_ runs: [Range<Int>]) -> [Range<Int>] {
        guard runs.count > mostRuns, let first = runs.first, let last = runs.last else {
            return runs
        }
        let gap = max(1, (last.upperBound - first.lowerBound) / mostRuns)
        return runs.reduce(into: []) { result, run in
            if let last = result.last, run.lowerBound - last.upperBound < gap {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, run.upperBound)
            } else {
                result.append(run)
            }
        }
    }

    // MARK: Tables

    private var facts: String {
        var rows: [(String, String)] = []
        let plan = record.plan
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append((name, value)) }
        }
        add("Source", plan?.source)
        add("Drive", plan?.drive)
        add("Medium", plan?.medium == nil ? nil : medium.displayName)
        add("Output", result?.output ?? plan?.target)
        add("Files", result?.files?.joined(separator: ", "))
        add("Sectors", plan?.sectors.map { "\($0)" })
        add("Bytes", (result?.bytes ?? plan?.bytes).map { "\($0)" })
        for claim in plan?.sizes ?? [] {
            add(
                "Size by \(claim.source)",
                "\(claim.sectors)\(claim.decides ? ", which decides" : "")"
            )
        }
        add("SHA-256", result?.sha256)
        for (name, sum) in (result?.sums ?? [:]).sorted(by: { $0.key < $1.key })
        where name != "sha256" {
            add(name, sum)
        }
        add("Map", result?.map)
        let body = rows.map {
            "<tr><th>\(Self.text($0.0))</th><td>\(Self.text($0.1))</td></tr>"
        }
        return
            "<section>\n<h2>Facts</h2>\n<table>\n\(body.joined(separator: "\n"))\n</table>\n</section>"
    }

    private var tracks: String {
        guard let tracks = result?.tracks, !tracks.isEmpty else { return "" }
        let body = tracks.map { track in
            let sums =
                (track.sha256.map { ["SHA-256 \($0)"] } ?? [])
                + (track.sums ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let cells = [
                "\(track.number)", "\(track.session)", track.mode, "\(track.start)",
                "\(track.sectors)", track.status.rawValue,
            ]
            return "<tr>" + cells.map { "<td>\(Self.text($0))</td>" }.joined()
                + "<td class=\"sums\">\(sums.map(Self.text).joined(separator: "<br>"))</td></tr>"
        }
        return """
            <section>
            <h2>Tracks</h2>
            <table>
            <tr><th>Track</th><th>Session</th><th>Mode</th><th>First sector</th><th>Sectors</th><th>Status</th><th>Checksums</th></tr>
            \(body.joined(separator: "\n"))
            </table>
            </section>
            """
    }

    private var missing: String {
        let runs = bad.map { ($0, "missing") } + doubtful.map { ($0, "doubtful") }
        guard !runs.isEmpty else { return "" }
        let rows = runs.prefix(Self.mostRows).map { run, kind in
            "<tr><td>\(run.lowerBound)</td><td>\(run.upperBound - 1)</td><td>\(run.count)</td><td>\(kind)</td></tr>"
        }
        let rest = runs.dropFirst(Self.mostRows)
        let more =
            rest.isEmpty
            ? ""
            : "<p>\(Wording.counted(rest.count, "more run")) with \(Wording.sectors(rest.reduce(0) { $0 + $1.0.count })).</p>"
        return """
            <section>
            <h2>Sectors that are missing or doubtful</h2>
            <table>
            <tr><th>First</th><th>Last</th><th>Sectors</th><th></th></tr>
            \(rows.joined(separator: "\n"))
            </table>
            \(more)
            </section>
            """
    }

    private var messages: String {
        let notes = (record.plan?.notes ?? []) + record.messages.map(\.text)
        guard !notes.isEmpty else { return "" }
        let items = notes.prefix(Self.mostRows).map { "<li>\(Self.text($0))</li>" }
        return
            "<section>\n<h2>Notes</h2>\n<ul>\n\(items.joined(separator: "\n"))\n</ul>\n</section>"
    }

    // MARK: Text

    /// Text in which nothing is a tag, and no character controls anything.
    static func text(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default:
                let isOdd =
                    scalar.properties.generalCategory == .control
                    || scalar.properties.generalCategory == .format
                escaped += isOdd ? "\u{FFFD}" : String(scalar)
            }
        }
        return escaped
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c2127; --soft: #5d6670; --paper: #fbfbf9;
          --line: #d9dbd6; --read: #2f7d6b; --missing: #c22f2f; --doubtful: #d58a00; --plastic: #e9eae6; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e7e9ea; --soft: #9aa4ad; --paper: #15181b;
          --line: #31363b; --read: #4fae97; --missing: #ff6b5e; --doubtful: #f0b24a; --plastic: #24292d; } }
        body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.5rem; background: var(--paper);
          color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        header { border-left: .5rem solid var(--read); padding: .25rem 0 .25rem 1.25rem; }
        header.incomplete, header.interrupted { border-color: var(--doubtful); }
        header.failed, header.differs, header.refused, header.not-verified { border-color: var(--missing); }
        h1 { margin: 0; font-size: 1.9rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
        header p { margin: .25rem 0; color: var(--soft); }
        .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 2rem;
          align-items: center; margin-top: 1.5rem; }
        figure { margin: 0; } svg { width: 100%; height: auto; display: block; }
        figcaption { color: var(--soft); font-size: .85rem; margin-top: .5rem; }
        .plastic { fill: var(--plastic); } .hole { fill: var(--paper); }
        .run { fill: none; } .run.read { stroke: var(--read); } .run.missing { stroke: var(--missing); }
        .run.doubtful { stroke: var(--doubtful); }
        .key { display: inline-block; width: .8em; height: .8em; margin: 0 .35em 0 .8em; border-radius: 2px; }
        .key.read { background: var(--read); } .key.missing { background: var(--missing); }
        .key.doubtful { background: var(--doubtful); }
        .curve { stroke: var(--read); stroke-width: 1.5; } .grid { stroke: var(--line); stroke-width: 1; }
        .axis { fill: var(--soft); font-size: 12px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line);
          vertical-align: top; overflow-wrap: anywhere; }
        th { font-weight: 600; color: var(--soft); } .sums { font: 12px/1.5 ui-monospace, monospace; }
        footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
        @media print { body { padding: 0; } section { break-inside: avoid-page; } }
        """
}
