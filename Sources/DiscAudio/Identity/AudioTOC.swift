public import DiscModel

/// The table of contents of a CD with audio, as the databases of rips count it.
///
/// Sectors are counted from 0 on, the first user sector. A track goes from its index 1 to the index 1
/// of the next one, or to the lead-out of its session: pregaps belong to the track before.
public struct AudioTOC: Hashable, Sendable {
    /// A track in a table of contents.
    public struct Track: Hashable, Sendable {
        /// Its number on the disc.
        public let number: Int
        /// Its session, from 1.
        public let session: Int
        /// The sector of its index 1.
        public let start: Int
        /// The sector behind its last.
        public let end: Int
        /// Whether it is sound.
        public let isAudio: Bool

        /// Its sectors.
        public var sectors: Int { end - start }
        /// Its samples; a sample is a pair of 16 bits, 4 bytes.
        public var samples: Int { sectors * AudioTOC.samplesPerSector }
    }

    /// Samples in a sector.
    public static let samplesPerSector = 588

    /// All tracks, those with data, too.
    public let tracks: [Track]
    /// The lead-out of the last session.
    public let leadOut: Int

    /// Takes the tracks of a layout.
    ///
    /// - Returns: `nil` if there is no audio, or the table can't be that of a CD: it has more than 99
    ///   tracks, or tracks that overlap.
    public init?(_ layout: DiscLayout) {
        var tracks: [Track] = []
        for session in layout.sessions {
            for (index, track) in session.tracks.enumerated() {
                let end =
                    index + 1 < session.tracks.count
                    ? session.tracks[index + 1].start : session.leadOut
                tracks.append(
                    Track(
                        number: track.number,
                        session: session.number,
                        start: track.start.rawValue,
                        end: end.rawValue,
                        isAudio: track.content == .audio
                    )
                )
            }
        }
        self.init(tracks, leadOut: layout.leadOut?.rawValue ?? 0)
    }

    /// Takes tracks, if they can be those of a CD.
    init?(_ tracks: [Track], leadOut: Int) {
        guard tracks.contains(where: \.isAudio), tracks.count <= 99, leadOut <= Self.mostSectors
        else { return nil }
        var last = 0
        for track in tracks {
            guard track.start >= last, track.end > track.start, (1...99).contains(track.number)
            else { return nil }
            last = track.end
        }
        guard last <= leadOut else { return nil }
        self.tracks = tracks
        self.leadOut = leadOut
    }

    /// No CD or GD-ROM has as many sectors.
    private static let mostSectors = 1 << 20

    /// As many sectors may come before track 1: ten minutes, and more than on any disc that is known.
    static let mostPregap = 45_000

    /// The same disc with more before track 1; `nil` if no CD has as much.
    func delayed(by sectors: Int) -> AudioTOC? {
        AudioTOC(
            tracks.map { track in
                Track(
                    number: track.number,
                    session: track.session,
                    start: track.start + sectors,
                    end: track.end + sectors,
                    isAudio: track.isAudio
                )
            },
            leadOut: leadOut + sectors
        )
    }

    /// The audio tracks.
    public var audio: [Track] { tracks.filter(\.isAudio) }

    /// The sectors of audio before index 1 of track 1 that no track has; zero if there are none.
    ///
    /// Of a disc that begins with data there are none.
    public var hiddenSectors: Int {
        guard let first = tracks.first, first.isAudio else { return 0 }
        return first.start
    }

    /// Where an AccurateRip answer keeps what it knows of a track.
    ///
    /// It has as many slots as there are audio tracks, and counts them by the tracks of the disc.
    /// So on a disc that begins with data the first slot is that of the data, and the last track of
    /// audio has none.
    ///
    /// - Parameter index: The track's place among those of audio, from 0.
    /// - Returns: The slot's number, from 0; `nil` if there is none.
    public func accurateRipSlot(_ index: Int) -> Int? {
        let audio = tracks.indices.filter { tracks[$0].isAudio }
        guard audio.indices.contains(index), audio[index] < audio.count else { return nil }
        return audio[index]
    }
}
