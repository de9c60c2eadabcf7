/// Decodes an audio file from its beginning to its end.
///
/// Each library that decodes has one of these. One thread uses it at a time.
public protocol SoundDecoder: AnyObject {
    /// What the file says of its audio.
    var format: SoundFormat { get }

    /// What the file says of itself in words; bytes as they stand in it.
    var tags: [SoundTag: [UInt8]] { get }

    /// Decodes what follows.
    ///
    /// - Parameter buffer: Takes samples of all channels in turn; full scale is 1, and lossy formats go
    ///   beyond it.
    /// - Returns: How many samples of a channel there were; 0 at the end.
    /// - Throws: ``SoundError`` if the file is damaged there; what reads the file throws.
    func decode(into buffer: inout MutableSpan<Double>) throws -> Int
}

/// What an audio file says of itself in words.
public enum SoundTag: CaseIterable, Hashable, Sendable {
    /// The title of the piece.
    case title
    /// Who plays it.
    case artist
    /// The title of the album.
    case album
}
