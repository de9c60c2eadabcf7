import DiscModel
public import Transfer

extension AmendedDisc {
    /// Takes a disc whose audio is put right.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - corrections: What changes.
    ///   - toc: The disc's table of contents.
    public convenience init(
        _ disc: any DiscSource,
        correcting corrections: AudioCorrections,
        _ toc: AudioTOC
    ) {
        // The bytes that change, by sector, and what is to be added to each, bit by bit.
        var changes: [Int: [(place: Int, value: UInt8)]] = [:]
        let words = AudioTOC.samplesPerSector * 2
        for word in corrections.words {
            guard let sector = toc.sector(ofSample: word.place / 2) else { continue }
            // Each track begins with a sector, so that the words in a sector are counted from there.
            let place = word.place % words * 2
            changes[sector, default: []] += [
                (place, UInt8(truncatingIfNeeded: word.value)),
                (place + 1, UInt8(truncatingIfNeeded: word.value >> 8)),
            ]
        }
        let all = changes
        self.init(disc, amending: corrections.sectors(toc)) { sector, storage, address in
            guard storage.form == .raw else { return }
            for change in all[address] ?? [] { sector[change.place] ^= change.value }
        }
    }
}
