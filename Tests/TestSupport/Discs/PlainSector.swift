/// Raw sectors made in the slow way of ECMA-130, by other code than the library's: a CRC bit by
/// bit, and parity by division of polynomials.
package enum PlainSector {
    package static func bcd(_ number: Int) -> UInt8 { UInt8(number / 10 * 16 + number % 10) }

    package static func header(_ address: Int, _ mode: UInt8) -> [UInt8] {
        let frames = address + 150
        return [0] + [UInt8](repeating: 255, count: 10) + [0]
            + [bcd(frames / 4500), bcd(frames / 75 % 60), bcd(frames % 75), mode]
    }

    package static func edc(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        // x^32 + x^31 + x^16 + x^15 + x^4 + x^3 + x + 1, least significant bit first.
        var register: UInt32 = 0
        for byte in bytes {
            for bit in 0..<8 {
                let feedback = (register ^ UInt32(byte >> UInt8(bit))) & 1
                register >>= 1
                if feedback == 1 { register ^= 0xD801_8001 }
            }
        }
        return (0..<4).map { UInt8(register >> (8 * UInt32($0)) & 255) }
    }

    private static func times2(_ byte: UInt8) -> UInt8 {
        byte & 0x80 == 0 ? byte << 1 : byte << 1 ^ 0x1D
    }

    /// The remainder of a message times x², divided by (x + 1)(x + 2) = x² + 3x + 2.
    private static func parity(_ message: [UInt8]) -> (UInt8, UInt8) {
        var high: UInt8 = 0
        var low: UInt8 = 0
        for byte in message {
            let top = byte ^ high
            high = low ^ (times2(top) ^ top)
            low = times2(top)
        }
        return (high, low)
    }

    /// Puts 276 bytes of parity behind the first 2076 of a sector.
    package static func addParity(_ sector: inout [UInt8], headerIsZero: Bool) {
        let kept = Array(sector[12..<16])
        if headerIsZero { for i in 12..<16 { sector[i] = 0 } }
        for plane in 0..<2 {
            for column in 0..<43 {
                let message = (0..<24).map { sector[12 + 2 * (43 * $0 + column) + plane] }
                let (a, b) = parity(message)
                sector[12 + 2 * (43 * 24 + column) + plane] = a
                sector[12 + 2 * (43 * 25 + column) + plane] = b
            }
            for diagonal in 0..<26 {
                let message = (0..<43).map {
                    sector[12 + 2 * ((44 * $0 + 43 * diagonal) % 1118) + plane]
                }
                let (a, b) = parity(message)
                sector[12 + 2 * (43 * 26 + diagonal) + plane] = a
                sector[12 + 2 * (44 * 26 + diagonal) + plane] = b
            }
        }
        if headerIsZero { sector.replaceSubrange(12..<16, with: kept) }
    }

    package static func mode1(_ address: Int, _ user: [UInt8]) -> [UInt8] {
        var sector = header(address, 1) + user
        sector += edc(sector[0..<2064]) + [UInt8](repeating: 0, count: 8)
        sector += [UInt8](repeating: 0, count: 276)
        addParity(&sector, headerIsZero: false)
        return sector
    }

    package static func form1(_ address: Int, _ user: [UInt8], subheader: [UInt8] = [0, 0, 8, 0])
        -> [UInt8]
    {
        var sector = header(address, 2) + subheader + subheader + user
        sector += edc(sector[16..<2072])
        sector += [UInt8](repeating: 0, count: 276)
        addParity(&sector, headerIsZero: true)
        return sector
    }

    package static func form2(
        _ address: Int,
        _ user: [UInt8],
        subheader: [UInt8] = [0, 0, 0x20, 0]
    )
        -> [UInt8]
    {
        var sector = header(address, 2) + subheader + subheader + user
        sector += edc(sector[16..<2348])
        return sector
    }

    package static func mode2(_ address: Int, _ user: [UInt8]) -> [UInt8] {
        header(address, 2) + user
    }

    /// Twelve bytes of Q that give a position, made from a text of the standard's layout.
    package static func q(
        _ control: UInt8,
        _ track: UInt8,
        _ index: UInt8,
        relative: Int,
        absolute: Int
    )
        -> [UInt8]
    {
        func time(_ frames: Int) -> [UInt8] {
            [bcd(frames / 4500), bcd(frames / 75 % 60), bcd(frames % 75)]
        }
        let bytes = [control << 4 | 1, track, index] + time(relative) + [0] + time(absolute + 150)
        // x^16 + x^12 + x^5 + 1, as a division of the bits.
        var sum: UInt32 = 0
        for byte in bytes + [0, 0] {
            for bit in (0..<8).reversed() {
                sum = sum << 1 | UInt32(byte >> UInt8(bit)) & 1
                if sum & 0x10000 != 0 { sum ^= 0x11021 }
            }
        }
        return bytes + [~UInt8(sum >> 8 & 255), ~UInt8(sum & 255)]
    }

    /// Subchannel with a P, a Q and something in R, in twelve bytes for each channel.
    package static func linear(p: UInt8, q: [UInt8], r: UInt8) -> [UInt8] {
        [UInt8](repeating: p, count: 12) + q + [UInt8](repeating: r, count: 12)
            + [UInt8](repeating: 0, count: 60)
    }

    /// The same, one bit of each channel in each byte.
    package static func interleaved(_ linear: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for i in 0..<96 {
            var byte: UInt8 = 0
            for channel in 0..<8 {
                let bits = linear[channel * 12 + i / 8]
                let bit = bits >> UInt8(7 - i % 8) & 1
                byte = byte << 1 | bit
            }
            result.append(byte)
        }
        return result
    }
}
