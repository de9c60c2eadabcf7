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
    ///   - wanted: What is looked for; sectors that can't tell are not read.
    ///   - cancellation: A wish to stop.
    ///   - progress: Told the number of sectors that were looked at, of all that the tracks have.
    /// - Throws: What the disc throws besides `UnreadableSectors`.
    public init(
        of disc: any DiscSource,
        reading: Bool,
        lookingFor wanted: Set<DiscFeature> = Set(DiscFeature.allCases),
        _ cancellation: Cancellation? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws {
        self.wanted = wanted
        note(disc.layout, isCD: disc.medium.facts.family == .cd)
        var done = 0
        for (sectors, storage, track) in disc.stretches() {
            if !reading {
                if storage.subchannel != .absent { note(.subchannel, track.number) }
                continue
            }
            if disc.medium.facts.family != .cd { continue }
            var address = sectors.lowerBound
            if !wants(storage, track) {
                // Of a track that need not be read, what is before it may have to be.
                let isPregapWanted = !wanted.isDisjoint(with: [.pregapContent, .pauseContent])
                let end = isPregapWanted && storage.form != .absent ? track.start.rawValue : 0
                done += sectors.count
                while address < min(end, sectors.upperBound),
                    !(cancellation?.isRequested ?? false)
                {
                    let count = min(64, min(end, sectors.upperBound) - address)
                    try examine(disc, address..<(address + count), storage, track)
                    address += count
                }
                progress(done)
                continue
            }
            while address < sectors.upperBound, !(cancellation?.isRequested ?? false) {
                let count = min(64, sectors.upperBound - address)
                try examine(disc, address..<(address + count), storage, track)
                address += count
                done += count
                progress(done)
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
        let packs = layout.cdText
        guard !packs.isEmpty, let first = layout.tracks.first, let last = layout.tracks.last else {
            return
        }
        note(.cdText)
        // Whether texts alone bring the same packs back.
        let text = CDText(packs: packs)
        if text.blocks.count != 1 || text.blocks.contains(where: { $0.characterCode > 1 })
            || text.packs(firstTrack: first.number, lastTrack: last.number) != packs
        {
            note(.cdTextPacks)
        }
    }

    private mutating func examine(
        _ disc: any DiscSource,
        _ sectors: Range<Int>,
        _ storage: SectorStorage,
        _ track: Track
    ) throws {
        if storage.form != .absent {
            let isFirst = disc.layout.sessions.contains { $0.tracks.first?.number == track.number }
            try forEach(sectors, RawSector.size) { address, buffer in
                try disc.readRaw(at: address, into: &buffer)
            } body: { inventory, address, sector in
                inventory.examine(sector, at: address, storage, track, isFirst: isFirst)
            }
        }
        if storage.subchannel != .absent, wanted.contains(.subchannel) {
            let isWhole = storage.subchannel == .full
            try forEach(sectors, SubchannelQ.interleavedSize) { address, buffer in
                try disc.readSubchannel(at: address, into: &buffer)
            } body: { inventory, address, kept in
                // No disc has such a subchannel: a place that was left empty.
                guard !Bytes.areZero(kept) else { return }
                let made = disc.layout.subchannel(of: address)
                let mask: UInt8 = isWhole ? 0xFF : 0x40
                for i in 0..<made.count where (made[i] ^ kept[i]) & mask != 0 {
                    inventory.note(.subchannel, track.number)
                    return
                }
            }
        }
    }

    private mutating func examine(
        _ sector: Span<UInt8>,
        at address: Int,
        _ storage: SectorStorage,
        _ track: Track,
        isFirst: Bool
    ) {
        if address < track.start.rawValue {
            let isPause = isFirst && address < track.extent.lowerBound + CDGaps.firstPause
            // Some programs put bare zeros where the pause has sectors of zeros: that says nothing.
            if !Bytes.areZero(sector),
                !RawSector.isRegular(sector, keeping: .absent, of: track.mode, at: LBA(address))
            {
                note(isPause ? .pauseContent : .pregapContent, track.number)
            }
            return
        }
        guard track.mode.isData else { return }
        let kind = RawSector.kind(of: sector)
        switch kind {
        case nil:
            note(.irregularSectors, track.number)
            return
        case .mode1: if track.mode.isMode2 { note(.mode1, track.number) }
        case .mode2: note(.formlessMode2, track.number)
        case .mode2Form1: note(.form1, track.number)
        case .mode2Form2: note(.form2, track.number)
        }
        // A plain image makes all its sectors alike.
        if (kind == .mode1) == track.mode.isMode2 { note(.irregularSectors, track.number) }
        let isForm = kind == .mode2Form1 || kind == .mode2Form2
        if isForm {
            let usual: UInt8 = kind == .mode2Form1 ? 0x08 : 0x20
            if sector[16] != 0 || sector[17] != 0 || sector[18] != usual || sector[19] != 0 {
                note(.subheaders, track.number)
            }
        }
        guard storage.form == .raw || storage.form == .mode2, let kind else { return }
        let (form, mode): (SectorForm, TrackMode) =
            switch kind {
            case .mode1: (.user, .mode1)
            case .mode2: (.mode2, .mode2)
            case .mode2Form1: (.form1, .mode2Form1)
            case .mode2Form2: (.form2, .mode2Form2)
            }
        if !RawSector.isRegular(sector, keeping: form, of: mode, at: LBA(address)) {
            note(.irregularSectors, track.number)
        }
    }

    /// Reads sectors, in as many reads as it takes, and looks at each; those that can't be read are
    /// counted.
    private mutating func forEach(
        _ sectors: Range<Int>,
        _ size: Int,
        read: (Int, inout MutableSpan<UInt8>) throws -> Int,
        body: (inout DiscInventory, Int, Span<UInt8>) -> Void
    ) throws {
        var bytes = [UInt8](repeating: 0, count: sectors.count * size)
        var address = sectors.lowerBound
        while address < sectors.upperBound {
            let count: Int
            do {
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting(..<((sectors.upperBound - address) * size))
                count = max(1, try read(address, &part))
            } catch is UnreadableSectors {
                unreadableSectors += 1
                address += 1
                continue
            }
            for i in 0..<count {
                body(&self, address + i, bytes.span.extracting((i * size)..<((i + 1) * size)))
            }
            address += count
        }
    }
}
