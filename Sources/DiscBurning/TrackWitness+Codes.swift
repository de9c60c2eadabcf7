import DiscDrives
import DiscModel
import Reports

extension TrackWitness {
    /// What was found of texts and codes.
    struct CodeFindings {
        /// A sentence each.
        var sentences: [String] = []
        /// Whether any is there and is another one.
        var differ = false
    }

    /// Compares CD-TEXT, catalogue number and recording codes, as far as the drive gives them.
    ///
    /// A drive that gives none is no sign that they are not on the disc: many can't.
    func codes(_ drive: Drive) throws(Failure) -> CodeFindings {
        var findings = CodeFindings()
        if let packs = plan.sessions.first?.cdText, !packs.isEmpty {
            let found = try drive.readCDText()
            let isSame = found.map { $0 == packs } ?? true
            findings.differ = !isSame
            findings.sentences.append(
                found == nil
                    ? "CD-TEXT was written; the drive gives none to compare it with."
                    : isSame
                        ? "CD-TEXT is right in all \(packs.count) packs."
                        : "CD-TEXT is not what was written."
            )
        }
        if let catalog = plan.sessions.lazy.compactMap(\.catalog).first {
            let found = try drive.readCatalogNumber()
            findings.add("The catalogue number", found, catalog)
        }
        let coded = plan.tracks.filter { track in
            track.source.isrc.flatMap { RecordingCode($0) } != nil
        }
        var compared = 0
        for track in coded {
            let wanted = track.source.isrc.flatMap { RecordingCode($0) }?.text
            guard let found = try drive.readRecordingCode(track: track.source.number) else {
                continue
            }
            compared += 1
            guard found != wanted else { continue }
            findings.differ = true
            findings.sentences.append(
                "The recording code of track \(track.source.number) is \(found), not \(wanted ?? "")."
            )
        }
        if !coded.isEmpty, !findings.differ {
            findings.sentences.append(
                compared == coded.count
                    ? "Recording codes (ISRC) are right: \(compared)."
                    : "Recording codes (ISRC) were written on \(coded.count) tracks; the drive gives \(compared)."
            )
        }
        let hasIndexes = plan.tracks.contains { !$0.source.laterIndexes.isEmpty }
        if hasIndexes {
            findings.sentences.append("Where indexes lie was not read back.")
        }
        return findings
    }
}

extension TrackWitness.CodeFindings {
    fileprivate mutating func add(_ name: String, _ found: String?, _ wanted: String) {
        if let found, found != wanted { differ = true }
        sentences.append(
            found == nil
                ? "\(name) was written; the drive gives none to compare it with."
                : found == wanted
                    ? "\(name) is right." : "\(name) is \(found ?? ""), not \(wanted)."
        )
    }
}
