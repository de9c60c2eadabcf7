/// Makes both of AccurateRip's sums at a few offsets, in a reading of its own.
///
/// The upper halves of products can't be reckoned from sums up to a place, so that the second sum at an
/// offset needs the samples once more.
public struct OffsetSummer {
    /// The offsets.
    public let offsets: [Int]
    private let extent: AudioExtent
    /// The track in progress, by offset.
    private var tracks: [Int]
    private var sums: [[(low: UInt32, high: UInt32)]]
    private var position = 0

    /// Prepares the sums.
    ///
    /// - Parameters:
    ///   - toc: The disc.
    ///   - offsets: The offsets; each costs time.
    public init(_ toc: AudioTOC, at offsets: [Int]) {
        let extent = AudioExtent(toc)
        self.extent = extent
        self.offsets = offsets
        tracks = offsets.map { _ in 0 }
        sums = offsets.map { _ in Array(repeating: (0, 0), count: extent.tracks.count) }
    }

    /// Takes further samples, as ``AudioSummer/take(_:)`` does.
    public mutating func take(_ bytes: Span<UInt8>) {
        let end = min(extent.count, position + bytes.count / 4)
        for index in offsets.indices { take(bytes, position..<end, index) }
        position = end
    }

    private mutating func take(_ bytes: Span<UInt8>, _ positions: Range<Int>, _ index: Int) {
        let offset = offsets[index]
        while tracks[index] < extent.tracks.count {
            let track = extent.tracks[tracks[index]]
            let range = track.accurateRip.shifted(by: offset)
            let part = range.clamped(to: positions)
            var (low, high) = sums[index][tracks[index]]
            let origin = track.samples.lowerBound + offset - 1
            for position in part {
                let place = (position - positions.lowerBound) * 4
                let sample =
                    UInt64(bytes[place]) | UInt64(bytes[place + 1]) << 8
                    | UInt64(bytes[place + 2]) << 16 | UInt64(bytes[place + 3]) << 24
                let product = sample &* UInt64(UInt32(truncatingIfNeeded: position - origin))
                low &+= UInt32(truncatingIfNeeded: product)
                high &+= UInt32(truncatingIfNeeded: product >> 32)
            }
            sums[index][tracks[index]] = (low, high)
            if range.upperBound > positions.upperBound { return }
            tracks[index] += 1
        }
    }

    /// A track's sums at the offset of an index.
    ///
    /// - Returns: `nil` if the offset goes beyond the disc.
    public func sums(_ track: Int, _ index: Int) -> (v1: UInt32, v2: UInt32)? {
        let range = extent.tracks[track].accurateRip.shifted(by: offsets[index])
        guard range.lowerBound >= 0, range.upperBound <= position else { return nil }
        let (low, high) = sums[index][track]
        return (low, low &+ high)
    }
}
