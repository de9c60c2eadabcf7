import DiscImages
import DiscModel
import Transfer

extension DiscComparison {
    /// What lets the addresses on the second disc be others.
    private static let movers: [DiscFeature] = [.sessions, .tracks, .audio, .pregaps]

    /// Compares sessions and tracks.
    ///
    /// - Returns: The tracks that belong together; none where nothing says which do.
    mutating func compareLayouts() -> [TrackPair] {
        compareTexts()
        compareSessions()
        let a = kept(first.layout)
        let b = kept(second.layout)
        if a.count == b.count {
            return zip(a, b).compactMap { pair($0, $1) }
        }
        note(
            DiscDifference(
                [.tracks],
                "one has \(Self.count(a.count, "track")), the other \(Self.count(b.count, "track"))"
            )
        )
        guard excuses(.tracks, nil), let start = (a.count > 1 ? a : b).first?.start else {
            return []
        }
        // One of them has all the data in one track, as a plain image has it.
        if b.count == 1, a.count > 1 {
            compareLength(b[0], a)
            return a.map { track in
                TrackPair(
                    a: track,
                    b: b[0],
                    sectors: track.start.rawValue..<track.end.rawValue,
                    shift: start - b[0].start,
                    isFirst: false
                )
            }
        }
        guard a.count == 1 else { return [] }
        compareLength(a[0], b)
        let shift = a[0].start - start
        return b.map { track in
            TrackPair(
                a: a[0],
                b: track,
                sectors: (track.start.rawValue + shift)..<(track.end.rawValue + shift),
                shift: shift,
                isFirst: false
            )
        }
    }

    /// Whether a track is as long as several are together, with what lies between them.
    private mutating func compareLength(_ whole: Track, _ tracks: [Track]) {
        guard let first = tracks.first, let last = tracks.last else { return }
        guard last.end - first.start != whole.length else { return }
        note(
            DiscDifference(
                [],
                "the data are \(Self.count(last.end - first.start, "sector")) on one, \(whole.length) on the other"
            )
        )
    }

    /// The tracks that are compared: without sound, where that is lost.
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
        note(
            DiscDifference(
                [
                    isSame || excuses(.cdTextPacks, nil) && !texts[1].isEmpty
                        ? .cdTextPacks
                        : excuses(.cdTextLanguages, nil) && !texts[1].isEmpty
                            ? .cdTextLanguages : .cdText
                ],
                a.cdText.isEmpty || b.cdText.isEmpty
                    ? "only one has CD-TEXT"
                    : "CD-TEXT differs\(isSame ? " in more than its texts" : "")"
            )
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
                DiscDifference(
                    [.sessions],
                    "one has \(Self.count(a.count, "session")), the other \(Self.count(b.count, "session"))"
                )
            )
            let features: [(SessionKind, DiscFeature, String)] = [
                (.cdROMXA, .sessionKinds, "CD-ROM XA"), (.cdI, .interactiveSessions, "CD-I"),
            ]
            for (kind, feature, name) in features
            where a.contains(where: { $0.actualKind == kind })
                != b.contains(where: { $0.actualKind == kind })
            {
                note(DiscDifference([feature], "only one has sessions of \(name)"))
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
                    DiscDifference(
                        [],
                        "the lead-out of session \(a.number) is at \(a.leadOut) on one, at \(b.leadOut) on the other"
                    )
                )
            }
        }
    }

    // MARK: A track

    private mutating func pair(_ a: Track, _ b: Track) -> TrackPair? {
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
            note(DiscDifference([], track: number, "it is sound on one, and data on the other"))
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
            note(DiscDifference([feature], track: number, "only one has \(name)"))
        }
        let starts = [a, b].map { track in track.laterIndexes.map { $0 - track.start } }
        compare(.indexes, number, "later indexes", Self.list(starts[0]), Self.list(starts[1]))
        let isFirst = first.layout.sessions.contains { $0.tracks.first?.number == number }
        // Where the division into sessions is lost, what lay between them may be a pregap.
        let isGap = Self.beginsSession(a, in: first) != Self.beginsSession(b, in: second)
        compare(
            isGap ? .sessions : .pregaps,
            isGap ? nil : number,
            "the length of the pregap of track \(number)",
            String(Self.pregap(a, in: first)),
            String(Self.pregap(b, in: second))
        )
        let mayMove = Self.movers.contains { excuses($0, nil) }
        if !mayMove, a.start != b.start {
            note(
                DiscDifference(
                    [],
                    track: number,
                    "it begins at \(a.start) on one, at \(b.start) on the other"
                )
            )
        }
        // Where pregaps are lost, the sectors count to the track before.
        if a.length != b.length {
            note(
                DiscDifference(
                    excuses(.pregaps, nil) ? [.pregaps] : [],
                    track: number,
                    "it has \(Self.count(a.length, "sector")) on one, \(b.length) on the other"
                )
            )
        }
        let before = isGap || excuses(.pregaps, number) ? 0 : min(a.pregap, b.pregap)
        let begin = a.start.rawValue - before
        return TrackPair(
            a: a,
            b: b,
            sectors: begin..<(a.start.rawValue + min(a.length, b.length)),
            shift: a.start - b.start,
            isFirst: isFirst
        )
    }

    private mutating func compareMode(_ a: Track, _ b: Track) {
        guard a.mode.isMode2 != b.mode.isMode2 else { return }
        // Each of these alone makes mode 2 into mode 1; the sectors tell.
        let makers: [DiscFeature] = [
            .sessionKinds, .interactiveSessions, .formlessMode2, .form1, .form2,
        ]
        let maker = makers.first { excuses($0, a.number) }
        note(
            DiscDifference(
                maker.map { [$0] } ?? [],
                track: a.number,
                "it is \(a.mode.displayName) on one, \(b.mode.displayName) on the other"
            )
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
            DiscDifference(
                [feature],
                track: track,
                "\(name) is \(a ?? "not there") on one, \(b ?? "not there") on the other"
            )
        )
    }

    private static func list(_ numbers: [Int]) -> String? {
        numbers.isEmpty ? nil : numbers.map(String.init).joined(separator: ", ")
    }

    private static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
