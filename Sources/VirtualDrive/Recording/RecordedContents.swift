import DiscModel

/// The table of contents in a lead-in, gathered from its Q as a drive does that reads the disc
/// (MMC-6 §4.2.3.7).
struct RecordedContents {
    /// A track as the table has it.
    struct ListedTrack {
        var number: Int
        var control: Int
        var start: Int
    }

    /// The entries of mode 1 by their points; of entries that contradict each other the first counts.
    private var entries: [Int: RecordedQ.Entry] = [:]
    /// Whether there is an entry of mode 5 that tells where a next session can begin.
    private(set) var hasNextSession = false
    private(set) var catalog: String?
    /// The packs of CD-TEXT.
    private(set) var packs = LeadInPacks()

    mutating func take(_ subchannel: [UInt8]) {
        packs.take(subchannel.span)
        switch RecordedQ(RawBlock.q(subchannel)) {
        case .contents(let entry) where entry.address == 1:
            if entries[entry.point] == nil { entries[entry.point] = entry }
        case .contents(let entry) where entry.point == 0xB0:
            // FFh for a time: there is none.
            hasNextSession = entry.time.allSatisfy { $0 != 0xFF }
        case .catalog(let digits):
            catalog = catalog ?? digits
        default:
            break
        }
    }

    /// The disc type: 00h CD-DA or CD-ROM, 10h CD-I, 20h CD-ROM XA.
    var discType: Int { Int(entries[0xA0]?.pointTime[1] ?? 0) }

    /// Where the lead-out begins, where the table says it.
    var leadOut: Int? { entries[0xA2].flatMap(Self.start) }

    /// The tracks in order, as far as they lie between two sectors and behind each other; none where
    /// the table does not say which they are.
    func tracks(in sectors: Range<Int>) -> [ListedTrack] {
        guard let first = entries[0xA0].flatMap({ RecordedQ.number($0.pointTime[0]) }),
            let last = entries[0xA1].flatMap({ RecordedQ.number($0.pointTime[0]) }),
            first >= 1, first <= last
        else { return [] }
        var tracks: [ListedTrack] = []
        for number in first...last {
            guard let entry = entries[number], let start = Self.start(entry),
                sectors.contains(start), start > tracks.last?.start ?? .min
            else { continue }
            tracks.append(ListedTrack(number: number, control: entry.control, start: start))
        }
        return tracks
    }

    private static func start(_ entry: RecordedQ.Entry) -> Int? {
        let time = entry.pointTime
        return MSF(bcd: time[0], time[1], time[2])?.lbaInProgramArea.rawValue
    }
}
