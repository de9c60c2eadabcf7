import DiscModel

/// The sums over a disc's audio that databases of rips have, at its own place and at others.
///
/// At offset o a sum is over the samples that lie o later than those of the disc's own tracks: so a
/// database whose disc is the same but for a shift has the sums of that offset. Tracks are counted from
/// 0 on among those of audio.
public struct AudioSums: Sendable {
    let extent: AudioExtent
    private let windows: [SumWindow]
    private let high: [UInt32]
    private let dense: [UInt32]
    private let hasSound: [Bool]

    init(
        extent: AudioExtent,
        windows: [SumWindow],
        high: [UInt32],
        dense: [UInt32],
        hasSound: [Bool]
    ) {
        self.extent = extent
        self.windows = windows
        self.high = high
        self.dense = dense
        self.hasSound = hasSound
    }

    /// How many tracks there are.
    public var count: Int { extent.tracks.count }

    /// Whether a track has nothing but zeros.
    public func isSilent(_ track: Int) -> Bool { !hasSound[track] }

    /// AccurateRip's first sum: each sample multiplied by its number in the track, from 1 on.
    ///
    /// Of the first track the first 2939 samples are left out, of the last one the last 2940.
    ///
    /// - Parameters:
    ///   - track: The track.
    ///   - offset: The offset, of no more than 5879 samples.
    /// - Returns: The sum; `nil` if the offset goes beyond the disc.
    public func accurateRip1(_ track: Int, at offset: Int = 0) -> UInt32? {
        let track = extent.tracks[track]
        return sum(over: track.accurateRip, from: track.samples.lowerBound, at: offset)
    }

    /// AccurateRip's second sum, which adds the upper halves of the products.
    ///
    /// It can't be reckoned for other offsets; ``OffsetSummer`` reads the disc again.
    public func accurateRip2(_ track: Int) -> UInt32? {
        accurateRip1(track).map { $0 &+ high[track] }
    }

    /// The first sum over sector 450 of a track, counted from that sector's first sample on, by which
    /// offsets are found.
    ///
    /// - Returns: The sum; `nil` if the track is shorter, or the offset goes beyond the disc.
    public func frame450(_ track: Int, at offset: Int = 0) -> UInt32? {
        guard let frame = extent.tracks[track].frame450 else { return nil }
        return sum(over: frame, from: frame.lowerBound, at: offset)
    }

    private func sum(over range: Range<Int>, from origin: Int, at offset: Int) -> UInt32? {
        let shifted = range.shifted(by: offset)
        guard let begin = point(shifted.lowerBound), let end = point(shifted.upperBound) else {
            return nil
        }
        // The sample at a position has the number position - origin + 1.
        let shift = UInt32(truncatingIfNeeded: 1 - origin - offset)
        return end.weighted &- begin.weighted &+ shift &* (end.sum &- begin.sum)
    }

    /// The CRC-32 over all bytes of a track, as rippers have it in their logs.
    public func crc32(_ track: Int) -> UInt32? { crc32(over: extent.tracks[track].samples, at: 0) }

    /// The CRC-32 over the words of a track that are not zero, as some rippers have it in their logs.
    public func crc32WithoutZeros(_ track: Int) -> UInt32 { dense[track] }

    /// The CUETools Database's CRC-32 of the disc, without both ends.
    ///
    /// - Parameter offset: The offset, of no more than 5879 samples.
    /// - Returns: The sum; `nil` if the offset is larger, or the disc is shorter than what is left out.
    public func ctdb(at offset: Int = 0) -> UInt32? { crc32(over: extent.ctdb, at: offset) }

    /// The CUETools Database's CRC-32 of a track; of the first and last without the disc's ends.
    public func ctdb(track: Int, at offset: Int = 0) -> UInt32? {
        crc32(over: extent.tracks[track].ctdb, at: offset)
    }

    /// Whether a track has samples that the CUETools Database looks at.
    package func isInCTDB(_ track: Int) -> Bool { !extent.tracks[track].ctdb.isEmpty }

    /// The first of a number of offsets at which a track, or the disc, has a sum of that database.
    ///
    /// - Parameters:
    ///   - sums: The sums that are looked for.
    ///   - track: The track; `nil` for the disc.
    /// - Returns: For each sum the offset nearest to 0.
    package func ctdbOffsets(of sums: Set<UInt32>, track: Int?) -> [UInt32: Int] {
        let range = track.map { extent.tracks[$0].ctdb } ?? extent.ctdb
        guard !range.isEmpty, !sums.isEmpty else { return [:] }
        let advance = SampleCRC.Advance(bytes: range.count * 4)
        var found: [UInt32: Int] = [:]
        for offset in AudioExtent.offsets(within: AudioExtent.mostOffset) {
            let shifted = range.shifted(by: offset)
            guard let begin = point(shifted.lowerBound), let end = point(shifted.upperBound) else {
                continue
            }
            let sum = SampleCRC.sum(from: begin.register, to: end.register, advance)
            if sums.contains(sum), found[sum] == nil { found[sum] = offset }
            if found.count == sums.count { break }
        }
        return found
    }

    private func crc32(over range: Range<Int>, at offset: Int) -> UInt32? {
        let shifted = range.shifted(by: offset)
        guard !range.isEmpty, let begin = point(shifted.lowerBound),
            let end = point(shifted.upperBound)
        else { return nil }
        return SampleCRC.sum(
            from: begin.register,
            to: end.register,
            SampleCRC.Advance(bytes: range.count * 4)
        )
    }

    /// The sums up to a position.
    private func point(_ position: Int) -> SumWindow.Point? {
        let index = windows.firstIndexInOrder { $0.positions.upperBound > position }
        return index < windows.count ? windows[index][position] : nil
    }
}

extension AudioExtent {
    /// Offsets in the order of their size: 0, 1, -1, 2 and so on.
    package static func offsets(within most: Int) -> [Int] {
        [0] + (1...most).flatMap { [$0, -$0] }
    }
}
