import Reports

extension AudioReport.Database {
    /// What it has of the disc, for a person.
    var sentence: String {
        let title = AudioWording.name(name)
        switch state {
        case .found:
            let what =
                name == AudioDatabases.ctdbName
                ? Wording.counted(entries, "entry", "entries")
                : Wording.counted(entries, "pressing")
            return
                "The disc is in \(title): \(what), of \(Wording.counted(confidence, "rip")) at most."
        case .absent: return "The disc is not in \(title), as far as \(source) tells."
        case .otherDisc: return "\(source) says nothing of this disc."
        case .noAnswer: return "Whether the disc is in \(title) is not known."
        }
    }
}
