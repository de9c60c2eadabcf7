import DiscImages
import DiscModel
import Reports
import Transfer

extension DiscComparison {
    /// What lets the addresses on the second disc be others.
    static let movers: [DiscFeature] = [.sessions, .tracks, .audio, .pregaps]

    /// Compares sessions and tracks.
    ///
    /// - Returns: The tracks that belong together; none where nothing says which do.
    mutating func compareLayouts() -> [TrackPair] {
        compareTexts()
        compareSessions()
        var a = kept(first.layout)
        var b = kept(second.layout)
        if extent == .stored {
            compareKinds(&a, &b)
            guard !a.isEmpty, !b.isEmpty else { return [] }
        }
        if a.count == b.count {
            return a.indices.compactMap { pair(a, b, $0) }
        }
        note(
            [.tracks],
            "one has \(Wording.counted(a.count, "track")), the other \(Wording.counted(b.count, "track"))"
        )
        guard excuses(.tracks, nil) else { return [] }
        // One of them has all the data in one track, as a plain image has it.
        return a.count == 1
            ? pairs(of: a[0], with: b, isFirst: true)
            : b.count == 1 ? pairs(of: b[0], with: a, isFirst: false) : []
    }

    /// Takes out the tracks of a kind, audio or data, that only one of the discs has at all, and takes
    /// note of them.
    private mutating func compareKinds(_ a: inout [Track], _ b: inout [Track]) {
        for (isData, name) in [(false, "audio"), (true, "data")] {
            let own = a.filter { $0.mode.isData == isData }
            let other = b.filter { $0.mode.isData == isData }
            guard own.isEmpty != other.isEmpty else { continue }
            let missing = own + other
            let numbers = Wording.list(missing.map(\.number))
            note(
                [],
                "only the \(other.isEmpty ? "first" : "second") has \(name): \(missing.count == 1 ? "track" : "tracks") \(numbers)"
            )
            result.missingSectors += missing.reduce(0) { $0 + $1.length }
            a.removeAll { $0.mode.isData == isData }
            b.removeAll { $0.mode.isData == isData }
        }
    }

    /// Holds a track against several that are together, with what lies between them, what it is.
    ///
    /// - Parameters:
    ///   - whole: The track.
    ///   - parts: Those of the other disc.
    ///   - isFirst: Whether the track is on the first disc.
    /// - Returns: The pairs, each of a part of the track.
    private mutating func pairs(of whole: Track, with parts: [Track], isFirst: Bool) -> [TrackPair]
    {
        guard let begin = parts.first?.start, let last = parts.last else { return [] }
        let length = last.end - begin
        let common = min(length, whole.length)
        let shift = isFirst ? whole.start - begin : begin - whole.start
        let start = (isFirst ? whole.start : begin).rawValue
        if length != whole.length {
            addTail(
                (length > whole.length) == isFirst ? .second : .first,
                from: start + common,
                sectors: max(length, whole.length) - common,
                track: isFirst ? whole.number : last.number,
                shift: shift,
                "the data are \(Wording.sectors(length)) on one, \(whole.length) on the other"
            )
        }
        return parts.map { part in
            let first = part.start - begin
            let range = min(first, common)..<min(first + part.length, common)
            return TrackPair(
                a: isFirst ? whole : part,
                b: isFirst ? part : whole,
                sectors: (start + range.lowerBound)..<(start + range.upperBound),
                shift: shift,
                isFirst: false
            )
        }
    }

    /// The tracks that are compared: without audio, where that is lost.
    private func kept(_ layout: DiscLayout) -> [Track] {
        excuses(.audio, nil)
            ? layout.tracks.filter {
                ($0.mode.isData || !excuses(.audio, $0.number)) && $0.length > 0
            }
            : layout.tracks
    }

    // MARK: The disc

    private mutating func compareTexts() {
        let (a, b) = (first.layout, second.layout)
        compare(.catalog, nil, "the media catalogue number", a.catalog, b.catalog)
        compareReadableTexts()
        guard a.cdText != b.cdText else { return }
        // The texts, which one language's titles are; then all else that packs can have.
        let texts = [a, b].map { layout in
            CDText(packs: layout.cdText).blocks.first.map(Self.titles) ?? [:]
        }
        let isSame = texts[0] == texts[1] && a.cdText.isEmpty == b.cdText.isEmpty
        let bothHaveTexts = texts.allSatisfy { !$0.isEmpty }
        let feature: DiscFeature =
            if isSame || bothHaveTexts && excuses(.cdTextPacks, nil) {
                .cdTextPacks
            } else if bothHaveTexts && excuses(.cdTextLanguages, nil) {
                .cdTextLanguages
            } else {
                .cdText
            }
        note(
            [feature],
            a.cdText.isEmpty || b.cdText.isEmpty
                ? "only one has CD-TEXT"
                : "CD-TEXT differs\(isSame ? " in more than its texts" : "")"
        )
    }

    /// Compares the texts that people read, where CD-TEXT doesn't tell them apart: those of a sheet.
    private mutating func compareReadableTexts() {
        guard first.layout.cdText == second.layout.cdText else { return }
        let (a, b) = (ReadableTexts(first.layout), ReadableTexts(second.layout))
        for track in [0] + first.layout.tracks.map(\.number) {
            for field in CDText.Field.allCases where SheetTexts.hasWords(for: field) {
                let (x, y) = (a.text(field, track: track), b.text(field, track: track))
                let owner = track == 0 ? "the disc" : "track \(track)"
                compare(
                    .sheetTexts,
                    track == 0 ? nil : track,
                    "the \(field) of \(owner)",
                    x.map { "“\($0)”" },
                    y.map { "“\($0)”" }
                )
            }
        }
    }

    private static func titles(_ block: CDText.Block) -> [CDText.Field: [Int: [UInt8]]] {
        block.texts.mapValues { $0.filter { !$0.value.isEmpty } }.filter { !$0.value.isEmpty }
    }

    private mutating func compareSessions() {
        let (a, b) = (first.layout.sessions, second.layout.sessions)
        guard a.count == b.count else {
            note(
                [.sessions],
                "one has \(Wording.counted(a.count, "session")), the other \(Wording.counted(b.count, "session"))"
            )
            let features: [(SessionKind, DiscFeature, String)] = [
                (.cdROMXA, .sessionKinds, "CD-ROM XA"), (.cdI, .interactiveSessions, "CD-I"),
            ]
            for (kind, feature, name) in features
            where a.contains(where: { $0.actualKind == kind })
                != b.contains(where: { $0.actualKind == kind })
            {
                note([feature], "only one has sessions of \(name)")
            }
            return
        }
        for (a, b) in zip(a, b) {
            compare(
                a.actualKind == .cdI || b.actualKind == .cdI ? .interactiveSessions : .sessionKinds,
                nil,
                "the kind of session \(a.number)",
                a.actualKind.rawValue,
                b.actualKind.rawValue
            )
            guard !Self.movers.contains(where: { excuses($0, nil) }) else { continue }
            if a.leadOut != b.leadOut {
                note(
                    [.positions],
                    "the lead-out of session \(a.number) is at \(a.leadOut) on one, at \(b.leadOut) on the other"
                )
            }
        }
    }

    // MARK: A track

    private mutating func pair(_ tracks: [Track], _ others: [Track], _ index: Int) -> TrackPair? {
        let (a, b) = (tracks[index], others[index])
        let number = a.number
        // Where the tracks before it are lost, it is the first.
        compare(
            excuses(.tracks, nil) ? .tracks : .trackNumbers,
            number,
            "its number",
            String(a.number),
            String(b.number)
        )
        guard a.mode.isData == b.mode.isData else {
            note([], track: number, "it is audio on one, and data on the other")
            return nil
        }
        compareMode(a, b)
        compare(.isrc, number, "the recording code", a.isrc, b.isrc)
        let flags: [(TrackFlags, DiscFeature, String)] = [
            (.preEmphasis, .preEmphasis, "pre-emphasis"),
            (.copyPermitted, .copyPermission, "the permission to copy"),
            (.fourChannels, .fourChannels, "the flag for four channels"),
        ]
        for (flag, feature, name) in flags
        where a.flags.contains(flag) != b.flags.contains(flag) {
            note([feature], track: number, "only one has \(name)")
        }
        let starts = [a, b].map { track in track.laterIndexes.map { $0 - track.start } }
        compare(
            .indexes,
            number,
            "the list of later indexes",
            Self.list(starts[0]),
            Self.list(starts[1])
        )
        let isFirst = first.layout.sessions.contains { $0.tracks.first?.number == number }
        // Where the division into sessions is lost, what lay between them may be a pregap.
        let isGap = Self.beginsSession(a, in: first) != Self.beginsSession(b, in: second)
        // A recorder that writes a track at a time puts a pause before it that belongs to no track.
        let isPause =
            extent == .stored
            && (isRecorded(.first) && a.pregap == 0 || isRecorded(.second) && b.pregap == 0)
        compare(
            isGap ? .sessions : isPause ? .positions : .pregaps,
            isGap ? nil : number,
            "the length of the pregap of track \(number)",
            String(Self.pregap(a, in: first)),
            String(Self.pregap(b, in: second))
        )
        let mayMove = Self.movers.contains { excuses($0, nil) }
        if !mayMove, a.start != b.start {
            note(
                [.positions],
                track: number,
                "it begins at \(a.start) on one, at \(b.start) on the other"
            )
        }
        compareLengths(tracks, others, index)
        let isThere = !excuses(.pregaps, number) || hasPregapAnyway(a, b, isFirst: isFirst)
        let before = isGap || !isThere ? 0 : min(a.pregap, b.pregap)
        let begin = a.start.rawValue - before
        return TrackPair(
            a: a,
            b: b,
            sectors: begin..<(a.start.rawValue + min(a.length, b.length)),
            shift: a.start - b.start,
            isFirst: isFirst
        )
    }

    /// Whether both discs have the same pregap before a track, though one of them, such as a drive that gives
    /// no Q, can't tell where it begins: its sectors are there to be compared.
    private func hasPregapAnyway(_ a: Track, _ b: Track, isFirst: Bool) -> Bool {
        // The pause at a session's beginning is stored by few.
        guard extent == .stored, a.pregap == b.pregap, a.pregap > (isFirst ? CDGaps.firstPause : 0)
        else { return false }
        // What a recorder leaves between tracks that it writes one at a time is no sectors to read.
        return !first.linked.contains(a.number) && !second.linked.contains(b.number)
    }

    private mutating func compareLengths(_ tracks: [Track], _ others: [Track], _ index: Int) {
        let (a, b) = (tracks[index], others[index])
        guard a.length != b.length else { return }
        let text = "it has \(Wording.sectors(a.length)) on one, \(b.length) on the other"
        // Where pregaps are lost, the sectors count to the track before.
        let after = [tracks, others].map { index + 1 < $0.count ? $0[index + 1].pregap : 0 }
        let isPregap =
            excuses(.pregaps, nil)
            && (extent == .whole || a.length + after[0] == b.length + after[1])
        guard extent == .stored, !isPregap else {
            note(isPregap ? [.pregaps] : [], track: a.number, text)
            return
        }
        addTail(
            a.length > b.length ? .first : .second,
            from: a.start.rawValue + min(a.length, b.length),
            sectors: abs(a.length - b.length),
            track: a.number,
            shift: a.start - b.start,
            text
        )
    }

    /// Has what one disc has behind the end of the other one's track looked at, unless it may be anything.
    private mutating func addTail(
        _ side: Side,
        from start: Int,
        sectors: Int,
        track: Int,
        shift: Int,
        _ text: String
    ) {
        guard surplus[side] != .anything else { return }
        result.tails.append(
            .init(
                side: side,
                track: track,
                start: start,
                sectors: sectors,
                absent: absent(sectors, from: side == .first ? start : start - shift, on: side),
                shift: shift,
                text: text
            )
        )
    }

    /// Of how many of some sectors a disc stores nothing.
    private func absent(_ sectors: Int, from start: Int, on side: Side) -> Int {
        let disc = side == .first ? first : second
        let end = start + sectors
        var (address, absent) = (start, 0)
        while address < end {
            let storage = disc.storage(at: address)
            let count = min(end - address, max(1, storage.count))
            if storage.form == .absent { absent += count }
            address += count
        }
        return absent
    }

    private mutating func compareMode(_ a: Track, _ b: Track) {
        guard a.mode.isMode2 != b.mode.isMode2 else { return }
        // Each of these alone makes mode 2 into mode 1; the sectors tell.
        let makers: [DiscFeature] = [
            .sessionKinds, .interactiveSessions, .formlessMode2, .form1, .form2,
        ]
        let maker = makers.first { excuses($0, a.number) }
        note(
            maker.map { [$0] } ?? [],
            track: a.number,
            "it is \(a.mode.displayName) on one, \(b.mode.displayName) on the other"
        )
    }

    /// Whether a later session than the first begins with a track.
    private static func beginsSession(_ track: Track, in disc: any DiscSource) -> Bool {
        disc.layout.sessions.dropFirst().contains { $0.tracks.first?.number == track.number }
    }

    /// A track's pregap without the pause that every session of a CD begins with.
    private static func pregap(_ track: Track, in disc: any DiscSource) -> Int {
        let isFirst = disc.layout.sessions.contains { $0.tracks.first?.number == track.number }
        let usual = isFirst && disc.medium.facts.family == .cd ? CDGaps.firstPause : 0
        return max(0, track.pregap - usual)
    }

    /// Whether a recorder wrote a disc.
    private func isRecorded(_ side: Side) -> Bool { surplus[side, default: .nothing] != .nothing }

    // MARK: Words

    private mutating func compare(
        _ feature: DiscFeature,
        _ track: Int?,
        _ name: String,
        _ a: String?,
        _ b: String?
    ) {
        guard a != b else { return }
        note(
            [feature],
            track: track,
            "\(name) is \(a ?? "not there") on one, \(b ?? "not there") on the other"
        )
    }

    private static func list(_ numbers: [Int]) -> String? {
        numbers.isEmpty ? nil : Wording.list(numbers)
    }
}
