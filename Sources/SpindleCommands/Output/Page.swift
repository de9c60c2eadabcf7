import LinuxCalls
import SpindleJobs
import TerminalProgress

/// How lines for a person come out on a stream: as they are, or for a terminal broken between words, with colour where it
/// helps.
struct Page {
    /// The terminal's width; `nil` for a stream that is no terminal.
    private let columns: Int?
    private let hasColors: Bool

    /// Looks at a stream.
    init(_ stream: Terminal.Stream) {
        columns = Terminal.isTerminal(stream) ? Terminal.columns(stream) ?? 80 : nil
        hasColors = columns != nil && !Self.isDumb && Self.wantsColors
    }

    /// Describes a stream.
    init(columns: Int?, hasColors: Bool) {
        self.columns = columns
        self.hasColors = hasColors
    }

    /// Whether the terminal takes no codes.
    static var isDumb: Bool { Environment.value("TERM") == "dumb" }

    /// Whether the user has not done without colours (no-color.org).
    private static var wantsColors: Bool { (Environment.value("NO_COLOR") ?? "").isEmpty }

    /// Lines as they are printed, each with its end.
    ///
    /// - Parameters:
    ///   - lines: The lines.
    ///   - status: The status whose headline the first line begins with, up to a colon; `nil` if it has none.
    /// - Returns: The text.
    func text(_ lines: [String], headed status: JobStatus? = nil) -> String {
        var pieces = lines.flatMap { line in
            let shown = ShownText.line(line)
            return columns.map { WrappedText.lines(shown, columns: $0) } ?? [shown]
        }
        if hasColors, let status, let first = pieces.first, let colon = first.firstIndex(of: ":") {
            let code = Self.code(status)
            pieces[0] = "\u{1B}[\(code)m\(first[..<colon])\u{1B}[0m\(first[colon...])"
        }
        return pieces.map { $0 + "\n" }.joined()
    }

    /// Green for what went well, yellow for what lacks something, red for what failed.
    private static func code(_ status: JobStatus) -> Int {
        switch status {
        case .verified, .done: 32
        case .incomplete, .notVerified, .interrupted: 33
        case .differs, .failed, .refused: 31
        }
    }
}
