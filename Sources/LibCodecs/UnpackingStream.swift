/// One C library's decoder.
protocol UnpackingStream: AnyObject {
    /// Begins again.
    func reset() throws(CodecError)

    /// Takes some of the input and makes some of the output.
    func step(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(CodecError)
        -> UnpackingStep
}

/// What a decoder did.
public struct UnpackingStep: Hashable, Sendable {
    /// Bytes of the input that were used up.
    public var read: Int
    /// Bytes of the output that were made.
    public var written: Int
    /// Whether a stream has ended here.
    public var isEnd: Bool
}
