/// Bytes could not be unpacked or packed.
public struct CodecError: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// The packed bytes can't be right.
        case damaged
        /// The packed bytes end before what they hold does.
        case endsEarly
        /// They hold more than there is room for.
        case tooLong
        /// There is no memory for it, or it asks for more than is granted.
        case noMemory
    }

    /// What went wrong.
    public var code: Code
    /// The codec.
    public var codec: Codec

    /// Creates an error.
    public init(_ code: Code, _ codec: Codec) {
        self.code = code
        self.codec = codec
    }
}

extension CodecError: CustomStringConvertible {
    /// What went wrong, as the rest of a sentence about the bytes.
    public var description: String {
        switch code {
        case .damaged: "is not intact \(codec.displayName) data"
        case .endsEarly: "ends before its \(codec.displayName) data do"
        case .tooLong: "unpacks to more than it should"
        case .noMemory: "needs more memory to unpack than is granted"
        }
    }
}
