import DiscModel

/// By how many samples audio can be shifted, and how that is found.
enum SampleShift {
    /// Bytes of a pair of samples, left and right.
    static let bytesPerSample = 4
    /// Pairs of samples in a sector.
    static let samplesPerSector = 588
    /// Sectors to each side in which a shifted sector is looked for: drives are known with offsets
    /// of up to three.
    static let reach = 8
    /// Sectors that are kept to find a shift by.
    static let mostWindows = 8
    /// Shifts that are tried on the whole disc.
    static let mostCandidates = 3

    /// A sector of audio that is not where it should be.
    struct Window {
        /// Where it was read.
        var sector: Int
        /// What was read.
        var bytes: [UInt8]

        /// Whether it can tell one place from another: silence can't.
        var isTelling: Bool {
            let first = bytes.prefix(SampleShift.bytesPerSample)
            return stride(from: 0, to: bytes.count, by: SampleShift.bytesPerSample).contains {
                bytes[$0..<($0 + SampleShift.bytesPerSample)] != first
            }
        }

        /// The shifts by which these bytes are found within those of the sectors around.
        func shifts(within around: [UInt8]) -> Set<Int> {
            let size = SampleShift.bytesPerSample
            let middle = SampleShift.reach * SampleShift.samplesPerSector
            var found: Set<Int> = []
            for place in 0...max(0, (around.count - bytes.count) / size) {
                let start = place * size
                guard start + bytes.count <= around.count else { break }
                // Most places are told by their first bytes.
                guard around[start] == bytes[0], around[start + 1] == bytes[1],
                    around[start..<(start + bytes.count)].elementsEqual(bytes)
                else { continue }
                found.insert(place - middle)
            }
            return found
        }
    }
}
