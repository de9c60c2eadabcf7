public import SystemPackage

extension FilePath {
    /// A path of bytes, which need not be UTF-8; they end before a zero.
    public init(bytes: [UInt8]) {
        let name = bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        self = unsafe name.withUnsafeBufferPointer { name in
            unsafe name.baseAddress.map { unsafe FilePath(platformString: $0) } ?? FilePath("")
        }
    }
}
