import DiscModel
import Reports
import Transfer

/// What the reads of a rip say of each audio track.
struct TrackGrades {
    /// What is known of the sectors.
    let evidence: SalvageEvidence
    /// The sectors that were read.
    let read: RangeSet<Int>
    /// Whether all of them were read with C2.
    let hasFlags: Bool

    /// Puts what is known into the results of tracks.
    ///
    /// - Parameters:
    ///   - results: The results, to which it is added where they are of audio.
    ///   - layout: The tracks with their places.
    func grade(_ results: inout [TrackResult], _ layout: DiscLayout) {
        for place in results.indices {
            guard
                let track = layout.tracks.first(where: { $0.number == results[place].number }),
                track.mode == .audio
            else { continue }
            let own = read.intersection(RangeSet(track.extent))
            let twice = own.intersection(evidence.twice).elementCount
            let doubtful = own.intersection(evidence.doubtful).elementCount
            results[place].readTwiceSectors = twice
            results[place].doubtfulSectors = doubtful > 0 ? doubtful : nil
            results[place].reading =
                results[place].unreadableSectors ?? 0 > 0
                ? .unreadable
                : doubtful > 0
                    ? .doubtful
                    : twice == own.elementCount ? .twice : hasFlags ? .unflagged : .once
            if doubtful > 0 { results[place].status = .incomplete }
        }
    }

    /// What is known of the tracks, a sentence for those of which the same is known.
    static func sentences(_ results: [TrackResult]) -> [String] {
        let graded = results.filter { $0.reading != nil }
        return TrackReading.allCases.compactMap { reading in
            let tracks = graded.filter { $0.reading == reading }
            guard let first = tracks.first else { return nil }
            let isOne = tracks.count == 1
            let isAll = tracks.count == graded.count
            let names =
                switch tracks.count {
                case 1: "Track \(first.number)"
                case 2 where isAll: "Both tracks of audio"
                case _ where isAll: "All \(tracks.count) tracks of audio"
                default: "Tracks \(Wording.ranges(tracks.map(\.number)))"
                }
            let was = isOne ? "was" : "were"
            return switch reading {
            case .twice: "\(names) \(was) read twice, and both reads agree."
            case .unflagged: "\(names) \(was) read once, and C2 reported no error."
            case .once:
                "\(names) \(was) read once, and neither C2 nor a second read speaks for what was read."
            case .doubtful: "\(names) \(isOne ? "has" : "have") doubtful sectors."
            case .unreadable: "\(names) \(isOne ? "has" : "have") sectors that can't be read."
            }
        }
    }
}
