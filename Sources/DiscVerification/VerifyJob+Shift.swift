import DiscModel
import Reports
import Transfer

extension VerifyJob {
    /// Two discs with audio that lies some samples elsewhere on one of them, each so that it lies at the same place.
    ///
    /// What only one of them has then, at one end of the audio, is silence on both.
    struct ShiftedPair {
        let first: any DiscSource
        let second: any DiscSource
        /// By how many samples later the audio lies in the second one.
        let samples: Int
        /// Counts what is silence.
        let counter: ShiftedDisc
    }

    /// The discs, if one of them is in a drive, and its audio lies elsewhere by a number of samples that is the same
    /// everywhere.
    ///
    /// - Throws: ``Reports/Failure`` if one of them can't be read on.
    func shiftedDiscs(_ a: any DiscSource, _ b: any DiscSource) throws(Failure) -> ShiftedPair? {
        guard first.isDrive || second.isDrive else { return nil }
        let samples: Int
        do {
            samples = try AudioShift.find(a, b)
        } catch {
            throw Failure(reading: error)
        }
        guard samples != 0 else { return nil }
        // The disc in the drive is read elsewhere; the other one loses just the samples that are not there then.
        let own = second.isDrive ? b : a
        let shift = second.isDrive ? samples : -samples
        let moved = ShiftedDisc(own, by: shift)
        let other = second.isDrive ? a : b
        let trimmed = ShiftedDisc(ShiftedDisc(other, by: -shift), by: shift)
        return ShiftedPair(
            first: second.isDrive ? trimmed : moved,
            second: second.isDrive ? moved : trimmed,
            samples: samples,
            counter: moved
        )
    }

    /// Says that the audio lay elsewhere.
    func add(_ shifted: ShiftedPair, to result: inout JobResult) {
        let (own, other) = second.isDrive ? (second, first) : (first, second)
        let later = second.isDrive ? shifted.samples : -shifted.samples
        result.audioOffset = -later
        let count = Wording.counted(abs(later), "sample")
        result.sentences.append(
            "The audio of \(own.phrase) comes \(count) \(later > 0 ? "later" : "earlier") than in \(other.phrase), everywhere: its write offset and the drive's read offset together. It was compared so."
        )
        let missing = shifted.counter.missingSamples
        guard missing > 0 else { return }
        result.sentences.append(
            "\(Wording.counted(missing, "sample")) at \(later > 0 ? "its end" : "its beginning") that the drive does not give there \(missing == 1 ? "was" : "were") not compared."
        )
    }
}
