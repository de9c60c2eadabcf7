import DiscModel
import LinuxCalls
import Transfer

/// Sectors of one track that were read to be looked at, or their subchannel.
struct SectorPiece: Sendable {
    /// What was read of them.
    enum Content: Sendable {
        /// Raw sectors.
        case sectors
        /// 96 bytes of each.
        case subchannel

        /// Bytes of a sector.
        var size: Int { self == .sectors ? RawSector.size : SubchannelQ.interleavedSize }
    }

    /// Sectors that are read in one piece.
    static let most = 64

    /// What was read.
    var content: Content
    /// The bytes, and more behind them that count for nothing.
    var bytes: [UInt8]
    /// The sectors.
    var sectors: Range<Int>
    /// What the disc's source keeps of them.
    var storage: SectorStorage
    /// Their track.
    var track: Track

    /// What they tell.
    func examined(in layout: DiscLayout) -> SectorFindings {
        var found = SectorFindings()
        let isFirst = layout.sessions.contains { $0.tracks.first?.number == track.number }
        for (i, address) in sectors.enumerated() {
            let place = (i * content.size)..<((i + 1) * content.size)
            guard place.upperBound <= bytes.count else { break }
            let part = bytes.span.extracting(place)
            switch content {
            case .sectors: examine(part, at: address, isFirst: isFirst, &found)
            case .subchannel: examine(subchannel: part, at: address, layout, &found)
            }
        }
        return found
    }

    private func examine(
        subchannel kept: Span<UInt8>,
        at address: Int,
        _ layout: DiscLayout,
        _ found: inout SectorFindings
    ) {
        // No disc has such a subchannel: a place that was left empty.
        guard !found.contains(.subchannel), !Bytes.areZero(kept) else { return }
        let made = layout.subchannel(of: address)
        let mask: UInt8 = storage.subchannel == .full ? 0xFF : 0x40
        for i in 0..<min(made.count, kept.count) where (made[i] ^ kept[i]) & mask != 0 {
            found.insert(.subchannel)
            return
        }
    }

    private func examine(
        _ sector: Span<UInt8>,
        at address: Int,
        isFirst: Bool,
        _ found: inout SectorFindings
    ) {
        if address < track.start.rawValue {
            let isPause = isFirst && address < track.extent.lowerBound + CDGaps.firstPause
            // Some programs put bare zeros where the pause has sectors of zeros: that says nothing.
            if !Bytes.areZero(sector),
                !RawSector.isRegular(sector, keeping: .absent, of: track.mode, at: LBA(address))
            {
                found.insert(isPause ? .pauseContent : .pregapContent)
            }
            return
        }
        guard track.mode.isData else { return }
        let kind = RawSector.kind(of: sector)
        switch kind {
        case nil:
            found.insert(.irregularSectors)
            return
        case .mode1: if track.mode.isMode2 { found.insert(.mode1) }
        case .mode2: found.insert(.formlessMode2)
        case .mode2Form1: found.insert(.form1)
        case .mode2Form2: found.insert(.form2)
        }
        // A plain image makes all its sectors alike.
        if (kind == .mode1) == track.mode.isMode2 { found.insert(.irregularSectors) }
        let isForm = kind == .mode2Form1 || kind == .mode2Form2
        if isForm {
            let usual: UInt8 = kind == .mode2Form1 ? 0x08 : 0x20
            if sector[16] != 0 || sector[17] != 0 || sector[18] != usual || sector[19] != 0 {
                found.insert(.subheaders)
            }
        }
        guard storage.form == .raw || storage.form == .mode2, let kind else { return }
        if !found.contains(.irregularSectors),
            !RawSector.isRegular(sector, kind, at: LBA(address))
        {
            found.insert(.irregularSectors)
        }
    }
}
