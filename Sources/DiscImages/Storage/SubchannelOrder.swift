/// The two orders in which images keep 96 bytes of subchannel.
enum SubchannelOrder {
    /// Twelve bytes for each channel become one bit of each channel in each byte.
    static func interleaved(_ linear: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 96)
        guard linear.count >= 96 else { return bytes }
        for channel in 0..<8 {
            for i in 0..<12 where linear[channel * 12 + i] != 0 {
                let byte = linear[channel * 12 + i]
                for bit in 0..<8 where byte >> UInt8(7 - bit) & 1 != 0 {
                    bytes[i * 8 + bit] |= 0x80 >> UInt8(channel)
                }
            }
        }
        return bytes
    }

    /// One bit of each channel in each byte becomes twelve bytes for each channel.
    static func linear(_ interleaved: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 96)
        guard interleaved.count >= 96 else { return bytes }
        for (i, byte) in interleaved.prefix(96).enumerated() where byte != 0 {
            for channel in 0..<8 where byte >> UInt8(7 - channel) & 1 != 0 {
                bytes[channel * 12 + i / 8] |= 0x80 >> UInt8(i % 8)
            }
        }
        return bytes
    }
}
