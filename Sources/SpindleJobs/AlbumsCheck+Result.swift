import Reports
import SystemPackage
import Transfer

extension AlbumsCheck {
    /// What came of all albums.
    func result(_ findings: Findings, _ found: AlbumFolders) -> JobResult {
        let counts = findings.counts
        // What was not looked into may have other albums.
        let isWhole = found.closed.isEmpty && !found.isCutShort
        let status = counts.status == .verified && !isWhole ? .notVerified : counts.status
        var result = JobResult(status, verb: "verify", bytes: findings.bytes)
        result.albums = counts
        result.problems = findings.problems.isEmpty ? nil : findings.problems
        let parts = [
            (counts.verified, "matches", "match"), (counts.differs, "differs", "differ"),
            (counts.incomplete, "has unreadable sectors", "have unreadable sectors"),
            (
                counts.notVerified, "is not in the databases as a whole",
                "are not in the databases as a whole"
            ),
            (counts.unchecked, "can't be checked", "can't be checked"),
        ]
        let said = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
        let all = Wording.counted(counts.all, "album")
        result.sentences = [
            counts.verified == counts.all
                ? counts.all == 1
                    ? "The only album matches other people's rips."
                    : "All \(all) match other people's rips."
                : "Of \(all), \(said.joined(separator: ", "))."
        ]
        result.sentences += findings.lines
        let more = counts.all - findings.lines.count
        if more > 0 {
            result.sentences.append(
                "\(Wording.counted(more, "more album was", "more albums were")) checked."
            )
        }
        if findings.strays > 0 {
            result.sentences.append(
                "\(Wording.counted(findings.strays, "audio file belongs", "audio files belong")) to no sheet in a folder that has one, and \(findings.strays == 1 ? "was" : "were") left out."
            )
        }
        if findings.others > 0 {
            result.sentences.append(
                "\(Wording.counted(findings.others, "image has", "images have")) no audio, and \(findings.others == 1 ? "was" : "were") left out."
            )
        }
        if found.links > 0 {
            result.sentences.append(
                "\(Wording.counted(found.links, "link was", "links were")) not followed."
            )
        }
        for path in found.closed.prefix(20) {
            result.sentences.append("The folder \(path) can't be read, and was left out.")
        }
        if found.isCutShort {
            result.sentences.append(
                "\(folder) has more folders than were looked into: name one of them."
            )
        }
        return result
    }
}
