import DiscImages
import DiscModel
import LinuxCalls
import Reports
import Transfer

extension DiscComparison {
    /// Takes what was read of some sectors of both discs.
    ///
    /// - Parameters:
    ///   - piece: The sectors.
    ///   - one: What was read of them on the first disc, as ``DiscReading`` lays it out.
    ///   - other: What was read on the second.
    ///   - pairs: The tracks that belong together.
    mutating func take(
        _ piece: Piece,
        _ one: Span<UInt8>,
        _ other: Span<UInt8>,
        _ pairs: [TrackPair]
    ) {
        switch piece.stretch.kind {
        case .pair(let index): compare(piece, one, other, pairs[index])
        case .tail(let index, let side): examine(piece, side == .first ? one : other, index)
        }
    }

    private mutating func compare(
        _ piece: Piece,
        _ one: Span<UInt8>,
        _ other: Span<UInt8>,
        _ pair: TrackPair
    ) {
        counted.removeAll(keepingCapacity: true)
        let (form, address) = (piece.stretch.run.form, piece.stretch.run.start)
        let count = piece.sectors.count
        let isGap = piece.stretch.isGapOfOne
        if !isGap {
            for i in piece.unreadable.sorted() { noteUnreadable(address + i) }
            result.bytes += (count - piece.unreadable.count) * form.size
            // Of what neither stores there is nothing to compare.
            if form != .absent { result.sectors += count - piece.unreadable.count }
        }
        let rest = payload.flatMap { $0 % form.size == 0 ? nil : $0 / form.size - address }
        if let payload, let rest, piece.sectors.contains(rest), !piece.unreadable.contains(rest) {
            result.bytes -= form.size - payload % form.size
        }
        piece.forDifferences(in: one, other, size: form.size, from: 0) { i, one, other in
            if let payload, i == rest {
                let end = payload % form.size
                if Bytes.areEqual(one.extracting(..<end), other.extracting(..<end)) {
                    let text = "the data differ after the last byte of the shorter one"
                    result.differingRest = address + i
                    result.differences.append(
                        DiscDifference([], track: pair.a.number, sector: address + i, text)
                    )
                    return
                }
            }
            guard let found = difference(one, other, form, pair, at: address + i) else { return }
            if isGap {
                for feature in found.features { excuse(feature, pair.a.number) }
            } else {
                note(found.features, track: pair.a.number, sector: address + i, found.text)
            }
        }
        guard let subchannel = piece.stretch.subchannel else { return }
        piece.forDifferences(
            in: one,
            other,
            size: SubchannelQ.interleavedSize,
            from: piece.planned * form.size
        ) { i, one, other in
            guard one.indices.contains(where: { (one[$0] ^ other[$0]) & subchannel.mask != 0 })
            else { return }
            // A place for subchannel that was left empty says nothing.
            if let made = subchannel.made, Bytes.areZero(made == .first ? other : one) { return }
            note(
                [.subchannel],
                track: pair.a.number,
                sector: address + i,
                "subchannel differs"
            )
        }
    }

    /// Looks for the first sector that is not all zeros in what only one disc has after a track.
    private mutating func examine(_ piece: Piece, _ bytes: Span<UInt8>, _ index: Int) {
        guard result.tails[index].firstNotZero == nil else { return }
        let (size, start) = (piece.stretch.run.form.size, piece.stretch.run.start)
        let there = bytes.extracting(..<min(bytes.count, piece.sectors.count * size))
        let first =
            Bytes.areZero(there)
            ? nil
            : piece.sectors.enumerated().first { place, _ in
                !Bytes.areZero(there.extracting(place * size..<(place + 1) * size))
            }?.element
        let unreadable = piece.unreadable.filter { $0 < first ?? .max }.sorted()
        result.tails[index].unreadable += unreadable.map { start + $0 }
        result.tails[index].examined += piece.sectors.count
        result.tails[index].firstNotZero = first.map { start + $0 }
    }

    /// Takes note of the sectors before which reading ended.
    mutating func noteEnd(_ piece: Piece) {
        if case .tail = piece.stretch.kind { return }
        result.gaveUpAt = piece.stretch.run.start + piece.sectors.upperBound
    }

    /// Decides on what only one disc has behind the end of the other one's track, or behind its own last
    /// byte.
    ///
    /// Of what can't be read there nothing is owed: a recorder adds sectors of run-out, which no drive
    /// reads (MMC-6 §4.2.3.5.2).
    mutating func judgeEnds() {
        let isAlike = result.isSame && result.unreadable.isEmpty && result.gaveUpAt == nil
        let arePadding = result.tails.allSatisfy { $0.isKnown && $0.firstNotZero == nil }
        for (index, tail) in result.tails.enumerated() {
            guard surplus[tail.side] != .zeros || tail.firstNotZero != nil else { continue }
            result.tails[index].differs = true
            note([], track: tail.track, tail.text)
        }
        if let byteCounts, result.tails.isEmpty, surplus.values.allSatisfy({ $0 == .nothing }),
            byteCounts.first != byteCounts.second
        {
            result.differingBytes = abs(byteCounts.first - byteCounts.second)
            note([], "one is \(Wording.bytes(result.differingBytes)) longer")
        }
        let hasEnds = !result.tails.isEmpty || result.differingBytes > 0
        result.onlyPaddingDiffers = isAlike && arePadding && hasEnds
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
    ) -> (features: Set<DiscFeature>, text: String)? {
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
            let pause = pair.a.extent.lowerBound + CDGaps.firstPause
            return pair.isFirst && address < pause
                ? ([.pauseContent], "the pause before the session differs")
                : ([.pregapContent], "the pregap differs")
        }
        if pair.a.mode == .audio { return ([], "the audio differs") }
        guard form == .raw else {
            return ([], form == .user ? "the data differ" : "what both store of it differs")
        }
        if extent == .stored { return storedDifference(a, b, pair, at: address) }
        let range = Self.userRange(a, pair.a.mode)
        let other = Self.userRange(b, pair.b.mode)
        guard range.count == other.count,
            Bytes.areEqual(a.extracting(range), b.extracting(other))
        else { return ([], "the data differ") }
        let features = features(a, b, pair, address)
        let text =
            features == [.irregularSectors]
            ? "what is around the data (header, EDC, ECC) differs"
            : features.isEmpty
                ? "what is around the data differs"
                : "what is lost is “\(features.map(\.displayName).sorted().joined(separator: ", "))”"
        return (features, text)
    }

    /// What differs in a sector that both discs store whole.
    ///
    /// - Returns: `nil` if the sectors say the same of different addresses.
    private func storedDifference(
        _ a: Span<UInt8>,
        _ b: Span<UInt8>,
        _ pair: TrackPair,
        at address: Int
    ) -> (features: Set<DiscFeature>, text: String)? {
        let range = Self.userRange(a, pair.a.mode)
        let other = Self.userRange(b, pair.b.mode)
        guard Bytes.areEqual(a.extracting(range), b.extracting(other)) else {
            return ([], "the data differ")
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
        if isMode2, !Self.areEqual(a, b, 16..<24) { return ([], "the subheader differs") }
        if isMode2, !Self.areEqual(a, b, 24..<2348), RawSector.kind(of: a) != .mode2Form1 {
            return ([], "the data differ")
        }
        let part = parts.first { !Self.areEqual(a, b, $0.0) }?.1 ?? "the sector"
        return ([], "\(part) differs, with the same data")
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
        guard features.isEmpty else { return features }
        return [Self.movers.first { excuses[$0] != nil } ?? .irregularSectors]
    }

    /// What has to be lost for form 1 to come back as mode 1.
    private func modeLoss(_ pair: TrackPair) -> DiscFeature {
        let session = first.layout.sessions.first { $0.number == pair.a.session }
        return session?.actualKind == .cdI ? .interactiveSessions : .sessionKinds
    }

    private static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>, _ range: Range<Int>) -> Bool {
        Bytes.areEqual(a.extracting(range), b.extracting(range))
    }

    /// Whether a sector is what its content and its address make it.
    private static func isRegular(_ sector: Span<UInt8>, _ kind: RawSector.Kind?, at address: Int)
        -> Bool
    {
        kind.map { RawSector.isRegular(sector, $0, at: LBA(address)) } ?? false
    }
}
