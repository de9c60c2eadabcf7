/// Audio could not be decoded or resampled.
public struct SoundError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, as the rest of a sentence about the file.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    static let noMemory = SoundError("needs more memory than there is")
}
