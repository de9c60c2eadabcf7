import DiscChecksums
import LibCrypto

/// A file of a list of checksums that was found, with all the checksums that the list gives for it.
struct PublishedMatch {
    /// The file's name in the list.
    var name: String?
    /// Its sums.
    var checksums: [Checksum]
    /// The bytes from the beginning that have them.
    var byteCount: Int

    /// Finds the file with the most bytes all of whose kinds of sums were found at one length, which
    /// is the payload's rather than any other.
    init?(in matches: [PrefixMatch], of wanted: [ManifestEntry], payload: Int) {
        let byLength = Dictionary(grouping: matches, by: \.byteCount)
            .mapValues { Set($0.map(\.checksum)) }
        let lengths = byLength.keys.sorted { a, b in
            (a == payload ? 1 : 0, a) > (b == payload ? 1 : 0, b)
        }
        let files = Dictionary(grouping: wanted, by: \.name)
        for length in lengths {
            guard let found = byLength[length] else { continue }
            for entry in wanted where found.contains(entry.checksum) {
                let entries = files[entry.name] ?? []
                let kinds = Set(entries.map(\.checksum.algorithm))
                let own = Set(entries.map(\.checksum)).intersection(found)
                // Without a name each may be of another file.
                let isWhole =
                    entry.name == nil && entry.list == nil
                    ? Set(own.map(\.algorithm)) == kinds
                    : entries.allSatisfy { found.contains($0.checksum) }
                guard isWhole else { continue }
                name = entry.name
                checksums = own.sorted { $0.bytes.count < $1.bytes.count }
                byteCount = length
                return
            }
        }
        return nil
    }
}
