import DiscModel
import LinuxCalls
public import Transfer

/// What a disc has of all that a format may not be able to hold.
public struct DiscInventory: Sendable {
    /// What was found, and of which tracks; no numbers where it belongs to the whole disc.
    public var features: [DiscFeature: Set<Int>] = [:]
    /// How many sectors could not be read.
    public var unreadableSectors = 0
    /// What was looked for.
    public let wanted: Set<DiscFeature>

    /// Looks at a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - reading: Whether its sectors are looked at. Without that, sectors that are kept raw count
    ///     as regular, pregaps as empty, and subchannel that is kept as one of its own.
    ///   - gaps: Tracks whose pregaps are looked at even then.
    ///   - wanted: What is looked for; sectors that can't tell are not read.
    ///   - cancellation: A wish to stop.
    ///   - progress: Told the number of sectors that were looked at, of all that the tracks have.
    /// - Throws: What the disc throws besides `UnreadableSectors`.
    public init(
        of disc: any DiscSource,
        reading: Bool,
        gaps: Set<Int> = [],
        lookingFor wanted: Set<DiscFeature> = Set(DiscFeature.allCases),
        _ cancellation: Cancellation? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws {
        self.wanted = wanted
        note(disc.layout, isCD: disc.medium.facts.family == .cd)
        guard reading else {
            for stretch in disc.stretches() where stretch.storage.subchannel != .absent {
                note(.subchannel, stretch.track.number)
            }
            try listen(to: gaps, of: disc, cancellation)
            return
        }
        guard disc.medium.facts.family == .cd else { return }
        let layout = disc.layout
        let examiners = SectorExaminers<[Int: SectorFindings]>([:]) { piece in
            [piece.track.number: piece.examined(in: layout)]
        } join: { found, piece in
            found.merge(piece) { $0.union($1) }
        }
        defer { examiners.stop() }
        var done = 0
        for (sectors, storage, track) in disc.stretches() {
            var examined = sectors
            if !wants(storage, track) {
                // Of a track that need not be read, what is before it may have to be.
                let isPregapWanted = !wanted.isDisjoint(with: [.pregapContent, .pauseContent])
                let end = isPregapWanted && storage.form != .absent ? track.start.rawValue : 0
                examined =
                    sectors.lowerBound..<max(sectors.lowerBound, min(end, sectors.upperBound))
            }
            while !examined.isEmpty, !(cancellation?.isRequested ?? false) {
                let piece = examined.prefix(SectorPiece.most)
                try read(disc, piece, storage, track, for: examiners)
                examined = piece.upperBound..<examined.upperBound
                progress(done + piece.upperBound - sectors.lowerBound)
            }
            done += sectors.count
            progress(done)
        }
        for (track, found) in examiners.finish() {
            for feature in found.features { note(feature, track) }
        }
    }

    /// Looks for something else than silence before tracks of audio; what can't be read may be that.
    private mutating func listen(
        to gaps: Set<Int>,
        of disc: any DiscSource,
        _ cancellation: Cancellation?
    ) throws {
        var bytes = [UInt8](repeating: 0, count: SectorPiece.most * RawSector.size)
        for (sectors, storage, track) in disc.stretches()
        where gaps.contains(track.number) && storage.form != .absent {
            var rest = sectors.clamped(
                to: sectors.lowerBound..<max(sectors.lowerBound, track.start.rawValue)
            )
            while !rest.isEmpty, features[.pregapContent]?.contains(track.number) != true,
                !(cancellation?.isRequested ?? false)
            {
                let wanted = min(rest.count, SectorPiece.most)
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting(..<(wanted * RawSector.size))
                do {
                    let count = max(
                        1,
                        min(wanted, try disc.readRaw(at: rest.lowerBound, into: &part))
                    )
                    if !Bytes.areZero(bytes.span.extracting(..<(count * RawSector.size))) {
                        note(.pregapContent, track.number)
                    }
                    rest = rest.dropFirst(count)
                } catch is UnreadableSectors {
                    unreadableSectors += 1
                    note(.pregapContent, track.number)
                }
            }
        }
    }

    /// Whether sectors that are kept like that, of a track, may have anything that is wanted.
    private func wants(_ storage: SectorStorage, _ track: Track) -> Bool {
        if storage.subchannel != .absent, wanted.contains(.subchannel) { return true }
        guard storage.form != .absent, track.mode.isData else { return false }
        var possible: Set<DiscFeature> = []
        switch storage.form {
        case .absent: break
        case .user: break
        case .form1: possible = [.subheaders]
        case .form2User: possible = [.form2]
        case .form2: possible = [.form1, .form2, .subheaders]
        case .mode2: possible = [.formlessMode2, .form1, .form2, .subheaders, .irregularSectors]
        case .raw:
            possible = [.formlessMode2, .form1, .form2, .subheaders, .irregularSectors, .mode1]
        }
        return !wanted.isDisjoint(with: possible)
    }

    private mutating func note(_ feature: DiscFeature, _ track: Int? = nil) {
        features[feature, default: []].formUnion(track.map { [$0] } ?? [])
    }

    private mutating func note(_ layout: DiscLayout, isCD: Bool) {
        let tracks = layout.tracks
        if tracks.count > 1 { note(.tracks) }
        if tracks.enumerated().contains(where: { $0.element.number != $0.offset + 1 }) {
            note(.trackNumbers)
        }
        if layout.sessions.count > 1 { note(.sessions) }
        if !isCD {
            // How far apart sessions lie follows from no rule, as it does on a CD.
            for track in tracks.dropFirst() { note(.positions, track.number) }
        }
        // Tracks of XA alone say what the session is; without it they would come back as mode 1.
        let kinds = layout.sessions.map(\.actualKind)
        if kinds.contains(.cdROMXA) { note(.sessionKinds) }
        if kinds.contains(.cdI) { note(.interactiveSessions) }
        if layout.catalog != nil { note(.catalog) }
        noteText(layout)
        for session in layout.sessions {
            for (index, track) in session.tracks.enumerated() {
                let usual = index == 0 && isCD ? CDGaps.firstPause : 0
                if track.pregap > usual { note(.pregaps, track.number) }
                if !track.laterIndexes.isEmpty { note(.indexes, track.number) }
                if track.isrc != nil { note(.isrc, track.number) }
                if track.flags.contains(.preEmphasis) { note(.preEmphasis, track.number) }
                if track.flags.contains(.copyPermitted) { note(.copyPermission, track.number) }
                if track.flags.contains(.fourChannels) { note(.fourChannels, track.number) }
                switch track.mode {
                case .audio: note(.audio, track.number)
                case .mode1: note(.mode1, track.number)
                case .mode2: note(.formlessMode2, track.number)
                case .mode2Form1, .mode2Mixed: note(.form1, track.number)
                case .mode2Form2: note(.form2, track.number)
                }
            }
        }
    }

    private mutating func noteText(_ layout: DiscLayout) {
        let readable = ReadableTexts(layout)
        for (track, entry) in layout.sheetTexts?.entries ?? [:] {
            let number = track == 0 ? nil : track
            if !entry.remarks.isEmpty { note(.remarks) }
            if entry.texts.contains(where: { readable.isOnlyInSheet($0.key, track: track) }) {
                note(.sheetTexts, number)
            }
        }
        let packs = layout.cdText
        guard !packs.isEmpty, let first = layout.tracks.first, let last = layout.tracks.last else {
            return
        }
        note(.cdText)
        // Whether texts alone bring the same packs back.
        let text = CDText(packs: packs)
        if text.blocks.count > 1 || text.blocks.contains(where: { $0.characterCode > 1 }) {
            note(.cdTextLanguages)
        }
        if text.packs(firstTrack: first.number, lastTrack: last.number) != packs {
            note(.cdTextPacks)
        }
    }

    /// Reads sectors, as far as they can tell what is wanted, and hands them over.
    private mutating func read(
        _ disc: any DiscSource,
        _ sectors: Range<Int>,
        _ storage: SectorStorage,
        _ track: Track,
        for examiners: SectorExaminers<[Int: SectorFindings]>
    ) throws {
        if storage.form != .absent {
            unreadableSectors += try examiners.read(sectors, .sectors, of: disc, storage, track)
        }
        if storage.subchannel != .absent, wanted.contains(.subchannel) {
            unreadableSectors += try examiners.read(sectors, .subchannel, of: disc, storage, track)
        }
    }
}
