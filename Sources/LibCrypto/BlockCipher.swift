/// A cipher that works on blocks of bytes, and how the blocks hang together.
public enum BlockCipher: Hashable, Sendable {
    /// AES (FIPS 197), each block for itself; the key has 16, 24 or 32 bytes.
    case aesECB
    /// AES, each block with the one before; the key has 16, 24 or 32 bytes.
    case aesCBC
    /// Triple DES, each block with the one before; the key has 24 bytes.
    case tripleDESCBC

    /// The bytes of a block.
    public var blockSize: Int { self == .tripleDESCBC ? 8 : 16 }

    /// The bytes of what the first block hangs together with.
    public var vectorSize: Int { self == .aesECB ? 0 : blockSize }
}
