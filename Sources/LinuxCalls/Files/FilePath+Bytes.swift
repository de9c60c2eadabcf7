import Glibc
public import SystemPackage

extension FilePath {
    /// A path of bytes, which need not be UTF-8; they end before a zero.
    public init(bytes: [UInt8]) {
        let name = bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        self = unsafe name.withUnsafeBufferPointer { name in
            unsafe name.baseAddress.map { unsafe FilePath(platformString: $0) } ?? FilePath("")
        }
    }

    /// The path of an entry of this directory whose name is bytes, which need not be UTF-8.
    public func appending(bytes name: [UInt8]) -> FilePath {
        let own = unsafe withPlatformString { path in
            unsafe UnsafeBufferPointer(start: path, count: strlen(path)).map {
                UInt8(bitPattern: $0)
            }
        }
        return FilePath(bytes: own + [0x2F] + name)
    }
}
