import DiscModel
package import MMC

extension TrackInformation {
    /// The sectors that are recorded: up to the next one that can be written.
    ///
    /// Where none is free, it is all of them, though drives were seen to name a next one even then (m-071 of
    /// the recorded discs).
    package var recordedSectors: Int {
        guard let next = nextWritable, freeBlocks > 0 || next > start else { return size }
        return max(0, next - start)
    }
}

extension DiscReport {
    /// The profile that a disc is taken to have where the drive names none that is of a kind of disc, and
    /// why: the end of a sentence.
    ///
    /// Readers older than MMC-2 know no profiles. Others name none (0000h, FFFFh) or that of any
    /// removable disk (0002h) for a disc that they read; of several that are current (q-030 of the recorded
    /// quirks) one may say more.
    var otherProfile: (profile: Profile, reason: String)? {
        guard let configuration else {
            return profileBySize.map {
                ($0, "there is none, so the kind of disc is taken from its size")
            }
        }
        guard Self.vagueProfiles.contains(profile.rawValue), !isCalledBlank else { return nil }
        let what = "it names \(profile), which is no kind of disc, so the kind is taken from"
        if let current = configuration.currentProfiles.first(where: { $0.medium != nil }) {
            return (current, "\(what) the others that are current")
        }
        return profileBySize.map { ($0, "\(what) the disc's size") }
    }

    /// None, disks of any kind, and what no standard has.
    private static let vagueProfiles: Set<Int> = [0x0000, 0x0001, 0x0002, 0xFFFF]

    /// Whether the drive says that nothing is recorded on the disc.
    private var isCalledBlank: Bool { information?.status == .blank }

    /// The profile of a pressed disc by what it holds: a CD, a DVD or a BD; `nil` if that is not known.
    private var profileBySize: Profile? {
        let sizes = [capacity?.sectors, tableOfContents?.leadOut?.rawValue]
        // A number that wrapped around is none.
        guard let sectors = sizes.compactMap(\.self).first(where: { $0 > 0 && $0 < Int32.max })
        else { return nil }
        switch sectors {
        case ...Self.largestCD: return Profile(rawValue: 0x08)
        case ...Self.largestDVD: return Profile(rawValue: 0x10)
        default: return Profile(rawValue: 0x40)
        }
    }

    /// Sectors that no CD has more of: 100 minutes (ECMA-130 §21, of a lead-out's address).
    private static let largestCD = 100 * 60 * 75
    /// Sectors that no DVD has more of; one of two layers has 4 173 824 and a few more.
    private static let largestDVD = 4_500_000

    /// The kind of disc, with the layers that BD's profiles don't tell.
    ///
    /// - Parameter layers: What the disc says of them; where it says nothing, its size tells.
    /// - Returns: The kind; `nil` if the profile is of none.
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
        var leadOuts = Dictionary(
            leadIns.filter { $0.point == 0xA2 }.map {
                ($0.session, $0.pointTime.lbaInProgramArea)
            }
        ) { $1 }
        if let (session, leadOut) = leadOutByTable { leadOuts[session] = leadOut }
        /// The lead-ins say which track is in which session. Of a drive that knows no lead-in but the first,
        /// and of one that doesn't give them, what it says of each track tells more.
        func sessionOf(_ number: Int) -> Int {
            let listed = leadIns.first { $0.point == number && $0.session > 0 }?.session
            let told = trackStates.first { $0.number == number }?.session
            if let listed, told == nil || leadOuts.count > 1 { return listed }
            return max(told ?? listed ?? 1, sessionByTable(number))
        }
        if isOverwritable {
            let length = max(0, capacity?.sectors ?? tableOfContents?.leadOut?.rawValue ?? 0)
            return length > 0 ? DiscLayout(sectors: length) : DiscLayout()
        }
        guard let table = tableOfContents, let end = table.leadOut, table.misplacedTrack == nil
        else { return layoutOfStates }
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

    /// A track's session by where the last one begins; those of all sessions before it count to the first.
    private func sessionByTable(_ number: Int) -> Int {
        guard let table = sessionTable, table.lastSession > 1,
            table.firstTrack.number > 1, number >= table.firstTrack.number
        else { return 1 }
        return table.lastSession
    }

    /// Whether there may be several sessions, and nothing that the drive said so far tells them apart.
    var lacksSessions: Bool {
        fullTableOfContents == nil && (tableOfContents?.tracks.count ?? 0) > 1
            && !trackStates.contains { $0.session > 1 }
    }

    /// The lead-out of the session before the last, of a CD, if the drive tells only where the last one begins: it
    /// lies as far before that as there is room for a lead-out, a lead-in and a pause (Orange Book).
    ///
    /// Where the drive tells the tracks' sizes, these end the session.
    private var leadOutByTable: (session: Int, leadOut: LBA)? {
        guard medium?.facts.family == .cd, let table = sessionTable, table.lastSession > 1,
            trackStates.isEmpty, table.firstTrack.number > 1
        else { return nil }
        let gap = CDGaps.fromLeadOut(ofSession: table.lastSession - 1)
        let leadOut = LBA(table.firstTrack.start.rawValue - gap)
        return leadOut > .zero ? (1, leadOut) : nil
    }

    /// The same where the table of contents is missing, lacks a lead-out or has tracks out of order: what the
    /// drive says of each track that is recorded.
    private var layoutOfStates: DiscLayout {
        let recorded = trackStates.filter { !$0.isBlank && $0.size > 0 && $0.start >= .zero }
        let tracks = recorded.map { state in
            Track(
                number: state.number,
                session: state.session,
                content: state.isData ? .data : .audio,
                start: state.start,
                length: state.recordedSectors
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
