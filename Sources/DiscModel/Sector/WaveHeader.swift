/// The header of a WAVE file with the audio of a CD: two channels of 16 bits at 44100 Hz.
public enum WaveHeader {
    /// The 44 bytes that stand before the samples (RIFF, with a `fmt ` chunk for PCM).
    ///
    /// - Parameter byteCount: The bytes of the samples.
    /// - Returns: The header.
    public static func bytes(byteCount: Int) -> [UInt8] {
        func u32(_ number: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return Array("RIFF".utf8) + u32(byteCount + 36) + Array("WAVEfmt ".utf8) + u32(16)
            + [1, 0, 2, 0] + u32(44100) + u32(44100 * 4) + [4, 0, 16, 0] + Array("data".utf8)
            + u32(byteCount)
    }
}
