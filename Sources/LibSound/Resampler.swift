internal import CLibSoxr

/// Brings audio of two channels from one sampling rate to another.
///
/// The corresponding C type is `soxr_t`. It works at the library's quality of 28 bits
/// (`SOXR_VHQ`), and what comes out lies where it lay. One thread uses it at a time.
@safe
public final class Resampler {
    /// What messages call it.
    public static let name = "soxr, very high quality"
    private static let channels = 2

    private let resampler: soxr_t
    private let ratio: Double

    /// Begins.
    ///
    /// The corresponding C function is `soxr_create`.
    ///
    /// - Parameters:
    ///   - rate: Samples of a channel in a second that come in.
    ///   - wanted: Those that go out.
    /// - Throws: ``SoundError`` if there is no memory for it.
    public init(from rate: Int, to wanted: Int) throws(SoundError) {
        var format = unsafe soxr_io_spec(SOXR_FLOAT64_I, SOXR_FLOAT64_I)
        var quality = unsafe soxr_quality_spec(UInt(SOXR_28_BITQ), 0)
        var error: soxr_error_t?
        guard
            let made = unsafe soxr_create(
                Double(rate),
                Double(wanted),
                UInt32(Self.channels),
                &error,
                &format,
                &quality,
                nil
            ), unsafe error == nil
        else { throw SoundError.noMemory }
        unsafe resampler = made
        ratio = Double(wanted) / Double(rate)
    }

    deinit {
        unsafe soxr_delete(resampler)
    }

    /// Resamples what follows.
    ///
    /// The corresponding C function is `soxr_process`.
    ///
    /// - Parameter samples: Left before right; none at the end, and then what is left comes out.
    /// - Returns: What is ready, likewise.
    /// - Throws: ``SoundError`` if the library fails.
    public func resample(_ samples: Span<Double>) throws(SoundError) -> [Double] {
        let frames = samples.count / Self.channels
        // What was held back comes at the end, piece by piece.
        let room = Int(Double(max(frames, 4096)) * ratio) + 64
        var result: [Double] = []
        var taken = 0
        repeat {
            var given = 0
            var piece = [Double](repeating: 0, count: room * Self.channels)
            var used = 0
            let error = unsafe piece.withUnsafeMutableBufferPointer { piece in
                unsafe samples.withUnsafeBufferPointer { samples in
                    guard frames > 0, let first = samples.baseAddress else {
                        return unsafe soxr_process(
                            resampler,
                            nil,
                            0,
                            nil,
                            piece.baseAddress,
                            room,
                            &given
                        )
                    }
                    return unsafe soxr_process(
                        resampler,
                        first + taken * Self.channels,
                        frames - taken,
                        &used,
                        piece.baseAddress,
                        room,
                        &given
                    )
                }
            }
            guard unsafe error == nil else { throw SoundError("can't be resampled") }
            result += piece.prefix(min(given, room) * Self.channels)
            taken += used
            if given == 0, used == 0 { break }
        } while frames == 0 || taken < frames
        return result
    }
}
