/// An audio track as a file: a header, and the samples behind it.
public struct SoundTrack: Hashable, Sendable {
    /// Bytes of a sector of audio.
    static let sectorSize = 2352

    /// What stands before the samples.
    public var header: [UInt8]
    /// The sectors of the disc that have the samples.
    public var sectors: Range<Int>

    /// Creates a track.
    public init(header: [UInt8], sectors: Range<Int>) {
        self.header = header
        self.sectors = sectors
    }

    /// The bytes of the file.
    public var byteCount: Int { header.count + sectors.count * Self.sectorSize }
}
