import DiscModel
import Reports
import Transfer

extension VerifyJob {
    /// Two discs with audio that lies some samples elsewhere on one of them, each so that it lies at the same place.
    ///
    /// What only one of them has then, at an end of the audio, is silence on both.
    struct ShiftedPair {
        let first: any DiscSource
        let second: any DiscSource
        /// By how many samples later the audio lies in the second one.
        let samples: Int
        /// Counts what is silence.
        let counter: ShiftedDisc
        /// At how many places the drive does not give samples: one at an end of each piece of audio that was
        /// recorded in one go.
        let gaps: Int
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
        let gaps = Self.gaps(in: own, readLaterBy: shift)
        let trimmed = Self.disc(other, without: gaps, of: own.layout)
        return ShiftedPair(
            first: second.isDrive ? trimmed : moved,
            second: second.isDrive ? moved : trimmed,
            samples: samples,
            counter: moved,
            gaps: gaps.ranges.count
        )
    }

    /// The audio that a disc does not give where it is read some samples later: that would come from where nothing
    /// is to be read, after its end or where a recorder stopped between two tracks.
    ///
    /// - Returns: Bytes of the disc, as if all of its sectors were whole.
    private static func gaps(in disc: any DiscSource, readLaterBy samples: Int) -> RangeSet<Int> {
        let shift = samples * AudioShift.sampleSize
        let audio = RangeSet(
            disc.stretches().filter { isAudio($0.storage) }.map { bytes(of: $0.sectors) }
        )
        let given = audio.ranges.map { $0.lowerBound - shift..<$0.upperBound - shift }
        return audio.subtracting(RangeSet(given))
    }

    /// A disc with silence instead of some audio of its tracks.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - gaps: The audio, as it lies on another disc.
    ///   - layout: The other disc's.
    /// - Returns: The first disc as it is read with them.
    private static func disc(
        _ disc: any DiscSource,
        without gaps: RangeSet<Int>,
        of layout: DiscLayout
    ) -> AmendedDisc {
        var silent = RangeSet<Int>()
        for track in layout.tracks {
            // A recorder that writes a track at a time puts it elsewhere.
            guard let twin = disc.layout.tracks.first(where: { $0.number == track.number })
            else { continue }
            let shift = (twin.start - track.start) * RawSector.size
            for range in gaps.intersection(RangeSet(bytes(of: track.extent))).ranges {
                silent.insert(contentsOf: range.lowerBound + shift..<range.upperBound + shift)
            }
        }
        let sectors = silent.ranges.map { range in
            let end = range.upperBound + RawSector.size - 1
            return range.lowerBound / RawSector.size..<end / RawSector.size
        }
        return AmendedDisc(disc, amending: sectors) { sector, storage, address in
            guard isAudio(storage) else { return }
            let own = bytes(of: address..<address + 1)
            for range in silent.intersection(RangeSet(own)).ranges {
                for byte in range { sector[byte - own.lowerBound] = 0 }
            }
        }
    }

    private static func isAudio(_ storage: SectorStorage) -> Bool {
        storage.form == .raw && !storage.mode.isData
    }

    private static func bytes(of sectors: Range<Int>) -> Range<Int> {
        sectors.lowerBound * RawSector.size..<sectors.upperBound * RawSector.size
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
        let place =
            shifted.gaps > 1
            ? later > 0 ? "the ends of its tracks" : "the beginnings of its tracks"
            : later > 0 ? "its end" : "its beginning"
        result.sentences.append(
            "\(Wording.counted(missing, "sample")) at \(place) that the drive does not give there \(missing == 1 ? "was" : "were") not compared."
        )
    }
}
