/// Rounds samples to the 16 bits of a CD.
///
/// Where bits are cut, noise of a triangular distribution of one step to each side is added first (TPDF
/// dither), so that what is lost becomes noise and no distortion. It comes from a generator with a
/// fixed beginning: the same file always makes the same samples. Where all samples of a piece are
/// whole numbers of 16 bits, nothing is cut and none is added.
struct Requantizer {
    /// How many samples were louder than 16 bits can hold, and were cut.
    private(set) var clipped = 0
    /// Whether noise was added anywhere.
    private(set) var isDithered = false
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Full scale: 1 is the first value that 16 bits do not hold.
    private static let scale = 32768.0
    private static let range = -32768.0...32767.0

    /// Rounds samples, and puts them behind others, low byte first.
    ///
    /// - Parameters:
    ///   - samples: Full scale is 1.
    ///   - bytes: What they are put behind.
    mutating func append(_ samples: Span<Double>, to bytes: inout [UInt8]) {
        var isExact = true
        for i in 0..<samples.count where isExact {
            let value = samples[i] * Self.scale
            isExact = Self.range.contains(value) && value.rounded() == value
        }
        bytes.reserveCapacity(bytes.count + samples.count * 2)
        for i in 0..<samples.count {
            let value = Int16(isExact ? samples[i] * Self.scale : rounded(samples[i]))
            bytes.append(UInt8(truncatingIfNeeded: value))
            bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        }
        if !isExact { isDithered = true }
    }

    private mutating func rounded(_ sample: Double) -> Double {
        let noise = random() + random() - 1
        let value = sample * Self.scale
        // What is no number is silence, and no sample.
        guard !value.isNaN else {
            clipped += 1
            return 0
        }
        if value >= Self.range.upperBound + 0.5 || value <= Self.range.lowerBound - 0.5 {
            clipped += 1
        }
        return min(max((value + noise).rounded(), Self.range.lowerBound), Self.range.upperBound)
    }

    /// A number from 0 up to 1, made by xorshift64* (Vigna 2016).
    private mutating func random() -> Double {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        let bits = state &* 0x2545_F491_4F6C_DD1D
        return Double(bits >> 11) / Double(UInt64(1) << 53)
    }
}
