import DiscModel
import MMC

extension DiscReport {
    /// The kind of disc, with the layers that BD's profiles don't tell.
    var refinedMedium: MediumKind? {
        let sectors = max(
            formats?.sectors ?? 0,
            capacity?.sectors ?? 0,
            trackStates.last.map { $0.start.rawValue + $0.size } ?? 0
        )
        // A layer of 25 GB has 12 219 392 sectors (BD-R, BD-RE format specifications).
        guard sectors > 12_219_392 else { return profile.medium }
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
    func assembledLayout(_ leadOuts: [Int: LBA]) -> DiscLayout {
        guard let table = tableOfContents, let end = table.leadOut else { return DiscLayout() }
        if isOverwritable {
            let length = max(0, (capacity?.sectors ?? end.rawValue))
            let track = Track(number: 1, session: 1, content: .data, start: .zero, length: length)
            return DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: [track], leadOut: track.end)
            ])
        }
        let entries = table.tracks.sorted { $0.number < $1.number }
        var tracks: [Track] = []
        for (index, entry) in entries.enumerated() {
            let state = trackStates.first { $0.number == entry.number }
            let session = state?.session ?? 1
            let next = index + 1 < entries.count ? entries[index + 1].start : end
            let nextSession =
                index + 1 < entries.count
                ? trackStates.first { $0.number == entries[index + 1].number }?.session ?? session
                : session
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
                return DiscLayout.Session(
                    number: number,
                    tracks: own,
                    leadOut: leadOuts[number] ?? (number == numbers.last ? end : last)
                )
            }
        )
    }
}
