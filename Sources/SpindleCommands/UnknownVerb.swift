import ArgumentParser

/// A verb that there is not, and those that may have been meant.
struct UnknownVerb {
    private let name: String
    private let suggestions: [String]

    /// What other programs call the verbs.
    private static let synonyms = [
        "write": "burn", "record": "burn", "dump": "rip", "read": "rip", "erase": "blank",
        "finalize": "close", "fixate": "close", "check": "verify", "compare": "verify",
        "diff": "verify", "ls": "list", "dir": "list", "umount": "unmount",
        "open": "eject", "author": "create", "mkisofs": "create", "build": "create", "hash": "sum",
        "checksum": "sum", "sha256sum": "sum", "duplicate": "copy", "show": "info",
        "transcode": "convert", "insert": "add", "rm": "remove", "delete": "remove", "mv": "move",
        "rename": "move", "modify": "edit", "change": "edit",
    ]

    /// Looks at the arguments, the first of which is the program's name; `nil` if they name a verb that
    /// there is, or none.
    init?(_ arguments: [String]) {
        let verbs = SpindleCommand.configuration.groupedSubcommands.flatMap(\.subcommands)
            .compactMap { $0.configuration.commandName }
        guard let first = arguments.dropFirst().first, !first.hasPrefix("-"), first != "help",
            !first.hasPrefix("_"), !verbs.contains(first)
        else { return nil }
        name = first
        let word = first.lowercased()
        if let synonym = Self.synonyms[word] {
            suggestions = [synonym]
        } else {
            let near = verbs.map { ($0, Self.distance(Array(word.utf8), Array($0.utf8))) }
                .filter { $0.1 <= max(1, $0.0.count / 3) }
            let least = near.map(\.1).min()
            suggestions = near.filter { $0.1 == least }.map(\.0)
        }
    }

    /// What is wrong, and what may have been meant.
    var sentence: String {
        let verb = "There is no verb “\(name)”"
        guard !suggestions.isEmpty else {
            return "\(verb); “spindle --help” lists them all."
        }
        let names = suggestions.map { "“\($0)”" }.joined(separator: " or ")
        return "\(verb); did you mean \(names)?"
    }

    /// How many letters have to be put in, left out, replaced, or exchanged with their neighbour (the
    /// distance of Damerau and Levenshtein, without changing a place twice).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count < 64 else { return a.count }
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var least = min(row[j] + 1, rows[i][j + 1] + 1)
                least = min(least, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    least = min(least, rows[i - 1][j - 1] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
