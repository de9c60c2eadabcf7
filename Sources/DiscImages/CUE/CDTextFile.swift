import DiscModel

/// A file with packs of CD-TEXT, as a cue sheet names one.
struct CDTextFile {
    /// The packs.
    let packs: [CDTextPack]
    /// What is odd about them: a sentence each.
    private(set) var warnings: [String] = []

    /// The kinds that packs have.
    private static let kinds: ClosedRange<UInt8> = 0x80...0x8F

    /// Reads what is in a file.
    ///
    /// - Parameters:
    ///   - bytes: The file's bytes.
    ///   - name: What the sheet calls it.
    init(_ bytes: [UInt8], name: String) {
        // Some programs put the length before the packs.
        let hasLength =
            bytes.count > 4 && Self.kinds.contains(bytes[4]) && !Self.kinds.contains(bytes[0])
        let body = hasLength ? Array(bytes.dropFirst(4)) : bytes
        let found = CDTextPack.packs(in: body)
        guard found.contains(where: \.isIntact) || Self.looksRight(found) else {
            packs = []
            warnings = ["The file of CD-TEXT, “\(name)”, has none."]
            return
        }
        if found.allSatisfy({ $0.bytes[16...].allSatisfy { $0 == 0 } }) {
            packs = found.compactMap { CDTextPack($0.bytes.prefix(16)) }
            warnings.append(
                "The packs in the file of CD-TEXT, “\(name)”, have no checksums: they are given some."
            )
        } else {
            packs = found
            let damaged = found.filter { !$0.isIntact }.count
            if damaged > 0 {
                warnings.append(
                    "In the file of CD-TEXT, “\(name)”, \(damaged) of \(found.count) packs have wrong checksums: their texts are not taken."
                )
            }
        }
        // Programs put a zero behind the last pack.
        if body.dropFirst(found.count * CDTextPack.size).contains(where: { $0 != 0 }) {
            warnings.append(
                "The last pack in the file of CD-TEXT, “\(name)”, is not whole; it is left out."
            )
        }
    }

    private static func looksRight(_ packs: [CDTextPack]) -> Bool {
        !packs.isEmpty && packs.allSatisfy { kinds.contains($0.kind) }
    }
}
