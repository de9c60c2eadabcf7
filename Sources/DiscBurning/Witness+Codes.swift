import DiscDrives
import DiscModel
import Reports

extension Witness {
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
        if let packs = disc.sessions.first?.cdText, !packs.isEmpty {
            let found = try drive.readCDText()
            findings.add(
                "CD-TEXT",
                isSame: found.map { $0 == packs },
                right: "right in all \(packs.count) packs",
                wrong: "not what was written"
            )
        }
        if let catalog = disc.sessions.lazy.compactMap(\.catalog).first {
            let found = try drive.readCatalogNumber()
            findings.add(
                "The catalogue number",
                isSame: found.map { $0 == catalog },
                right: "right",
                wrong: "\(found ?? ""), not \(catalog)"
            )
        }
        let coded = disc.tracks.filter { track in
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
        let hasIndexes = disc.tracks.contains { !$0.source.laterIndexes.isEmpty }
        if hasIndexes {
            findings.sentences.append("Where indexes lie was not read back.")
        }
        return findings
    }
}

extension Witness.CodeFindings {
    fileprivate mutating func add(_ name: String, isSame: Bool?, right: String, wrong: String) {
        guard let isSame else {
            return sentences.append(
                "\(name) was written; the drive gives none to compare it with."
            )
        }
        differ = differ || !isSame
        sentences.append("\(name) is \(isSame ? right : wrong).")
    }
}
