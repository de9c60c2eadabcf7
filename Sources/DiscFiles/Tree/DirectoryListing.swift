/// What is in a directory.
public struct DirectoryListing: Sendable {
    /// Problems that are told of one directory: of a garbled one everything is wrong.
    private static let mostProblems = 16
    /// Entries of a directory that are listed: ten times the most that were seen on a disc.
    static let mostEntries = 1 << 20

    /// The entries by name.
    public private(set) var entries: [FileEntry] = []
    /// What is broken or odd.
    public private(set) var problems: [FileTreeProblem] = []
    private var suppressed = 0
    private var attributeBytes = 0
    private var suppressedLoss: FileTreeProblem.Loss?

    /// Whether no more entries are taken.
    var isFull: Bool { entries.count >= Self.mostEntries }

    init() {}

    /// A listing of entries that are known, in their order by name.
    package init(_ entries: [FileEntry], _ problems: [FileTreeProblem] = []) {
        for entry in entries { add(entry) }
        for problem in problems { note(problem.sentence, loss: problem.loss) }
        finish()
    }

    mutating func add(_ entry: FileEntry) {
        guard let name = accepted(entry.name) else { return }
        var entry = entry
        entry.name = name
        // The same ones may be named by every entry of a garbled disc.
        attributeBytes += entry.attributes.reduce(0) { $0 + $1.name.utf8.count + $1.value.count }
        if attributeBytes > FileAttribute.mostBytesListed, !entry.attributes.isEmpty {
            note("The directory has more extended attributes than are listed.", loss: .attributes)
            entry.attributes = []
        }
        entries.append(entry)
    }

    mutating func note(_ sentence: String, loss: FileTreeProblem.Loss? = .entries) {
        let problem = FileTreeProblem(sentence, loss: loss)
        if problems.count < Self.mostProblems {
            if !problems.contains(problem) { problems.append(problem) }
        } else {
            suppressed += 1
            suppressedLoss = [suppressedLoss, loss].compactMap(\.self).max()
        }
    }

    /// Puts the entries in order, and closes the list of problems.
    mutating func finish() {
        let isSorted = zip(entries, entries.dropFirst()).allSatisfy { !Self.isBefore($1, $0) }
        if !isSorted { entries.sort(by: Self.isBefore) }
        guard suppressed > 0 else { return }
        problems.append(
            FileTreeProblem(
                "There \(suppressed == 1 ? "is 1 more problem" : "are \(suppressed) more problems").",
                loss: suppressedLoss
            )
        )
        suppressed = 0
    }

    private static func isBefore(_ a: FileEntry, _ b: FileEntry) -> Bool {
        a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }

    /// A name that can stand in a path; `nil` if it can't.
    private mutating func accepted(_ name: String) -> String? {
        if ["", ".", ".."].contains(name) {
            note("An entry is named “\(name)”, which no entry can be; it is left out.")
            return nil
        }
        guard name.utf8.contains(where: { $0 == 0x2F || $0 == 0 }) else { return name }
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            scalars.append(scalar == "/" || scalar == "\0" ? "_" : scalar)
        }
        let shown = String(scalars)
        note(
            "An entry has a slash or a zero in its name; it is shown as “\(FileName.shown(shown))”.",
            loss: nil
        )
        return shown
    }
}
