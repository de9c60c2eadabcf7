import DiscModel
import MMC

extension DiscReport {
    /// The profile of a pressed disc in a drive that knows no profiles, as readers older than MMC-2: by
    /// what it holds, a CD or a DVD.
    var profileBySize: Profile {
        guard let sectors = capacity?.sectors ?? tableOfContents?.leadOut?.rawValue, sectors > 0
        else { return .none }
        return Profile(rawValue: sectors > Self.largestCD ? 0x10 : 0x08)
    }

    /// Sectors that no CD has more of: 100 minutes (ECMA-130 §21, of a lead-out's address).
    private static let largestCD = 100 * 60 * 75

    /// The kind of disc, with the layers that BD's profiles don't tell.
    ///
    /// - Parameter layers: What the disc says of them; where it says nothing, its size tells.
    /// - Returns: The kind; nothing where the profile is of none.
    func refinedMedium(layers: Int?) -> MediumKind? {
        let sizes = [
            formats?.sectors, capacity?.sectors,
            trackStates.last.map { $0.start.rawValue + $0.size },
        ]
        // A number of all ones is none.
        let sectors = sizes.compactMap(\.self).filter { $0 < UInt32.max }.max() ?? 0
        // A layer of 25 GB has 12 219 392 sectors (BD-R, BD-RE format specifications).
        guard layers.map({ $0 > 1 }) ?? (sectors > 12_219_392) else { return profile.medium }
        switch profile.medium {
        case .bdR: return .bdRDualLayer
        case .bdRE: return .bdREDualLayer
        default: return profile.medium
        }
    }

    /// Sessions and tracks, from what the drive told.
    ///
    /// READ TRACK INFORMATION gives a track's session and size; where the drive refuses it, the
    /// table of contents has to do. Tracks in which nothing is recorded are left out.
    func assembledLayout() -> DiscLayout {
        let leadIns = (fullTableOfContents?.entries ?? []).filter { $0.address == 1 }
        let leadOuts = Dictionary(
            leadIns.filter { $0.point == 0xA2 }.map {
                ($0.session, $0.pointTime.lbaInProgramArea)
            }
        ) { $1 }
        func sessionOf(_ number: Int) -> Int {
            trackStates.first { $0.number == number }?.session
                ?? leadIns.first { $0.point == number && $0.session > 0 }?.session ?? 1
        }
        if isOverwritable {
            let length = max(0, capacity?.sectors ?? tableOfContents?.leadOut?.rawValue ?? 0)
            guard length > 0 else { return DiscLayout() }
            let track = Track(number: 1, session: 1, content: .data, start: .zero, length: length)
            return DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: [track], leadOut: track.end)
            ])
        }
        guard let table = tableOfContents, let end = table.leadOut else { return layoutOfStates }
        let entries = table.tracks.sorted { $0.number < $1.number }
        var tracks: [Track] = []
        for (index, entry) in entries.enumerated() {
            let state = trackStates.first { $0.number == entry.number }
            let session = sessionOf(entry.number)
            let next = index + 1 < entries.count ? entries[index + 1].start : end
            let nextSession =
                index + 1 < entries.count ? sessionOf(entries[index + 1].number) : session
            // Behind the last track of a session lie its lead-out, a lead-in and a pregap.
            let limit = nextSession == session ? next : leadOuts[session] ?? next
            var length = max(0, limit - entry.start)
            if let state, state.size > 0, state.start == entry.start {
                length = leadOuts[session] == nil ? state.size : min(length, state.size)
            }
            tracks.append(
                Track(
                    number: entry.number,
                    session: session,
                    content: entry.isData ? .data : .audio,
                    start: entry.start,
                    length: length
                )
            )
        }
        let numbers = Set(tracks.map(\.session)).sorted()
        return DiscLayout(
            sessions: numbers.map { number in
                let own = tracks.filter { $0.session == number }
                let last = own.last?.end ?? end
                var session = DiscLayout.Session(
                    number: number,
                    tracks: own,
                    leadOut: leadOuts[number] ?? (number == numbers.last ? end : last)
                )
                // The disc type stands in the second's place of the entry of the first track.
                let first = leadIns.first { $0.point == 0xA0 && $0.session == number }
                let code = first.flatMap { UInt8(exactly: $0.pointTime.second) }
                session.kind = code.flatMap(SessionKind.init) ?? .cdROM
                return session
            }
        )
    }

    /// The same where the table of contents is missing or lacks a lead-out: what the drive says of each
    /// track that is recorded.
    private var layoutOfStates: DiscLayout {
        let recorded = trackStates.filter { !$0.isBlank && $0.size > 0 && $0.start >= .zero }
        let tracks = recorded.map { state in
            Track(
                number: state.number,
                session: state.session,
                content: state.isData ? .data : .audio,
                start: state.start,
                length: state.nextWritable.map { max(0, $0 - state.start) } ?? state.size
            )
        }
        return DiscLayout(
            sessions: Set(tracks.map(\.session)).sorted().compactMap { number in
                let own = tracks.filter { $0.session == number }.sorted { $0.start < $1.start }
                return own.last.map {
                    DiscLayout.Session(number: number, tracks: own, leadOut: $0.end)
                }
            }
        )
    }
}
