import Reports
import Testing

/// Loudness as tags and sentences have it.
@Suite struct LoudnessTests {
    @Test func `numbers are rounded, and have all their decimals`() {
        let loud = Loudness(lufs: -7.5512, peak: 1.0234567)
        #expect(loud.lufs == -7.55)
        #expect(loud.gain == -10.45)
        #expect(loud.gainText == "-10.45 dB")
        #expect(loud.lufsText == "-7.55 LUFS")
        #expect(loud.peakText == "1.023457")
        let quiet = Loudness(lufs: -23.004, peak: 0.05)
        #expect(quiet.gainText == "5.00 dB")
        #expect(quiet.peakText == "0.050000")
        // No zero has a sign.
        #expect(Loudness(lufs: -17.999, peak: 0).gainText == "0.00 dB")
        #expect(Loudness(lufs: -18.09, peak: 0).gainText == "0.09 dB")
        #expect(Loudness(lufs: -17.91, peak: 0).gainText == "-0.09 dB")
    }

    @Test func `silence has no gain`() {
        let silence = Loudness(lufs: nil, peak: 0)
        #expect(silence.gain == nil)
        #expect(silence.gainText == nil)
        #expect(silence.lufsText == nil)
        #expect(silence.peakText == "0.000000")
    }
}
