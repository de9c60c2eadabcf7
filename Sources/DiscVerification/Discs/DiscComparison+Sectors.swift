import DiscImages
import DiscModel
import LinuxCalls
import Reports
import Transfer

extension DiscComparison {
    /// Compares some sectors of two tracks, and their subchannel where it is kept.
    ///
    /// - Returns: How many were compared, at least 1.
    mutating func compare(_ pair: TrackPair, _ sectors: Range<Int>) throws -> Int {
        let (a, b) = (sectors.lowerBound, sectors.lowerBound - pair.shift)
        let (kept, other) = (first.storage(at: a), second.storage(at: b))
        var count = min(sectors.count, kept.count, other.count)
        // The pregap is kept differently from what follows it, even where its form is the same.
        if a < pair.a.start.rawValue { count = min(count, pair.a.start.rawValue - a) }
        let form = form(kept, other, pair)
        if extent == .stored, a < pair.a.start.rawValue,
            (kept.form == .absent) != (other.form == .absent)
        {
            try nameGap(pair, a, count, onFirst: kept.form != .absent)
        } else if form != .absent {
            var bytes = [UInt8](repeating: 0, count: count * form.size)
            var others = bytes
            guard let whole = try read(first, form, a, count, into: &bytes),
                let both = try read(second, form, b, whole, into: &others)
            else {
                noteUnreadable(a)
                return 1
            }
            count = both
            let size = count * form.size
            if !Bytes.areEqual(bytes.span.extracting(0..<size), others.span.extracting(0..<size)) {
                for i in 0..<count {
                    let place = (i * form.size)..<((i + 1) * form.size)
                    let (one, other) = (
                        bytes.span.extracting(place), others.span.extracting(place)
                    )
                    guard !Bytes.areEqual(one, other),
                        let difference = difference(one, other, form, pair, at: a + i)
                    else { continue }
                    note(difference)
                }
            }
            result.bytes += size
            if extent == .stored, pair.a.mode.isData, kept.form != other.form, form != .raw {
                result.partlyStored.insert(pair.a.number)
            }
        }
        result.sectors += count
        if kept.subchannel != .absent || other.subchannel != .absent {
            try compareSubchannel(pair, a, count, kept, other)
        }
        return count
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

    /// Takes note of a gap that only one disc stores, if there is anything in it.
    private mutating func nameGap(
        _ pair: TrackPair,
        _ address: Int,
        _ count: Int,
        onFirst: Bool
    ) throws {
        let (disc, at) = onFirst ? (first, address) : (second, address - pair.shift)
        let mode = onFirst ? pair.a.mode : pair.b.mode
        var bytes = [UInt8](repeating: 0, count: count * RawSector.size)
        var done = 0
        while done < count {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(..<((count - done) * RawSector.size))
            let got: Int
            do {
                got = max(1, try disc.readRaw(at: at + done, into: &part))
            } catch is UnreadableSectors {
                done += 1
                continue
            }
            for i in 0..<min(got, count - done) {
                let sector = bytes.span.extracting(
                    (i * RawSector.size)..<((i + 1) * RawSector.size)
                )
                guard !Bytes.areZero(sector),
                    !RawSector.isRegular(
                        sector,
                        keeping: .absent,
                        of: mode,
                        at: LBA(at + done + i)
                    )
                else { continue }
                let pause = pair.a.extent.lowerBound + CDGaps.firstPause
                excuse(
                    pair.isFirst && address + done + i < pause ? .pauseContent : .pregapContent,
                    pair.a.number
                )
            }
            done += got
        }
    }

    /// Looks at what only one disc has after a track: zeros are padding, and anything else a difference.
    ///
    /// What can't be read there is nothing that an image had: a recorder adds sectors of run-out, which
    /// no drive reads.
    mutating func examine(_ tail: TrackTail, _ cancellation: Cancellation) throws {
        let disc = tail.side == .first ? first : second
        let shift = tail.side == .first ? 0 : tail.shift
        let isData = disc.layout.track(holding: tail.sectors.lowerBound)?.mode.isData ?? true
        let form = isData ? SectorForm.user : .raw
        var firstWithData: Int?
        var address = tail.sectors.lowerBound
        var unread: [Int] = []
        while address < tail.sectors.upperBound, firstWithData == nil {
            if cancellation.isRequested { throw Failure.stopped }
            let count = min(Self.piece, tail.sectors.upperBound - address)
            var bytes = [UInt8](repeating: 0, count: count * form.size)
            guard let got = try read(disc, form, address, count, into: &bytes) else {
                unread.append(address + shift)
                // Reading on would only take long: so many are no run-out.
                if unread.count > Self.mostRunOut { break }
                address += 1
                continue
            }
            firstWithData = (0..<got).first {
                !Bytes.areZero(
                    bytes.span.extracting(($0 * form.size)..<(($0 + 1) * form.size))
                )
            }.map { address + $0 }
            address += got
        }
        let isRecorded = recorded.contains(tail.side)
        if firstWithData == nil {
            result.paddingSectors += tail.sectors.count
            if !isRecorded || unread.count > Self.mostRunOut {
                for sector in unread { noteUnreadable(sector) }
            }
            if isRecorded { return }
        }
        let isOnlyPadding = firstWithData == nil && unread.isEmpty
        result.onlyPaddingDiffers =
            isOnlyPadding && (result.differences.isEmpty || result.onlyPaddingDiffers)
        note(DiscDifference([], track: tail.track, tail.text))
        result.differingSectors += tail.sectors.count
        result.firstDifferingSector =
            result.firstDifferingSector ?? (firstWithData ?? tail.sectors.lowerBound) + shift
    }

    /// Sectors of run-out that a recorder writes after a track at most (MMC-6 §4.2.3.5.2).
    private static let mostRunOut = 2

    private func read(
        _ disc: any DiscSource,
        _ form: SectorForm,
        _ address: Int,
        _ wanted: Int,
        into bytes: inout [UInt8]
    ) throws -> Int? {
        do {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(..<(wanted * form.size))
            return max(1, min(wanted, try disc.read(form, at: address, into: &part)))
        } catch is UnreadableSectors {
            return nil
        }
    }

    private mutating func noteUnreadable(_ address: Int) {
        if let last = result.unreadable.last, last.upperBound == address {
            result.unreadable[result.unreadable.count - 1] = last.lowerBound..<(address + 1)
        } else {
            result.unreadable.append(address..<(address + 1))
        }
    }

    // MARK: What differs in a sector

    private func difference(
        _ a: Span<UInt8>,
        _ b: Span<UInt8>,
        _ form: SectorForm,
        _ pair: TrackPair,
        at address: Int
    ) -> DiscDifference? {
        let number = pair.a.number
        func made(_ features: Set<DiscFeature>, _ text: String) -> DiscDifference {
            DiscDifference(features, track: number, sector: address, text)
        }
        if address < pair.a.start.rawValue {
            // Nothing looks different in another mode, which has been told of the track.
            let (inA, inB) = (LBA(address), LBA(address - pair.shift))
            if form == .raw,
                Bytes.areZero(a)
                    || RawSector.isRegular(a, keeping: .absent, of: pair.a.mode, at: inA),
                Bytes.areZero(b)
                    || RawSector.isRegular(b, keeping: .absent, of: pair.b.mode, at: inB)
            {
                return nil
            }
            guard extent == .whole else { return made([], "the pregap differs") }
            let pause = pair.a.extent.lowerBound + CDGaps.firstPause
            return pair.isFirst && address < pause
                ? made([.pauseContent], "the pause before the session differs")
                : made([.pregapContent], "the pregap differs")
        }
        if pair.a.mode == .audio { return made([], "the audio differs") }
        guard form == .raw else {
            return made([], form == .user ? "the data differ" : "what both store of it differs")
        }
        if extent == .stored { return storedDifference(a, b, pair, at: address) }
        let range = Self.userRange(a, pair.a.mode)
        let other = Self.userRange(b, pair.b.mode)
        guard range.count == other.count,
            Bytes.areEqual(a.extracting(range), b.extracting(other))
        else { return made([], "the data differ") }
        let features = features(a, b, pair, address)
        let text =
            features == [.irregularSectors]
            ? "what is around the data (header, EDC, ECC) differs"
            : features.isEmpty
                ? "what is around the data differs"
                : "what is lost is “\(features.map(\.displayName).sorted().joined(separator: ", "))”"
        return made(features, text)
    }

    /// What differs in a sector that both discs store whole.
    ///
    /// - Returns: `nil` if the sectors say the same of different addresses.
    private func storedDifference(
        _ a: Span<UInt8>,
        _ b: Span<UInt8>,
        _ pair: TrackPair,
        at address: Int
    ) -> DiscDifference? {
        func made(_ text: String) -> DiscDifference {
            DiscDifference([], track: pair.a.number, sector: address, text)
        }
        let range = Self.userRange(a, pair.a.mode)
        let other = Self.userRange(b, pair.b.mode)
        guard Bytes.areEqual(a.extracting(range), b.extracting(other)) else {
            return made("the data differ")
        }
        let kinds = (RawSector.kind(of: a), RawSector.kind(of: b))
        if pair.shift != 0, kinds.0 == kinds.1,
            Self.isRegular(a, kinds.0, at: address),
            Self.isRegular(b, kinds.1, at: address - pair.shift),
            kinds.0 == .mode1 || Self.areEqual(a, b, 16..<2348)
        {
            return nil
        }
        let parts: [(Range<Int>, String)] = [
            (0..<12, "the sync pattern"), (12..<16, "the header"), (16..<2352, "EDC or ECC"),
        ]
        let isMode2 = a[15] == 2
        if isMode2, !Self.areEqual(a, b, 16..<24) { return made("the subheader differs") }
        if isMode2, !Self.areEqual(a, b, 24..<2348), RawSector.kind(of: a) != .mode2Form1 {
            return made("the data differ")
        }
        let part = parts.first { !Self.areEqual(a, b, $0.0) }?.1 ?? "the sector"
        return made("\(part) differs, with the same data")
    }

    /// Where a sector's 2048 bytes of user data lie, as it says itself, or else its track.
    private static func userRange(_ sector: Span<UInt8>, _ mode: TrackMode) -> Range<Int> {
        let hasSync = RawSector.hasSync(sector)
        guard hasSync ? sector[15] == 2 : mode.isMode2 else { return 16..<2064 }
        if hasSync {
            for i in 16..<20 where sector[i] != sector[i + 4] { return 16..<2064 }
        }
        return 24..<2072
    }

    /// What has to be lost for two sectors with the same user data to differ.
    private func features(_ a: Span<UInt8>, _ b: Span<UInt8>, _ pair: TrackPair, _ address: Int)
        -> Set<DiscFeature>
    {
        let (kindA, kindB) = (RawSector.kind(of: a), RawSector.kind(of: b))
        let kinds = [kindA, kindB]
        var features: Set<DiscFeature> = []
        if kinds.contains(.mode2), kindA != kindB || !Self.areEqual(a, b, 16..<2352) {
            features.insert(.formlessMode2)
        }
        if kinds.contains(.mode2Form2), kindA != kindB || !Self.areEqual(a, b, 24..<2348) {
            features.insert(.form2)
        }
        let hasForm = kinds.map { $0 == .mode2Form1 || $0 == .mode2Form2 }
        if hasForm[0], hasForm[1] {
            if !Self.areEqual(a, b, 16..<24) { features.insert(.subheaders) }
        } else if hasForm[0] != hasForm[1] {
            if kinds.contains(.mode1) {
                // Sectors of another mode than their track's are odd ones.
                let isOwn = (kindA != .mode1) == pair.a.mode.isMode2
                features.insert(isOwn ? modeLoss(pair) : .irregularSectors)
            }
            let usual: UInt8 = (hasForm[0] ? kindA : kindB) == .mode2Form1 ? 0x08 : 0x20
            let sector = hasForm[0] ? a : b
            if sector[16] != 0 || sector[17] != 0 || sector[18] != usual || sector[19] != 0 {
                features.insert(.subheaders)
            }
        }
        let areRegular =
            Self.isRegular(a, kindA, at: address)
            && Self.isRegular(b, kindB, at: address - pair.shift)
        if !areRegular || features.isEmpty && pair.shift == 0 {
            features.insert(.irregularSectors)
        }
        // Two regular sectors at different places have different headers.
        return features.isEmpty ? [Self.mover(excuses)] : features
    }

    /// What has to be lost for form 1 to come back as mode 1.
    private func modeLoss(_ pair: TrackPair) -> DiscFeature {
        let session = first.layout.sessions.first { $0.number == pair.a.session }
        return session?.actualKind == .cdI ? .interactiveSessions : .sessionKinds
    }

    private static func mover(_ excuses: [DiscFeature: Set<Int>]) -> DiscFeature {
        [.sessions, .tracks, .audio, .pregaps].first { excuses[$0] != nil } ?? .irregularSectors
    }

    private static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>, _ range: Range<Int>) -> Bool {
        Bytes.areEqual(a.extracting(range), b.extracting(range))
    }

    /// Whether a sector is what its content and its address make it.
    private static func isRegular(_ sector: Span<UInt8>, _ kind: RawSector.Kind?, at address: Int)
        -> Bool
    {
        switch kind {
        case nil: false
        case .mode1: RawSector.isRegular(sector, keeping: .user, of: .mode1, at: LBA(address))
        case .mode2: RawSector.isRegular(sector, keeping: .mode2, of: .mode2, at: LBA(address))
        case .mode2Form1:
            RawSector.isRegular(sector, keeping: .form1, of: .mode2Form1, at: LBA(address))
        case .mode2Form2:
            RawSector.isRegular(sector, keeping: .form2, of: .mode2Form2, at: LBA(address))
        }
    }

    // MARK: Subchannel

    /// What makes subchannel that follows from sessions and tracks another one, when it is lost.
    private static let makers: [DiscFeature] = [
        .sessions, .tracks, .trackNumbers, .audio, .pregaps, .indexes, .catalog, .isrc,
        .preEmphasis, .copyPermission, .fourChannels,
    ]

    private mutating func compareSubchannel(
        _ pair: TrackPair,
        _ address: Int,
        _ count: Int,
        _ kept: SectorStorage,
        _ other: SectorStorage
    ) throws {
        let areBothKept = kept.subchannel != .absent && other.subchannel != .absent
        if extent == .stored, !areBothKept || pair.shift != 0 {
            excuse(.subchannel, pair.a.number)
            return
        }
        if !areBothKept, pair.shift != 0 || Self.makers.contains(where: { excuses[$0] != nil }) {
            return
        }
        let mask: UInt8 = kept.subchannel == .q || other.subchannel == .q ? 0x40 : 0xFF
        let size = SubchannelQ.interleavedSize
        var done = 0
        while done < count {
            let a = address + done
            var bytes = [UInt8](repeating: 0, count: (count - done) * size)
            var others = bytes
            let read: (any DiscSource, Int, inout [UInt8]) throws -> Int? = { disc, at, bytes in
                do {
                    var span = bytes.mutableSpan
                    return max(1, try disc.readSubchannel(at: at, into: &span))
                } catch is UnreadableSectors {
                    return nil
                }
            }
            guard let one = try read(first, a, &bytes),
                let two = try read(second, a - pair.shift, &others)
            else {
                noteUnreadable(a)
                done += 1
                continue
            }
            let went = min(one, two, count - done)
            for i in 0..<went {
                let place = (i * size)..<((i + 1) * size)
                guard place.contains(where: { (bytes[$0] ^ others[$0]) & mask != 0 }) else {
                    continue
                }
                // A place for subchannel that was left empty says nothing.
                let isEmpty =
                    kept.subchannel == .absent
                    ? Bytes.areZero(others.span.extracting(place))
                    : Bytes.areZero(bytes.span.extracting(place))
                if !areBothKept, isEmpty { continue }
                note(
                    DiscDifference(
                        [.subchannel],
                        track: pair.a.number,
                        sector: a + i,
                        "subchannel differs"
                    )
                )
            }
            done += went
        }
    }
}
