import DiscModel

/// A track of a disc, or the part of an image that would be one.
public struct ImageTrack: Sendable, Hashable {
    /// Its number, from 1.
    public let number: Int
    /// The number of its session, from 1.
    public let session: Int
    /// Whether it is audio; else it is data.
    public let isAudio: Bool
    /// The addresses (LBA) of its sectors, from index 1 on.
    public let sectors: Range<Int>
    /// The sectors before index 1 that belong to it.
    public let pregap: Int
    /// The international standard recording code; `nil` if it has none.
    public let isrc: String?

    init(_ track: Track) {
        number = track.number
        session = track.session
        isAudio = track.content == .audio
        sectors = track.start.rawValue..<max(track.start.rawValue, track.end.rawValue)
        pregap = track.pregap
        isrc = track.isrc
    }
}
