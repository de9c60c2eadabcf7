import DiscImages
import DiscModel
import Transfer

/// Sectors that are read and compared alike.
struct Stretch {
    /// What is done with them.
    enum Kind {
        /// Those of a pair of tracks, by its place in the list of them, are compared.
        case pair(Int)
        /// Those behind the end of the other disc's track, by their place in the result.
        case tail(Int, DiscComparison.Side)
    }

    /// How subchannel is compared.
    struct Subchannel: Equatable {
        /// The bits that both discs store.
        var mask: UInt8
        /// The disc whose subchannel is made, if not both keep it: there it says nothing that the other
        /// has an empty place for it.
        var made: DiscComparison.Side?
    }

    var kind: Kind
    /// What is read of the first disc, or would be.
    var run: DiscReading.Run
    /// How much further back a sector lies on the second disc.
    var shift: Int
    var subchannel: Subchannel?
    /// Whether they are in a gap that only one disc stores: what is in it is only named.
    var isGapOfOne = false

    /// What is read of one of the discs.
    func run(on side: DiscComparison.Side) -> DiscReading.Run {
        var run = run
        if side == .second { run.start -= shift }
        if case .tail(_, let own) = kind { run.isRead = own == side }
        return run
    }
}

extension DiscComparison {
    /// What is read of two discs, in the order in which it is read: the tracks, then what only one disc
    /// has behind the end of one.
    mutating func stretches(of pairs: [TrackPair]) -> [Stretch] {
        var stretches: [Stretch] = []
        for (index, pair) in pairs.enumerated() {
            var address = pair.sectors.lowerBound
            while address < pair.sectors.upperBound {
                let kept = first.storage(at: address)
                let other = second.storage(at: address - pair.shift)
                var count = min(pair.sectors.upperBound - address, kept.count, other.count)
                // The pregap is kept differently from what follows it, even if its form is the same.
                let isPregap = address < pair.a.start.rawValue
                if isPregap { count = min(count, pair.a.start.rawValue - address) }
                let subchannel = subchannel(kept, other, pair)
                var stretch = Stretch(
                    kind: .pair(index),
                    run: DiscReading.Run(
                        start: address,
                        count: max(1, count),
                        form: form(kept, other, pair),
                        hasSubchannel: subchannel != nil
                    ),
                    shift: pair.shift,
                    subchannel: subchannel
                )
                if extent == .stored, isPregap, (kept.form == .absent) != (other.form == .absent) {
                    stretch.run.form = .raw
                    stretch.isGapOfOne = true
                } else if extent == .stored, pair.a.mode.isData, kept.form != other.form,
                    ![.raw, .absent].contains(stretch.run.form)
                {
                    result.partlyStored.insert(pair.a.number)
                }
                stretches.append(stretch)
                address += stretch.run.count
            }
        }
        for (index, tail) in result.tails.enumerated() {
            let disc = tail.side == .first ? first : second
            let address = tail.side == .first ? tail.start : tail.start - tail.shift
            let isData = disc.layout.track(holding: address)?.mode.isData ?? true
            let run = DiscReading.Run(
                start: tail.start,
                count: tail.sectors,
                form: isData ? .user : .raw
            )
            stretches.append(
                Stretch(kind: .tail(index, tail.side), run: run, shift: tail.shift)
            )
        }
        return stretches
    }

    /// How much of the sectors is compared: where both keep the same part, the rest follows from it.
    private func form(_ a: SectorStorage, _ b: SectorStorage, _ pair: TrackPair) -> SectorForm {
        let isCD = first.medium.facts.family == .cd && second.medium.facts.family == .cd
        if !isCD, pair.a.mode.isData { return .user }
        if a.form == b.form, a.mode == b.mode, pair.shift == 0 { return a.form }
        return extent == .stored && pair.a.mode.isData ? Self.common(a, b) : .raw
    }

    /// What both of two forms have of a sector.
    ///
    /// Where nothing is stored there are zeros for data.
    private static func common(_ a: SectorStorage, _ b: SectorStorage) -> SectorForm {
        if a.form == .absent || b.form == .absent { return a.form == b.form ? .absent : .user }
        let nested: [SectorForm] = [.user, .form1, .form2, .mode2, .raw]
        guard let one = nested.firstIndex(of: a.form), let other = nested.firstIndex(of: b.form)
        else { return .raw }
        return nested[min(one, other)]
    }

    /// What makes subchannel that follows from sessions and tracks another one, when it is lost.
    private static let makers: [DiscFeature] = [
        .sessions, .tracks, .trackNumbers, .audio, .pregaps, .indexes, .catalog, .isrc,
        .preEmphasis, .copyPermission, .fourChannels,
    ]

    /// How subchannel is compared; `nil` if it isn't.
    private mutating func subchannel(_ a: SectorStorage, _ b: SectorStorage, _ pair: TrackPair)
        -> Stretch.Subchannel?
    {
        guard a.subchannel != .absent || b.subchannel != .absent else { return nil }
        let areBothKept = a.subchannel != .absent && b.subchannel != .absent
        if extent == .stored, !areBothKept || pair.shift != 0 {
            excuse(.subchannel, pair.a.number)
            return nil
        }
        if !areBothKept, pair.shift != 0 || Self.makers.contains(where: { excuses[$0] != nil }) {
            return nil
        }
        return Stretch.Subchannel(
            mask: a.subchannel == .q || b.subchannel == .q ? 0x40 : 0xFF,
            made: areBothKept ? nil : a.subchannel == .absent ? .first : .second
        )
    }
}
