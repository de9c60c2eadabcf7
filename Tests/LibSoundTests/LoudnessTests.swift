import LibSound
import Testing

/// Loudness against EBU Tech 3341's signals, whose loudness follows from the standard.
@Suite struct LoudnessTests {
    /// A tone of 1000 Hz at 44100 Hz in both channels: full scale is 1.
    private func tone(_ seconds: Int, _ amplitude: Double) -> [UInt8] {
        // The cosine and sine of 2π·1000/44100; each value follows from the two before it.
        let (cosine, sine) = (0.9898674727799416, 0.14199431795762676)
        var (before, now) = (-sine, 0.0)
        return (0..<seconds * 44100).flatMap { _ in
            let bits = UInt16(bitPattern: Int16((now * amplitude * 32767).rounded()))
            (before, now) = (now, 2 * cosine * now - before)
            return [UInt8(bits & 255), UInt8(bits >> 8), UInt8(bits & 255), UInt8(bits >> 8)]
        }
    }

    private func meter(_ parts: [UInt8]...) throws -> LoudnessMeter {
        let meter = try LoudnessMeter()
        for part in parts { try meter.append(part.span) }
        return meter
    }

    /// −23, −33 and −36 dB of full scale.
    private let amplitudes = (0.0707945784384138, 0.0223872113856834, 0.015848931924611134)

    @Test func `a tone of -23 dB is -23 LUFS, and -33 dB is -33 LUFS`() throws {
        let loud = try #require(try meter(tone(20, amplitudes.0)).loudness)
        #expect(abs(loud + 23) <= 0.1, "\(loud)")
        let quiet = try #require(try meter(tone(20, amplitudes.1)).loudness)
        #expect(abs(quiet + 33) <= 0.1, "\(quiet)")
    }

    @Test func `what is much quieter than the rest does not count`() throws {
        let (loud, quiet) = (tone(60, amplitudes.0), tone(10, amplitudes.2))
        let value = try #require(try meter(quiet, loud, quiet).loudness)
        #expect(abs(value + 23) <= 0.1, "\(value)")
    }

    @Test func `an album is one piece, and no mean of its tracks`() throws {
        let meters = [try meter(tone(20, amplitudes.0)), try meter(tone(20, amplitudes.1))]
        // Half of the sum of both powers: -23 + 10·lg 0.55.
        let value = try #require(LoudnessMeter.loudness(of: meters))
        #expect(abs(value + 25.6) <= 0.1, "\(value)")
        let silent = try meter([UInt8](repeating: 0, count: 2352 * 75))
        let same = try #require(LoudnessMeter.loudness(of: meters + [silent, try meter()]))
        #expect(abs(same - value) < 0.001, "\(same)")
    }

    @Test func `silence, nothing and a single sector have no loudness`() throws {
        let silence = try meter([UInt8](repeating: 0, count: 2352 * 300))
        #expect(silence.loudness == nil)
        #expect(silence.peak == 0)
        let empty = try meter()
        #expect(empty.loudness == nil)
        #expect(empty.peak == 0)
        let sector = try meter(Array(tone(1, amplitudes.0)[..<2352]))
        #expect(sector.loudness == nil)
        #expect(sector.peak > 0.06)
        #expect(LoudnessMeter.loudness(of: [silence, empty, sector]) == nil)
        #expect(LoudnessMeter.loudness(of: []) == nil)
    }

    @Test func `the peak lies between the samples`() throws {
        // A quarter of the rate, of half of full scale, that is sampled 45° beside its peaks.
        let sides: [Int16] = [11585, 11585, -11585, -11585]
        let bytes = (0..<44100).flatMap { i -> [UInt8] in
            let bits = UInt16(bitPattern: sides[i % 4])
            return [UInt8(bits & 255), UInt8(bits >> 8), 0, 0]
        }
        // -6 dB of full scale, of which Tech 3341 allows +0.2 and -0.4 dB.
        let peak = try meter(bytes).peak
        #expect(peak > 0.477 && peak < 0.512, "\(peak)")
    }
}
