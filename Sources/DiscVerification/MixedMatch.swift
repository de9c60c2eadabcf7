import DiscChecksums
import LibCrypto

/// The checksums of one file of which some are right and some are wrong.
struct MixedMatch {
    /// Those that were found.
    var right: [ManifestEntry]
    /// Those that were not.
    var wrong: [ManifestEntry]

    /// Holds what a list gives for a file against what was found.
    ///
    /// - Returns: `nil` unless there are both.
    init?(in found: Set<Checksum>, of wanted: [ManifestEntry]) {
        let files = Dictionary(grouping: wanted, by: \.name)
        for entry in wanted where found.contains(entry.checksum) {
            // Without a name each may be of another file.
            guard entry.name != nil || entry.list != nil || files.count == 1 else { continue }
            let entries = files[entry.name] ?? []
            right = entries.filter { found.contains($0.checksum) }
            wrong = entries.filter { !found.contains($0.checksum) }
            if !wrong.isEmpty { return }
        }
        return nil
    }

    /// Which are right and which are wrong, a sentence each.
    func sentences(_ subject: String, _ list: String) -> [String] {
        [
            "\(subject) has \(Self.words(right, list)), but not \(Self.words(wrong, list)).",
            "They can't all be of the same file: a checksum in the list is wrong, or of another version.",
        ]
    }

    private static func words(_ entries: [ManifestEntry], _ list: String) -> String {
        entries.map {
            "the \($0.checksum.algorithm.displayName) checksum that \($0.list ?? list) gives"
        }.joined(separator: " and ")
    }
}
