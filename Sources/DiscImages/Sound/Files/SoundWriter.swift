import LibSound
import LinuxCalls

/// Writes decoded audio as that of a CD into a file.
struct SoundWriter {
    private let target: NamelessFile
    /// The file.
    var file: File { target.file }
    /// How many bytes it has.
    private(set) var byteCount = 0
    /// What rounds the samples.
    private(set) var requantizer = Requantizer()
    private var bytes: [UInt8] = []

    /// Makes the file.
    ///
    /// - Throws: ``SoundProblem`` if there is no room for it.
    init() throws(SoundProblem) {
        do { target = try NamelessFile() } catch { throw SoundProblem(error) }
    }

    /// Adds audio.
    ///
    /// - Parameters:
    ///   - samples: Left before right; none at the end, and then the resampler gives what it has left.
    ///   - resampler: What resamples it; `nil` if nothing has to.
    /// - Throws: ``SoundProblem`` if there is too much for a disc, or no room.
    mutating func append(_ samples: [Double], through resampler: Resampler?) throws {
        var ready = samples
        if let resampler { ready = try resampler.resample(samples.span) }
        guard !ready.isEmpty else { return }
        bytes.removeAll(keepingCapacity: true)
        requantizer.append(ready.span, to: &bytes)
        guard (byteCount + bytes.count) / TrackSound.sampleSize <= TrackSound.mostSamples else {
            throw TrackSound.tooLong
        }
        do { try target.write(bytes.span, at: byteCount) } catch { throw SoundProblem(error) }
        byteCount += bytes.count
    }
}
