/// The checksum of a virtual disc's metadata: the CRC-32 of IEEE 802.3, bits reversed.
struct CRC32 {
    private var register: UInt32 = .max

    /// The sum of what was given so far.
    var value: UInt32 { ~register }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 {
                register = register >> 1 ^ (register & 1 == 0 ? 0 : 0xEDB8_8320)
            }
        }
    }
}
