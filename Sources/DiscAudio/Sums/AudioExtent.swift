/// The samples of a disc's audio tracks in a row, and which of them each sum is over.
///
/// Positions are samples, counted from the first one of the first audio track on. Between tracks of
/// audio there are no others, as no disc that the databases know has data between them.
struct AudioExtent: Hashable, Sendable {
    /// A track in the row.
    struct Track: Hashable, Sendable {
        /// Its number on the disc.
        var number: Int
        /// Its samples.
        var samples: Range<Int>
        /// Those that AccurateRip's sums are over.
        var accurateRip: Range<Int>
        /// Those that the CUETools Database's sums are over.
        var ctdb: Range<Int>
        /// The sector that finds offsets; `nil` if the track is shorter.
        var frame450: Range<Int>?
    }

    /// The audio tracks.
    let tracks: [Track]
    /// All samples.
    let count: Int
    /// The samples that the sum of the whole disc in the CUETools Database is over.
    let ctdb: Range<Int>

    /// Samples at the beginning of the first track that AccurateRip leaves out.
    static let leftOutFirst = 5 * 588 - 1
    /// Samples at the end of the last track that AccurateRip leaves out.
    static let leftOutLast = 5 * 588
    /// Samples in a row of the CUETools Database's parity, which it leaves out at both ends.
    static let stride = 5880
    /// Samples by which the databases' discs may be shifted: no more than are left out at both ends.
    static let mostOffset = stride - 1
    /// Samples by which AccurateRip's discs may be shifted.
    static let mostAccurateRipOffset = 5 * 588

    init(_ toc: AudioTOC) {
        let audio = toc.audio
        let count = audio.reduce(0) { $0 + $1.samples }
        // What is left over of the last row is left out as well.
        let end = count - Self.stride - count % Self.stride
        ctdb = Self.stride..<max(Self.stride, end)
        var tracks: [Track] = []
        var position = 0
        for (index, track) in audio.enumerated() {
            let samples = position..<position + track.samples
            var (first, last) = (samples.lowerBound, samples.upperBound)
            var (firstCTDB, lastCTDB) = (first, last)
            if index == 0 {
                first += Self.leftOutFirst
                firstCTDB = ctdb.lowerBound
            }
            if index == audio.count - 1 {
                last -= Self.leftOutLast
                lastCTDB = ctdb.upperBound
            }
            let frame = samples.lowerBound + 450 * 588
            tracks.append(
                Track(
                    number: track.number,
                    samples: samples,
                    accurateRip: first..<max(first, last),
                    ctdb: firstCTDB..<max(firstCTDB, lastCTDB),
                    frame450: frame + 588 <= samples.upperBound ? frame..<frame + 588 : nil
                )
            )
            position = samples.upperBound
        }
        self.tracks = tracks
        self.count = count
    }
}

extension Range<Int> {
    /// The range that lies a number of samples further on.
    func shifted(by offset: Int) -> Range<Int> {
        lowerBound + offset..<upperBound + offset
    }
}
