/// Audio could not be packed or unpacked with FLAC.
public struct FLACError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, as the rest of a sentence about the bytes.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    static let damaged = FLACError("is not intact FLAC data")
    static let unproven = FLACError("does not come back as it was when it is unpacked again")
    static let noMemory = FLACError("needs more memory than there is")
}
