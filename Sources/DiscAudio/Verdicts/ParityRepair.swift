/// Finds the entry of the CUETools Database whose parity puts a disc right.
struct ParityRepair {
    /// The entry.
    let entry: CTDBAnswer.Entry
    /// What it changes; `nil` if its parity is not at hand, or does not suffice.
    let corrections: AudioCorrections?
    /// Whether its parity is at hand.
    let hasParity: Bool
    /// Why its parity could not be fetched, or what is wrong with its file: a sentence; `nil` if it is right, or
    /// not there.
    let problem: String?

    /// The columns of which one without a wrong word finds the offset.
    private static let probes = stride(from: 0, to: ParitySyndromes.rowWords, by: 245)

    /// Tries the entries, those with the most rips first; `nil` if no entry has parity.
    ///
    /// - Parameters:
    ///   - toc: The disc.
    ///   - sums: Its sums.
    ///   - syndromes: Its syndromes.
    ///   - match: The entries that it does not match as a whole.
    ///   - databases: Where parity is.
    /// - Throws: ``AudioReader/Stopped`` if the user stopped it while parity was fetched.
    init?(
        _ toc: AudioTOC,
        _ sums: AudioSums,
        _ syndromes: ParitySyndromes,
        _ match: CTDBMatcher,
        _ databases: AudioDatabases
    ) throws(AudioReader.Stopped) {
        let partial = match.partial.map { (entry: $0.entry, offset: Int?.some($0.offset)) }
        let others = match.others.map { (entry: $0, offset: Int?.none) }
        let candidates = (partial + others).filter { $0.entry.parityFileName != nil }
            .sorted {
                ($0.offset != nil ? 1 : 0, $0.entry.confidence) > (
                    $1.offset != nil ? 1 : 0, $1.entry.confidence
                )
            }
        var first: ParityRepair?
        for (entry, known) in candidates.prefix(Self.mostEntries) {
            let parity = try databases.parity(of: entry)
            guard let rows = parity.rows else {
                // A file that is there says more than one that is not.
                let says =
                    parity.problem != nil && first?.hasParity == false && first?.problem == nil
                if first == nil || says {
                    first = ParityRepair(
                        entry: entry,
                        corrections: nil,
                        hasParity: false,
                        problem: parity.problem
                    )
                }
                continue
            }
            let offsets = Set(
                [known].compactMap(\.self) + Self.offsets(entry, rows, syndromes)
            )
            for offset in offsets.sorted(by: { abs($0) < abs($1) }) {
                let corrections = AudioCorrections(
                    toc,
                    sums,
                    syndromes,
                    rows,
                    at: offset,
                    crc32: entry.crc32
                )
                guard let corrections else { continue }
                self.init(entry: entry, corrections: corrections, hasParity: true)
                return
            }
            if first?.hasParity != true {
                first = ParityRepair(entry: entry, corrections: nil, hasParity: true)
            }
        }
        guard let first else { return nil }
        self = first
    }

    private init(
        entry: CTDBAnswer.Entry,
        corrections: AudioCorrections?,
        hasParity: Bool,
        problem: String? = nil
    ) {
        self.problem = problem
        self.entry = entry
        self.corrections = corrections
        self.hasParity = hasParity
    }

    /// No more entries than these are tried.
    private static let mostEntries = 16

    /// The offsets that single columns say.
    private static func offsets(
        _ entry: CTDBAnswer.Entry,
        _ rows: ParityRows,
        _ syndromes: ParitySyndromes
    ) -> [Int] {
        var votes: [Int: Int] = [:]
        for column in probes {
            guard let offset = syndromes.offset(ofColumn: column, rows.column(column)) else {
                continue
            }
            votes[offset, default: 0] += 1
            if votes[offset] == 3 { return [offset] }
        }
        return votes.sorted { $0.value > $1.value }.prefix(2).map(\.key)
    }
}
