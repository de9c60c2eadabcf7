/// How loud a track or an album is, by ITU-R BS.1770 and EBU R 128.
public struct Loudness: Codable, Hashable, Sendable {
    /// The integrated loudness in LUFS, to a hundredth; `nil` of silence, and of less than 0.4 seconds.
    public var lufs: Double?
    /// By how many decibels a player is to change it, to bring it to ReplayGain's −18 LUFS; `nil` likewise.
    public var gain: Double?
    /// The true peak, to a millionth, where 1 is full scale; larger is possible.
    public var peak: Double

    /// What ReplayGain 2.0 brings all audio to, in LUFS.
    static let reference = -18.0

    /// Takes what was measured.
    ///
    /// - Parameters:
    ///   - lufs: The integrated loudness; `nil` if there is none.
    ///   - peak: The true peak.
    public init(lufs: Double?, peak: Double) {
        self.lufs = lufs.map { Self.rounded($0, 100) }
        gain = lufs.map { Self.rounded(Self.reference - $0, 100) }
        self.peak = Self.rounded(peak, 1_000_000)
    }

    private static func rounded(_ value: Double, _ parts: Double) -> Double {
        let whole = (value * parts).rounded() / parts
        // No zero has a sign.
        return whole == 0 ? 0 : whole
    }

    /// The loudness with its unit, such as “-10.97 LUFS”; `nil` if there is none.
    public var lufsText: String? { lufs.map { Self.text($0, 2) + " LUFS" } }

    /// The gain as a tag has it, such as “-7.03 dB”; `nil` if there is none.
    public var gainText: String? { gain.map { Self.text($0, 2) + " dB" } }

    /// The peak as a tag has it, such as “0.988553”.
    public var peakText: String { Self.text(peak, 6) }

    private static func text(_ value: Double, _ places: Int) -> String {
        let parts = (0..<places).reduce(1) { parts, _ in parts * 10 }
        let count = Int((min(abs(value), 1e9) * Double(parts)).rounded())
        let rest = String(count % parts)
        let zeros = String(repeating: "0", count: places - rest.utf8.count)
        return "\(value < 0 && count > 0 ? "-" : "")\(count / parts).\(zeros)\(rest)"
    }
}
