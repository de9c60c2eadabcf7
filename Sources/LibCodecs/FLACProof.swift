internal import CLibFLAC

/// What was found of a stream that is held against its header.
struct FLACProof {
    /// Samples of a channel in the intact blocks so far.
    private(set) var samples = 0
    /// Whether a block has another rate, number of channels or width than the header says.
    private(set) var isOfOtherForm = false

    /// Takes a block in.
    ///
    /// - Parameters:
    ///   - header: What it says of itself.
    ///   - format: What the header of the stream says; `nil` if it has none.
    ///   - isDamaged: Whether it is damaged, so that it counts for nothing.
    mutating func add(_ header: FLAC__FrameHeader, _ format: FLACFormat?, _ isDamaged: Bool) {
        guard !isDamaged else { return }
        samples += Int(header.blocksize)
        guard let format else { return }
        isOfOtherForm =
            isOfOtherForm || Int(header.sample_rate) != format.rate
            || Int(header.channels) != format.channels
            || Int(header.bits_per_sample) != format.bits
    }
}
