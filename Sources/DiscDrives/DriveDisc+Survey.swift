import DiscModel
import LinuxCalls
import MMC
import Reports
public import Transfer

extension DriveDisc {
    /// Finds out what the lists of a CD don't tell: modes, indexes and codes.
    func survey(_ report: DiscReport) throws(Failure) {
        do {
            adoptFlags(report)
            try findAbilities(report)
            try findModes(report)
            adoptFirstPregaps()
            if layout.tracks.contains(where: { $0.mode == .audio }) {
                if let packs = try drive.readCDText(), !layout.sessions.isEmpty {
                    layout.sessions[0].cdText = packs
                }
                try findPlacesAndCodes()
            } else if !layout.sessions.isEmpty {
                // A drive that does not answer this costs no more than the number.
                layout.sessions[0].catalog = (try? drive.readCatalogNumber()) ?? nil
            }
            try leaveOutRunOut()
            try findRecordedPregaps()
            // Where a recorder stopped and began again there is no Q to tell.
            abilities.knowsIndexes =
                abilities.subchannel != .none && unknown.isSubset(of: linked)
        } catch let failure as Failure {
            throw failure
        } catch let error as TransportError {
            throw Failure(error, meaning: "The disc was only read.")
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "The disc can't be looked at: \(error)",
                meaning: "The disc was only read.",
                advice: "Clean the disc, or try another drive."
            )
        }
    }

    private func adoptFlags(_ report: DiscReport) {
        changeTracks { track in
            let entry = report.tableOfContents?.tracks.first { $0.number == track.number }
            if let entry { track.flags = TrackFlags(rawValue: entry.control & 0xB) }
        }
    }

    func changeTracks(_ change: (inout Track) throws -> Void) rethrows {
        // What changes a track may look at the others.
        var changed = layout
        for s in changed.sessions.indices {
            for t in changed.sessions[s].tracks.indices {
                try change(&changed.sessions[s].tracks[t])
            }
        }
        layout = changed
    }

    // MARK: Abilities

    /// Tries what the drive gives of sectors, on the first that there are.
    private func findAbilities(_ report: DiscReport) throws {
        let tracks = layout.tracks.filter { $0.length > 0 && $0.start >= .zero }
        if let data = tracks.first(where: \.mode.isData) {
            abilities.givesWholeSectors = try tried(.whole(isAudio: false), in: data) != nil
        }
        let audio = tracks.first { !$0.mode.isData }
        let feature = report.configuration?.feature(0x1E)?.data.first
        if let audio, options.asksForErrors, (feature ?? 0) & 2 != 0 {
            // Some drives have C2 in one of these forms only.
            abilities.errorFlags =
                try [.pointers, .pointersAndSum].first {
                    try tried(.whole(isAudio: true, errorFlags: $0), in: audio) != nil
                } ?? .none
        }
        if audio != nil { adoptCapabilities() }
        guard let track = audio ?? (options.keepsSubchannel ? tracks.first : nil) else { return }
        let ways: [(Command.SectorParts.Subchannel, Command.SectorParts.Main)] = [
            (.raw, .none), (.raw, .whole), (.q, .none), (.q, .whole),
        ]
        for (kind, main) in ways {
            let way = SectorWay.subchannel(kind, behind: main)
            guard let bytes = try tried(way, in: track, sectors: 8) else { continue }
            let size = way.sectorSize
            let sides = stride(from: size, through: bytes.count, by: size).map {
                Array(bytes[($0 - kind.size)..<$0])
            }
            // What is taken and answered with nothing that makes sense is no answer.
            guard sides.contains(where: { QSearch.parse($0, kind) != nil }) else { continue }
            abilities.subchannel = kind
            abilities.mainBeforeSubchannel = main
            break
        }
        if options.keepsSubchannel, abilities.subchannel == .raw, let audio {
            abilities.givesFlagsLast = try givesFlagsLast(in: audio)
        }
    }

    /// Whether a Q makes sense right behind the samples, where C2 should be, and none behind C2.
    private func givesFlagsLast(in track: Track) throws -> Bool {
        let flags = abilities.errorFlags
        let way = SectorWay.whole(isAudio: true, errorFlags: flags, subchannel: .raw)
        guard flags != .none, let bytes = try tried(way, in: track, sectors: 8) else {
            return false
        }
        func hasQ(_ isLast: Bool) -> Bool {
            let size = Command.SectorParts.Subchannel.raw.size
            let place = SoundLayout(flags: flags.size, channels: size, flagsAreLast: isLast)
            return stride(from: 0, to: bytes.count, by: way.sectorSize).contains { sector in
                let side = place.channels.lowerBound + sector..<place.channels.upperBound + sector
                return QSearch.parse(Array(bytes[side]), .raw) != nil
            }
        }
        return hasQ(true) && !hasQ(false)
    }

    /// Takes what mode page 2Ah says of the drive's stream, in bit 1 of byte 5, and of its buffer, in kB in bytes 12
    /// and 13.
    ///
    /// The stream of a drive that says nothing is taken to be accurate.
    private func adoptCapabilities() {
        guard let (completion, bytes) = try? drive.commands.fetch(.modeSense(page: 0x2A)),
            completion.succeeded, let page = (try? ModePages(parsing10: bytes))?.page(0x2A),
            page.data.count > 3
        else { return }
        abilities.hasAccurateStream = page.data[3] & 0x02 != 0
        guard page.data.count > 11 else { return }
        let size = (Int(page.data[10]) << 8 | Int(page.data[11])) << 10
        if size > 0 { abilities.bufferSectors = size / RawSector.size }
    }

    /// Reads the first sectors of a track that can be read in some way.
    ///
    /// - Returns: `nil` if the drive gives none like that.
    private func tried(_ way: SectorWay, in track: Track, sectors: Int = 1) throws -> [UInt8]? {
        let source = DriveSource(drive, by: way, sectors: track.end.rawValue)
        for skipped in [0, 16, 75, 1500] where skipped + sectors <= track.length {
            var bytes = [UInt8](repeating: 0, count: sectors * way.sectorSize)
            var span = bytes.mutableSpan
            let start = track.start.rawValue + skipped
            do {
                try source.readRun(at: start, sectors: sectors, into: &span)
                return bytes
            } catch is UnreadableSectors {
                // A sector that is bad says nothing of the command; the next ones may.
                guard source.lastSense?.key != .illegalRequest else { return nil }
            }
        }
        return nil
    }

    // MARK: Modes

    /// Takes the modes of data tracks from the headers of their first sectors, or, where the drive
    /// gives no headers, from what it says of the tracks.
    private func findModes(_ report: DiscReport) throws {
        try changeTracks { track in
            guard track.mode.isData, track.length > 0 else { return }
            let told = report.trackStates.first { $0.number == track.number }?.dataMode
            if told == 2 { track.mode = .mode2Mixed }
            guard abilities.givesWholeSectors,
                let sector = try tried(.whole(isAudio: false), in: track),
                RawSector.hasSync(sector.span)
            else { return }
            switch sector[15] & 0x03 {
            case 1: track.mode = .mode1
            case 2:
                let isXA = sector[16..<20].elementsEqual(sector[20..<24])
                track.mode = isXA ? .mode2Mixed : .mode2
            default: break
            }
        }
    }

    // MARK: Places

    /// The pause before the first track of a session is in no list, but on every CD.
    private func adoptFirstPregaps() {
        for s in layout.sessions.indices {
            guard let first = layout.sessions[s].tracks.first else { continue }
            let own = s == 0 ? max(0, first.start.rawValue) : 0
            layout.sessions[s].tracks[0].pregap = CDGaps.firstPause + own
        }
    }

    /// Finds pregaps, indexes and codes in the Q channel, as far as the drive gives it.
    private func findPlacesAndCodes() throws {
        var catalog: String?
        if abilities.subchannel != .none {
            let way = SectorWay.subchannel(
                abilities.subchannel,
                behind: abilities.mainBeforeSubchannel
            )
            let end = layout.tracks.map(\.end.rawValue).max() ?? 0
            var search = QSearch(
                DriveSource(drive, by: way, sectors: end),
                abilities.subchannel,
                isStopped: options.isStopped
            )
            for s in layout.sessions.indices {
                for t in layout.sessions[s].tracks.indices {
                    try findPlaces(session: s, track: t, &search)
                }
            }
            catalog = try findCodes(&search)
        } else {
            try changeTracks { track in
                guard track.mode == .audio else { return }
                track.isrc = try drive.readRecordingCode(track: track.number)
            }
            catalog = try drive.readCatalogNumber()
        }
        if !layout.sessions.isEmpty { layout.sessions[0].catalog = catalog }
    }

    /// Finds the recording codes, and gives the catalogue number.
    private func findCodes(_ search: inout QSearch) throws -> String? {
        var catalog: String?
        try changeTracks { track in
            let codes = try search.codes(of: track)
            catalog = catalog ?? codes.catalog
            track.isrc = codes.isrc
        }
        // Where one track has a code the others should have one, too, which may have been missed.
        guard layout.tracks.contains(where: { $0.isrc != nil }) else { return catalog }
        try changeTracks { track in
            guard track.mode == .audio, track.isrc == nil else { return }
            for quarter in 1...3 where track.length > 4 * QSearch.codeWindow {
                track.isrc = try search.codes(of: track, skipping: track.length / 4 * quarter).isrc
                if track.isrc != nil { return }
            }
            // Of a track that is too short to hold each code the drive may know more.
            guard track.length < QSearch.codeWindow else { return }
            track.isrc = try drive.readRecordingCode(track: track.number)
        }
        return catalog
    }

    private func findPlaces(session s: Int, track t: Int, _ search: inout QSearch) throws {
        let track = layout.sessions[s].tracks[t]
        if t > 0 {
            let before = layout.sessions[s].tracks[t - 1]
            let limit = before.start.rawValue + 1
            if track.start <= before.start {
                // Whoever says so says nothing of a pregap.
                unknown.insert(track.number)
            } else if let start = try search.pregapStart(of: track, from: limit) {
                layout.sessions[s].tracks[t].pregap = track.start.rawValue - start
                let length = start - before.start.rawValue
                if before.length > length { layout.sessions[s].tracks[t - 1].length = length }
            } else {
                unknown.insert(track.number)
            }
        }
        guard track.mode == .audio else { return }
        let indexes = try search.laterIndexes(of: track)
        layout.sessions[s].tracks[t].laterIndexes = indexes.found
        if !indexes.isCertain { unknown.insert(track.number) }
    }

    /// Pieces in which a pregap of data is looked at, how many of a long one, and how many may be unreadable.
    private static let pregapPiece = 16
    private static let mostPregapPieces = 256
    private static let pregapPatience = 2

    /// Finds the pregaps of data that hold something: most hold nothing, and many can't be read at all.
    private func findRecordedPregaps() throws {
        for track in layout.tracks where track.mode.isData && hasReadablePregap(track) {
            let start = max(0, track.start.rawValue)
            let pregap = max(0, start - track.pregap)..<start
            if try holdsData(pregap, track.mode) { recordedPregaps.insert(track.number) }
        }
    }

    /// Whether among some sectors of data there is one that can be read and holds anything but zeros.
    func holdsData(_ sectors: Range<Int>, _ mode: TrackMode) throws -> Bool {
        let isWhole = abilities.givesWholeSectors
        let source = source(isWhole ? .data : .user(isMode2: mode.isMode2))
        let size = source.sectorSize
        var failures = 0
        for first in stride(
            from: sectors.lowerBound,
            to: sectors.upperBound,
            by: max(Self.pregapPiece, sectors.count / Self.mostPregapPieces)
        ) where failures < Self.pregapPatience && !options.isStopped() {
            let count = min(Self.pregapPiece, sectors.upperBound - first)
            var bytes = [UInt8](repeating: 0, count: count * size)
            do {
                var span = bytes.mutableSpan
                try source.readRun(at: first, sectors: count, into: &span)
            } catch is UnreadableSectors {
                failures += 1
                continue
            }
            let isEmpty = (0..<count).allSatisfy { index in
                let sector = index * size
                // A pause may be of another mode than its track.
                let own: TrackMode = isWhole && bytes[sector + 15] & 3 == 2 ? .mode2Mixed : .mode1
                let data = isWhole ? SectorForm.user.range(in: own) : 0..<SectorForm.user.size
                return Bytes.areZero(
                    bytes.span.extracting(sector + data.lowerBound..<sector + data.upperBound)
                )
            }
            guard isEmpty else { return true }
        }
        return false
    }

    /// Prepares to be compared with another disc.
    ///
    /// Sectors count as kept whole if the other one keeps them so. And where a drive does not tell
    /// where pregaps begin, they are taken over if the tracks after them begin at the same sectors:
    /// its list counts a pregap to the track before.
    ///
    /// - Parameter other: The other disc.
    public func prepareToCompare(with other: any DiscSource) {
        options.keepsWholeSectors = other.stretches().contains {
            $0.storage.mode.isData && $0.storage.form == .raw
        }
        if !abilities.knowsIndexes { adoptPregaps(of: other.layout) }
        // What a recorder leaves between tracks that it writes one at a time is no image's pregap.
        let twins = other.layout.tracks
        changeTracks { track in
            guard linked.contains(track.number),
                let twin = twins.first(where: { $0.number == track.number })
            else { return }
            track.pregap = min(track.pregap, twin.pregap)
        }
    }

    private func adoptPregaps(of other: DiscLayout) {
        for s in layout.sessions.indices {
            for t in layout.sessions[s].tracks.indices {
                let track = layout.sessions[s].tracks[t]
                guard let twin = other.tracks.first(where: { $0.number == track.number }),
                    twin.start == track.start, twin.pregap > 0
                else { continue }
                guard t > 0 else {
                    layout.sessions[s].tracks[t].pregap = twin.pregap
                    continue
                }
                // The Q of a pregap that is damaged tells of a part of it.
                let isUnknown = unknown.contains(track.number) && track.pregap < twin.pregap
                guard track.pregap == 0 || isUnknown else { continue }
                let before = layout.sessions[s].tracks[t - 1]
                // Where the drive tells a track's size, the pregap after it is not in that.
                let missing = twin.pregap - track.pregap
                let isCounted =
                    before.end + track.pregap == track.start && before.length > missing
                guard isCounted || before.end + twin.pregap == track.start else { continue }
                if isCounted { layout.sessions[s].tracks[t - 1].length -= missing }
                layout.sessions[s].tracks[t].pregap = twin.pregap
            }
        }
    }
}
