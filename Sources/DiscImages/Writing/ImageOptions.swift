public import LibCodecs

/// How an image is written, as far as its format leaves a choice.
public struct ImageOptions: Sendable {
    /// What an audio track's own file is.
    public enum AudioFile: String, Sendable, CaseIterable {
        /// Plain sectors.
        case raw
        /// RIFF WAVE.
        case wave = "wav"
        /// FLAC.
        case flac
    }

    /// Where the pause before an audio track is, if each track has a file for people and players.
    public enum Gaps: String, Sendable, CaseIterable {
        /// At the end of the file of the track before.
        case appended
        /// At the beginning of the track's own file.
        case prepended
        /// In no file: the sheet says how long it is.
        case leftOut = "left-out"
    }

    /// How the blocks of an Apple disk image are packed.
    public enum Packing: String, Sendable, CaseIterable {
        /// Not at all (UDRO).
        case none
        /// With zlib (UDZO).
        case zlib
        /// With bzip2 (UDBZ).
        case bzip2
        /// With LZFSE (ULFO).
        case lzfse
    }

    /// How the hunks of a CHD image may be packed; of a CD's also the sectors' parts.
    public enum HunkPacking: String, Sendable, CaseIterable {
        /// With LZMA, which makes the smallest images of data.
        case lzma
        /// With deflate.
        case zlib
        /// With FLAC, which is for audio.
        case flac
        /// With zstd, which chdman knows from version 0.260 on.
        case zstd
    }

    /// Whether each track has a file of its own, where the format has that; `nil` for the format's own
    /// choice.
    public var splitsTracks: Bool?
    /// What the file of an audio track is, where each track has one; and the one file of all tracks, where
    /// ``splitsTracks`` is false.
    public var audioFile = AudioFile.raw
    /// How the files of tracks are called, if they are for people and players; `nil` for an image's.
    public var naming: TrackNaming?
    /// The names that such files and their tags have; `nil` for those that the disc has.
    public var names: AlbumNames?
    /// The picture in each such file of FLAC; `nil` for none.
    public var cover: FLACPicture?
    /// Where the pauses before tracks are in such files.
    public var gaps = Gaps.appended
    /// Whether such files of FLAC say how loud they are, for players (ReplayGain).
    public var measuresLoudness = false
    /// Data tracks keep their user data only, where the format can leave out the rest.
    public var keepsUserDataOnly = false
    /// The subchannel is kept, where the format has a place for it; absent: where the source does.
    public var keepsSubchannel: Bool?
    /// How blocks are packed, where the format has more than one way.
    public var packing = Packing.zlib
    /// How hunks are packed, where the format has hunks: for each what suits it best, at most four.
    public var hunkPackings: [HunkPacking] = [.lzma, .zlib, .flac]
    /// Files that are there already are replaced.
    public var replaces = false
    /// What was written is worth keeping if it is never completed, where sectors may come in any order.
    public var survives = false
    /// Files that an earlier process left may be taken up, where that can be.
    public var resumes = false

    /// The usual choices.
    public init() {}
}
