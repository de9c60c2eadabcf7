import LibSound
import Testing

struct ResamplerTests {
    /// A tone of two channels.
    private func tone(_ count: Int, period: Double) -> [Double] {
        (0..<count * 2).map { index in
            let phase = (Double(index / 2) / period).truncatingRemainder(dividingBy: 1)
            // A parabola instead of a sine: it has a first harmonic, and needs no library.
            return index % 2 == 0 ? 4 * phase * (1 - phase) - 2.0 / 3 : 0
        }
    }

    @Test(arguments: [(48000, 44100), (96000, 44100), (22050, 44100), (8000, 44100)])
    func `a second stays a second, wherever it is cut`(_ rates: (Int, Int)) throws {
        let resampler = try Resampler(from: rates.0, to: rates.1)
        let samples = tone(rates.0, period: 100)
        var result: [Double] = []
        for start in stride(from: 0, to: samples.count, by: 2 * 777) {
            let end = min(start + 2 * 777, samples.count)
            result += try resampler.resample(samples.span.extracting(start..<end))
        }
        result += try resampler.resample([Double]().span)
        #expect(result.count == rates.1 * 2)
        // The silent channel stays silent, the other does not.
        let right = stride(from: 1, to: result.count, by: 2).map { abs(result[$0]) }.max() ?? 1
        let left = stride(from: 0, to: result.count, by: 2).map { abs(result[$0]) }.max() ?? 0
        #expect(right < 1e-9)
        #expect(left > 0.5 && left < 0.8)
    }

    @Test func `every library tells its version`() {
        #expect(SoundLibrary.all.map(\.name) == ["ebur128", "sndfile", "soxr", "wavpack"])
        for library in SoundLibrary.all {
            #expect(library.version.split(separator: ".").count >= 3, "\(library)")
        }
    }

    @Test func `what is no sound is not opened`() {
        let bytes = [UInt8](repeating: 0x5A, count: 5000)
        #expect(throws: SoundError.self) {
            try SndfileDecoder(byteCount: bytes.count) { offset, buffer in
                let count = max(0, min(buffer.count, bytes.count - offset))
                for i in 0..<count { buffer[i] = bytes[offset + i] }
                return count
            }
        }
        let error = #expect(throws: SoundError.self) {
            try WavPackDecoder(byteCount: bytes.count) { offset, buffer in
                let count = max(0, min(buffer.count, bytes.count - offset))
                for i in 0..<count { buffer[i] = bytes[offset + i] }
                return count
            }
        }
        #expect(
            error?.description.contains("libwavpack says") == true,
            "\(error?.description ?? "")"
        )
    }

    /// What a reader throws.
    private struct Unreadable: Error {}

    @Test func `what the reader throws comes out`() {
        #expect(throws: Unreadable.self) {
            try WavPackDecoder(byteCount: 5000) { _, _ in throw Unreadable() }
        }
    }
}
