/// Words of a disc's audio that parity puts right.
public struct AudioCorrections: Hashable, Sendable {
    /// A word that is wrong.
    struct Word: Hashable, Sendable {
        /// Its place among the words of the disc's audio, two to a sample.
        var place: Int
        /// What is to be added to it, bit by bit.
        var value: UInt16
    }

    /// The words in order.
    let words: [Word]
    /// The offset at which the database has the disc.
    public let offset: Int

    /// The samples that are wrong.
    public var samples: Int {
        var (count, last) = (0, -1)
        for word in words where word.place / 2 != last {
            last = word.place / 2
            count += 1
        }
        return count
    }

    /// The sectors of a disc that they lie in, in runs.
    public func sectors(_ toc: AudioTOC) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for word in words {
            guard let sector = toc.sector(ofSample: word.place / 2) else { continue }
            if let last = runs.last, sector <= last.upperBound {
                runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, sector + 1)
            } else {
                runs.append(sector..<sector + 1)
            }
        }
        return runs
    }

    /// Finds what is wrong by a database's parity, and proves it by the database's CRC-32.
    ///
    /// It is `nil` if the disc can't be put right: a column has too many wrong words, or what comes out
    /// does not have the CRC-32.
    ///
    /// - Parameters:
    ///   - toc: The disc.
    ///   - sums: Its sums.
    ///   - syndromes: Its syndromes.
    ///   - known: The database's.
    ///   - offset: The offset at which the database has the disc.
    ///   - crc32: The CRC-32 that the database has.
    init?(
        _ toc: AudioTOC,
        _ sums: AudioSums,
        _ syndromes: ParitySyndromes,
        _ known: ParityRows,
        at offset: Int,
        crc32: UInt32
    ) {
        let decoder = ParityDecoder(rows: syndromes.rows)
        var words: [Word] = []
        for column in 0..<ParitySyndromes.rowWords {
            let pairs = zip(known.column(column), syndromes.column(column, at: offset))
            guard let errors = decoder.errors(pairs.map { $0 ^ $1 }) else { return nil }
            words += errors.map {
                // The first row is left out.
                let row = ($0.row + 1) * ParitySyndromes.rowWords
                return Word(place: row + column + 2 * offset, value: $0.value)
            }
        }
        words.sort { $0.place < $1.place }
        self.words = words
        self.offset = offset
        // The register is linear: the sum of what was read and of what changes is that of the result.
        guard let read = sums.ctdb(at: offset) else { return nil }
        let end = (sums.extent.ctdb.upperBound + offset) * 4
        var change: UInt32 = 0
        let stepper = SampleCRC.Stepper()
        for word in words {
            let behind = end - (word.place + 1) * 2
            guard behind >= 0 else { return nil }
            let register = stepper.after(0, word: UInt32(word.value))
            change ^= SampleCRC.Advance(bytes: behind)(register)
        }
        guard read ^ change == crc32 else { return nil }
    }
}

extension AudioTOC {
    /// The sector that a sample lies in, counted from the first audio track on.
    func sector(ofSample sample: Int) -> Int? {
        var rest = sample / Self.samplesPerSector
        guard rest >= 0 else { return nil }
        for track in tracks where track.isAudio {
            if rest < track.sectors { return track.start + rest }
            rest -= track.sectors
        }
        return nil
    }
}
