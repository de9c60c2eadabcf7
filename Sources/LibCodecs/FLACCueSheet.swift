/// The table of contents of a CD, as a block of a FLAC file has it.
///
/// The corresponding C type is `FLAC__StreamMetadata_CueSheet`; RFC 9639 §8.7.
public struct FLACCueSheet: Hashable, Sendable {
    /// An index of a track.
    public struct Index: Hashable, Sendable {
        /// Its number: 0 or 1 of the first one, and one more of each that follows.
        public var number: Int
        /// Where it lies: samples from the beginning of the audio on.
        public var sample: Int

        /// Creates an index.
        public init(number: Int, sample: Int) {
            self.number = number
            self.sample = sample
        }
    }

    /// A track of audio.
    public struct Track: Hashable, Sendable {
        /// Its number, from 1 to 99.
        public var number: Int
        /// Its recording code of 12 characters; `nil` if it has none.
        public var isrc: String?
        /// Whether it has pre-emphasis.
        public var hasPreEmphasis: Bool
        /// Its indexes; the track begins with the first one.
        public var indexes: [Index]

        /// Creates a track.
        public init(number: Int, isrc: String?, hasPreEmphasis: Bool, indexes: [Index]) {
            self.number = number
            self.isrc = isrc
            self.hasPreEmphasis = hasPreEmphasis
            self.indexes = indexes
        }
    }

    /// The media catalogue number of 13 digits; `nil` if there is none.
    public var catalog: String?
    /// The tracks, in their order.
    public var tracks: [Track]
    /// Where the lead-out begins: the samples that there are.
    public var leadOut: Int

    /// Samples of a sector.
    public static let sectorSamples = 588
    /// Samples of the two seconds before address 0, which are in no file.
    static let leadInSamples = 88200
    /// The number of the lead-out on a CD.
    static let leadOutNumber: UInt8 = 170

    /// Creates a table.
    public init(catalog: String?, tracks: [Track], leadOut: Int) {
        self.catalog = catalog
        self.tracks = tracks
        self.leadOut = leadOut
    }

    /// Whether a block can say it, as RFC 9639 §8.7 has it for CDs.
    var isLegal: Bool {
        let marks = tracks.flatMap { $0.indexes.map(\.sample) }
        guard (1...99).contains(tracks.count), leadOut > 0, marks.first ?? -1 >= 0,
            zip(marks, marks.dropFirst() + [leadOut]).allSatisfy({ $0 <= $1 }),
            (marks + [leadOut]).allSatisfy({ $0 % Self.sectorSamples == 0 }),
            zip(tracks, tracks.dropFirst()).allSatisfy({ $0.number < $1.number })
        else { return false }
        return tracks.allSatisfy { track in
            (1...99).contains(track.number) && (1...100).contains(track.indexes.count)
                && (0...1).contains(track.indexes[0].number)
                && track.indexes.enumerated().allSatisfy {
                    $0.element.number == track.indexes[0].number + $0.offset
                }
        }
    }
}
