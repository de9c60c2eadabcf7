/// Makes the sums of a disc's audio in one reading, for all offsets at once.
///
/// Around each place where a sum begins or ends it keeps the sums up to there, of which those at other
/// offsets are reckoned. That takes some 30 MB at most, for 99 tracks.
public struct AudioSummer {
    private let extent: AudioExtent
    private var windows: [SumWindow]
    private var point = SumWindow.Point(sum: 0, weighted: 0, register: 0)
    private var position = 0
    /// The window that comes next, or is in progress.
    private var window = 0
    /// The track in progress.
    private var track = 0
    /// The upper halves of AccurateRip's products, by track.
    private var high: [UInt32]
    /// The register over words that are not zero, by track, and whether there were any.
    private var dense: [UInt32]
    private var hasSound: [Bool]
    private let stepper = SampleCRC.Stepper()

    /// Prepares the sums of a disc.
    public init(_ toc: AudioTOC) {
        let extent = AudioExtent(toc)
        var knots = [0, extent.count, extent.ctdb.lowerBound, extent.ctdb.upperBound]
        for track in extent.tracks {
            for range in [track.samples, track.accurateRip, track.ctdb, track.frame450 ?? 0..<0] {
                knots += [range.lowerBound, range.upperBound]
            }
        }
        windows = SumWindow.around(
            Array(Set(knots)),
            reach: AudioExtent.mostOffset,
            end: extent.count
        )
        self.extent = extent
        high = Array(repeating: 0, count: extent.tracks.count)
        dense = Array(repeating: ~0, count: extent.tracks.count)
        hasSound = Array(repeating: false, count: extent.tracks.count)
    }

    /// Takes further samples; what comes after the last one is not looked at.
    ///
    /// - Parameter bytes: Samples of 4 bytes, each of the two words with its low byte first.
    public mutating func take(_ bytes: Span<UInt8>) {
        let end = min(extent.count, position + bytes.count / 4)
        var place = 0
        while position < end {
            let track = extent.tracks[track]
            let hasWindow = window < windows.count
            let positions = hasWindow ? windows[window].positions : extent.count..<extent.count
            let isKept = positions.contains(position)
            // Up to where something else is to be done.
            var until = min(end, track.samples.upperBound)
            let counts = track.accurateRip.contains(position)
            until = min(until, isKept ? positions.upperBound : max(position, positions.lowerBound))
            for border in [track.accurateRip.lowerBound, track.accurateRip.upperBound]
            where border > position {
                until = min(until, border)
            }
            sum(bytes, place, until - position, keeping: isKept, counts ? track : nil)
            place += (until - position) * 4
            position = until
            if position == track.samples.upperBound { self.track += 1 }
            if hasWindow, position == positions.upperBound { window += 1 }
        }
    }

    /// Takes samples of one track that are treated alike.
    private mutating func sum(
        _ bytes: Span<UInt8>,
        _ first: Int,
        _ count: Int,
        keeping isKept: Bool,
        _ counted: AudioExtent.Track?
    ) {
        var point = point
        var high = high[track]
        var dense = dense[track]
        var any: UInt32 = 0
        let stepper = stepper
        // AccurateRip counts the samples of a track from 1 on.
        let origin = counted.map { $0.samples.lowerBound - 1 }
        var place = first
        for position in position..<position + count {
            if isKept { windows[window].append(point) }
            let low = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8
            let upper = UInt32(bytes[place + 2]) | UInt32(bytes[place + 3]) << 8
            let sample = low | upper << 16
            place += 4
            point.sum &+= sample
            point.weighted &+= sample &* UInt32(truncatingIfNeeded: position)
            point.register = stepper.after(point.register, sample)
            any |= sample
            if low != 0 { dense = stepper.after(dense, word: low) }
            if upper != 0 { dense = stepper.after(dense, word: upper) }
            if let origin {
                let product =
                    UInt64(sample) &* UInt64(UInt32(truncatingIfNeeded: position - origin))
                high &+= UInt32(truncatingIfNeeded: product >> 32)
            }
        }
        self.point = point
        self.high[track] = high
        self.dense[track] = dense
        if any != 0 { hasSound[track] = true }
    }

    /// The sums, if all samples came.
    ///
    /// - Returns: `nil` if some are missing.
    public consuming func finish() -> AudioSums? {
        guard position == extent.count else { return nil }
        if let last = windows.indices.last, windows[last].positions.contains(position) {
            windows[last].append(point)
        }
        return AudioSums(
            extent: extent,
            windows: windows,
            high: high,
            dense: dense.map { ~$0 },
            hasSound: hasSound
        )
    }
}
