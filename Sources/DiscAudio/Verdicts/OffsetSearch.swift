import DiscModel
public import Transfer

/// Finds by how many samples a drive reads audio too early, by what AccurateRip has of sector 450 of each
/// track.
///
/// The first kind of sum of that one sector is compared at every place around it, so that a few sectors
/// of each track are read and no more. One answer can't tell another pressing from an offset; what most
/// tracks agree about is taken, and of several such places the one that most rips had.
public struct OffsetSearch {
    /// What was found.
    public struct Finding: Hashable, Sendable {
        /// The offset in samples, as AccurateRip counts it.
        public var offset: Int
        /// How many tracks agree.
        public var tracks: Int
        /// Other offsets by which as many tracks match: those of other pressings.
        public var others: [Int]
    }

    private let pressings: [AccurateRipAnswer.Pressing]
    private let toc: AudioTOC

    private static let sector = 450
    /// Sectors to each side that are looked at.
    private static let reach = 5
    private static let samplesPerSector = AudioTOC.samplesPerSector
    /// Tracks that must agree, if there are as many.
    private static let enough = 2

    /// Takes what AccurateRip answered of a disc.
    public init(_ databases: AudioDatabases, _ toc: AudioTOC) {
        pressings = databases.accurateRip
        self.toc = toc
    }

    /// Looks for the offset.
    ///
    /// - Parameters:
    ///   - disc: The disc as the drive reads it.
    ///   - cancellation: A wish to stop.
    /// - Returns: What was found; `nil` if nothing matches, or too few tracks.
    /// - Throws: What the disc throws besides `UnreadableSectors`.
    public func find(in disc: any DiscSource, _ cancellation: Cancellation) throws -> Finding? {
        var votes: [Int: (tracks: Int, confidence: Int)] = [:]
        var testable = 0
        for (index, track) in toc.audio.enumerated() {
            guard !cancellation.isRequested else { return nil }
            let wanted = sums(of: index)
            guard track.sectors > Self.sector + Self.reach + 1, !wanted.isEmpty,
                let bytes = try sound(around: track.start + Self.sector, of: disc)
            else { continue }
            testable += 1
            for (shift, confidence) in Self.matches(bytes, wanted) {
                let before = votes[shift] ?? (0, 0)
                votes[shift] = (before.tracks + 1, before.confidence + confidence)
            }
        }
        let most = votes.values.map(\.tracks).max() ?? 0
        guard most >= min(Self.enough, max(1, testable)) else { return nil }
        let found = votes.filter { $0.value.tracks == most }.sorted {
            ($1.value.confidence, abs($0.key)) < ($0.value.confidence, abs($1.key))
        }.map(\.key)
        guard let first = found.first else { return nil }
        return Finding(offset: first, tracks: most, others: Array(found.dropFirst()))
    }

    /// What is known of sector 450 of a track, and how many rips had it.
    private func sums(of index: Int) -> [UInt32: Int] {
        guard let slot = toc.accurateRipSlot(index) else { return [:] }
        var sums: [UInt32: Int] = [:]
        for pressing in pressings where pressing.slots.indices.contains(slot) {
            let known = pressing.slots[slot]
            if known.isKnown, known.frame450 != 0 {
                sums[known.frame450, default: 0] += known.confidence
            }
        }
        return sums
    }

    private func sound(around sector: Int, of disc: any DiscSource) throws -> [UInt8]? {
        let count = 2 * Self.reach + 1
        let size = count * RawSector.size
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        do {
            while done < count {
                var span = bytes.mutableSpan
                var rest = span._mutatingExtracting(done * RawSector.size..<size)
                done += max(1, try disc.read(.raw, at: sector - Self.reach + done, into: &rest))
            }
            return bytes
        } catch is UnreadableSectors {
            return nil
        }
    }

    /// The shifts at which the sum of a sector is one of those wanted.
    ///
    /// - Parameters:
    ///   - bytes: The sectors around it.
    ///   - wanted: The sums, and how many rips had each.
    /// - Returns: How many rips had the sum, by the shift.
    static func matches(_ bytes: [UInt8], _ wanted: [UInt32: Int]) -> [Int: Int] {
        let count = bytes.count / 4
        // Sums of samples, and of samples times their places, up to each place.
        var (plain, weighted): ([UInt32], [UInt32]) = ([0], [0])
        plain.reserveCapacity(count + 1)
        weighted.reserveCapacity(count + 1)
        for i in 0..<count {
            let sample = (0..<4).reduce(UInt32(0)) {
                $0 | UInt32(bytes[4 * i + $1]) << UInt32(8 * $1)
            }
            plain.append(plain[i] &+ sample)
            weighted.append(weighted[i] &+ sample &* UInt32(truncatingIfNeeded: i))
        }
        var found: [Int: Int] = [:]
        let middle = reach * samplesPerSector
        for start in 0...max(0, count - samplesPerSector) {
            let end = start + samplesPerSector
            guard end <= count else { break }
            let whole = plain[end] &- plain[start]
            // The first sample counts once.
            let sum =
                weighted[end] &- weighted[start]
                &- UInt32(truncatingIfNeeded: start - 1) &* whole
            if whole != 0, let confidence = wanted[sum] { found[start - middle] = confidence }
        }
        return found
    }
}
