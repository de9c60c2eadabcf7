/// Something that a format leaves to whoever writes an image (``ImageOptions``).
public enum ImageChoice: String, CaseIterable, Sendable {
    /// One file, or a file for each track.
    case files
    /// What an audio track's own file is.
    case audioFile
    /// Whether data tracks keep more than their user data.
    case userDataOnly
    /// Whether subchannel is kept.
    case subchannel
    /// How blocks are packed.
    case packing
}
