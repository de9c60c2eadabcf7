import SpindleJobs

/// The lines of `list` for a person, and for scripts that go by lines.
enum ListText {
    /// The path, with a slash behind a directory's.
    static func path(_ visit: FileWalk.Visit) -> String {
        visit.shownPath + (visit.entry.kind == .directory ? "/" : "")
    }

    /// The path with permissions, size, date and target before and behind it.
    static func long(_ visit: FileWalk.Visit) -> String {
        let entry = visit.entry
        var size = String(entry.size)
        if let device = entry.device { size = "\(device.major), \(device.minor)" }
        size = String(repeating: " ", count: max(0, 13 - size.utf8.count)) + size
        var date = entry.modified?.description ?? "-"
        date += String(repeating: " ", count: max(0, 25 - date.utf8.count))
        var line = "\(entry.modeText) \(size)  \(date)  \(path(visit))"
        if let target = entry.target { line += " -> \(FileName.shown(target))" }
        if let fork = entry.resourceForkSize, fork > 0 { line += " (resource fork: \(fork))" }
        let streams = entry.streams.map { "\(FileName.shown($0.name)) \($0.size)" }
        if !streams.isEmpty { line += " (streams: \(streams.joined(separator: ", ")))" }
        let attributes = entry.attributes.map { FileName.shown($0.name) }
        if !attributes.isEmpty { line += " (attributes: \(attributes.joined(separator: ", ")))" }
        return line
    }

    /// What was broken or odd.
    static func problems(_ walk: FileWalk) -> [String] {
        var lines = walk.problems.map(\.description)
        if walk.furtherProblems > 0 {
            lines.append("There are \(walk.furtherProblems) more problems.")
        }
        if walk.isIncomplete { lines.append("The list is not complete.") }
        return lines
    }
}
