internal import CLibEBUR128

/// Measures how loud the audio of a CD is: ITU-R BS.1770-4 and EBU R 128.
///
/// The corresponding C type is `ebur128_state`. One thread uses it at a time.
@safe
public final class LoudnessMeter {
    /// Bytes of a sample of both channels.
    private static let sampleSize = 4
    /// Samples of both channels that are handed over in one piece.
    private static let piece = 4096

    private let state: UnsafeMutablePointer<ebur128_state>
    private var values = [Int16](repeating: 0, count: 2 * piece)

    /// Begins, with two channels of 16 bits at 44100 Hz.
    ///
    /// The corresponding C function is `ebur128_init`.
    ///
    /// - Throws: ``SoundError`` if there is no memory for it.
    public init() throws(SoundError) {
        // The true peak takes the peak of the samples with it.
        let mode = EBUR128_MODE_I.rawValue | EBUR128_MODE_TRUE_PEAK.rawValue
        guard let state = unsafe ebur128_init(2, 44100, Int32(mode)) else {
            throw SoundError.noMemory
        }
        unsafe self.state = state
    }

    deinit {
        var state: UnsafeMutablePointer<ebur128_state>? = unsafe state
        unsafe ebur128_destroy(&state)
    }

    /// Measures what follows.
    ///
    /// The corresponding C function is `ebur128_add_frames_short`.
    ///
    /// - Parameter bytes: Four bytes for each sample, left before right, the low byte first; bytes behind the
    ///   last whole sample count for nothing.
    /// - Throws: ``SoundError`` if there is no memory for it.
    public func append(_ bytes: Span<UInt8>) throws(SoundError) {
        let count = bytes.count / Self.sampleSize
        var done = 0
        while done < count {
            let some = min(Self.piece, count - done)
            for i in 0..<(2 * some) {
                let at = done * Self.sampleSize + 2 * i
                values[i] = Int16(
                    bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
                )
            }
            guard unsafe ebur128_add_frames_short(state, values, some) == 0 else {
                throw SoundError.noMemory
            }
            done += some
        }
    }

    /// The loudness of all that came, in LUFS (BS.1770-4's gated loudness).
    ///
    /// The corresponding C function is `ebur128_loudness_global`. `nil` of silence, and of less than 0.4 seconds.
    public var loudness: Double? {
        var value = 0.0
        guard unsafe ebur128_loudness_global(state, &value) == 0 else { return nil }
        return value.isFinite ? value : nil
    }

    /// The largest true peak of both channels, where 1 is full scale; larger is possible.
    ///
    /// The corresponding C function is `ebur128_true_peak`.
    public var peak: Double {
        (0..<2).reduce(0) { largest, channel in
            var value = 0.0
            guard unsafe ebur128_true_peak(state, UInt32(channel), &value) == 0 else {
                return largest
            }
            return max(largest, value)
        }
    }

    /// The loudness of what several have measured, as if it were one piece.
    ///
    /// The corresponding C function is `ebur128_loudness_global_multiple`.
    ///
    /// - Parameter meters: Those that have measured the parts.
    /// - Returns: The loudness in LUFS; `nil` of silence, and where there is not enough of anything.
    public static func loudness(of meters: [LoudnessMeter]) -> Double? {
        guard !meters.isEmpty else { return nil }
        var states: [UnsafeMutablePointer<ebur128_state>?] = unsafe meters.map { unsafe $0.state }
        var value = 0.0
        let isMeasured = withExtendedLifetime(meters) {
            unsafe ebur128_loudness_global_multiple(&states, states.count, &value) == 0
        }
        return isMeasured && value.isFinite ? value : nil
    }
}
