/// Audio could not be packed or unpacked with FLAC.
public struct FLACError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, as the rest of a sentence about the bytes.
    public let description: String
    /// Whether whoever reads the place in question finds it as well.
    public let isFoundByReading: Bool

    init(_ description: String, isFoundByReading: Bool = false) {
        self.description = description
        self.isFoundByReading = isFoundByReading
    }

    static let damaged = FLACError("is not intact FLAC data", isFoundByReading: true)
    static let unproven = FLACError("does not come back as it was when it is unpacked again")
    static let noMemory = FLACError("needs more memory than there is")

    static let otherSamples = FLACError(
        "has other samples than those that its own checksum (MD5) is of"
    )
    static let otherForm = FLACError(
        "has frames of another rate, width or number of channels than its header says"
    )

    static func damaged(after samples: Int) -> FLACError {
        FLACError(
            "can't be unpacked: it is damaged or cut off after \(samples) of its samples",
            isFoundByReading: true
        )
    }

    static func cutOff(_ samples: Int, of claimed: Int) -> FLACError {
        FLACError(
            "is cut off or damaged: it says that it has \(claimed) samples, and \(samples) are there",
            isFoundByReading: true
        )
    }

    static func uncounted(_ claimed: Int) -> FLACError {
        FLACError("holds more audio than the \(claimed) samples that its header counts")
    }
}
