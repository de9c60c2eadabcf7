import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// The disc in the drive; commands that need it have been refused without.
    func requireDisc() throws(Sense) -> (VirtualDisc, any RecordingMethod, MediumTraits) {
        guard let disc, let method, let traits else { throw Sense(.notReady, 0x3A, 0x00) }
        return (disc, method, traits)
    }

    /// READ DISC INFORMATION (MMC-6 §6.22), standard type only.
    func readDiscInformation(_ cdb: CDB) throws(Sense) -> [UInt8] {
        guard cdb.u8(1) & 7 == 0 else { throw cdb.invalid(1, bit: 2) }
        let (disc, method, traits) = try requireDisc()
        let record = shown(disc.record)
        if record.isOverwritable { return overwritableInformation(record).encoded }
        let invisible = method.upcomingTrack()
        let isCD = record.medium.facts.family == .cd
        var information = DiscInformation(
            status: .complete,
            lastSession: .complete,
            isErasable: record.medium.facts.recording == .blankable,
            sessions: max(1, record.sessions.count),
            discType: record.sessions.last?.discType ?? 0
        )
        if !isCD {
            information.lastSessionLeadInStart = 0
            information.lastPossibleLeadOut = 0
        }
        let lastTrack = record.tracks.last?.number ?? 0
        information.firstTrack = record.tracks.first?.number ?? 1
        information.lastTrackInLastSession = max(1, lastTrack)
        information.firstTrackInLastSession =
            record.sessions.last?.tracks.first?.number ?? max(1, lastTrack)
        if record.isFinalized { return information.encoded }

        information.status = record.sessions.isEmpty ? .blank : .appendable
        if let open = record.openSession {
            let isDamaged = open.tracks.contains { $0.isDamaged && !$0.isClosed }
            information.lastSession = isDamaged ? .damaged : .incomplete
            if let invisible { information.lastTrackInLastSession = invisible.number }
        } else {
            // A new session waits to be begun; it has the invisible track only.
            information.lastSession = .empty
            if !record.sessions.isEmpty { information.sessions += 1 }
            information.firstTrackInLastSession = lastTrack + 1
            information.lastTrackInLastSession = lastTrack + 1
        }
        if isCD { addLeadIn(to: &information, record, traits) }
        return information.encoded
    }

    /// Where the next lead-in begins and where the last lead-out can, as times (MMC-6 §6.22.3.1.16).
    private func addLeadIn(
        to information: inout DiscInformation,
        _ record: DiscRecord,
        _ traits: MediumTraits
    ) {
        func field(_ time: MSF) -> UInt32 {
            UInt32(time.minute << 16 | time.second << 8 | time.frame)
        }
        let leadIn =
            record.closedSessions.last?.leadOut.map { leadOut in
                // The lead-in of 4500 sectors and the pregap of 150 lie at the gap's end.
                let gap =
                    record.sessions.count == 1
                    ? traits.sessionGap.first : traits.sessionGap.later
                return MSF(LBA(leadOut + gap - 4650))
            } ?? record.leadInTime
        information.lastSessionLeadInStart = field(leadIn)
        information.lastPossibleLeadOut = field(MSF(LBA(record.capacity)))
    }

    private func overwritableInformation(_ record: DiscRecord) -> DiscInformation {
        let isFormatted = record.format.map { $0.sectors > 0 || $0.isGrowing } ?? false
        var information = DiscInformation(
            status: isFormatted ? .complete : .blank,
            lastSession: isFormatted ? .complete : .empty,
            isErasable: true,
            lastSessionLeadInStart: 0,
            lastPossibleLeadOut: 0
        )
        if record.format?.isGrowing == true { information.lastSession = .incomplete }
        // DVD-RAM is “other” (recorded of a TSSTcorp drive).
        if record.medium == .dvdRAM { information.status = .overwritable }
        if record.medium == .dvdPlusRW {
            information.backgroundFormat =
                switch record.format?.background {
                case nil: .notFormatted
                case .stopped: .stopped
                case .running: .running
                case .complete: .complete
                }
        }
        return information
    }

    /// READ TRACK INFORMATION (MMC-6 §6.27).
    func readTrackInformation(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let (_, method, _) = try requireDisc()
        let record = method.record
        if record.isOverwritable { return try overwritableTrack(cdb, record).encoded }
        let address = cdb.lba(2)
        let invisible = method.upcomingTrack()
        let tracks = record.sessions.flatMap { session in
            session.tracks.map { (session: session.number, track: $0) }
        }
        let wantsOpen = cdb.bit(1, 2)
        var found: (session: Int, track: TrackRecord)?
        var isInvisible = false
        switch cdb.u8(1) & 3 {
        case 0:
            found = tracks.first {
                address >= $0.track.start - $0.track.pregap && address < $0.track.end
            }
            if found == nil, let last = tracks.last, !last.track.isClosed,
                last.track.reserved == nil, address >= last.track.start
            {
                found = last
            }
            // The pregap of the first track belongs to it wherever it begins.
            if found == nil, (-150..<0).contains(address) { found = tracks.first }
            if found == nil, let invisible {
                isInvisible = address >= (invisible.number == 1 ? -150 : invisible.start)
            }
        case 1 where address == 0xFF:
            // The invisible track; where the last track takes all that is left, that one.
            if invisible != nil {
                isInvisible = true
            } else if let last = tracks.last, !last.track.isClosed {
                found = last
            }
        case 1:
            found = tracks.first { $0.track.number == address }
            if found == nil, let invisible { isInvisible = invisible.number == address }
        case 2:
            found = tracks.first { $0.session == address }
            if found == nil, let invisible { isInvisible = invisible.session == address }
        default:
            throw cdb.invalid(1, bit: 1)
        }
        if wantsOpen, !isInvisible, let candidate = found, candidate.track.isClosed {
            found = tracks.first {
                !$0.track.isClosed && $0.track.number >= candidate.track.number
            }
            isInvisible = found == nil && invisible != nil
        }
        if let found { return information(found.track, session: found.session, record).encoded }
        guard isInvisible, let invisible else { throw cdb.invalid(2) }
        return information(invisible, record).encoded
    }

    private func information(_ track: TrackRecord, session: Int, _ record: DiscRecord)
        -> TrackInformation
    {
        let isCD = record.medium.facts.family == .cd
        var information = TrackInformation(
            number: track.number,
            session: session,
            isDamaged: track.isDamaged && !track.isClosed,
            trackMode: track.control,
            isReserved: track.reserved != nil && !track.isClosed,
            isBlank: track.written == 0 && !track.isClosed,
            isPacket: track.isPacket,
            isFixedPacket: track.packetSize != nil,
            dataMode: track.dataMode,
            start: LBA(track.start),
            packetSize: isCD
                ? track.packetSize ?? 0
                : track.isPacket ? record.medium.facts.sectorsPerBlock : 0,
            // Links that have no addresses don't count.
            size: track.packetSize == nil ? track.extent : track.written
        )
        if track.dataMode == 0, track.isData { information.dataMode = 0x0F }
        if let next = track.nextWritable {
            information.nextWritable = LBA(next)
            let limit = track.reserved.map { track.start + $0 } ?? writableEnd(record)
            information.freeBlocks = max(0, limit - track.start - track.written)
            information.size = limit - track.start
            // Of what is left, links that have no addresses take their share.
            if let size = track.packetSize, size > 0 {
                let left = max(0, limit - track.start - track.extent)
                information.freeBlocks = left / (size + TrackRecord.link) * size
                information.size = track.written + information.freeBlocks
            }
            if let address = method?.nextAddress { information.nextWritable = LBA(address) }
        }
        if !isCD, track.written > 0 {
            information.lastRecorded = LBA(track.start + track.written - 1)
        }
        return information
    }

    private func information(_ track: UpcomingTrack, _ record: DiscRecord) -> TrackInformation {
        let isCD = record.medium.facts.family == .cd
        let free = max(0, track.limit - track.start)
        let next = method?.firstWritable(of: track) ?? track.start
        // A later session begins at its pregap, where it is written with that.
        let isLater = track.session > 1 && next < track.start
        return TrackInformation(
            number: track.number,
            session: track.session,
            isBlank: true,
            isPacket: !isCD,
            start: LBA(isLater ? track.start - CDGaps.firstPause : track.start),
            nextWritable: LBA(next),
            freeBlocks: free,
            packetSize: isCD ? 0 : record.medium.facts.sectorsPerBlock,
            size: free
        )
    }

    /// The sector behind the last that a track without a size can be given.
    private func writableEnd(_ record: DiscRecord) -> Int {
        if let format = record.format { return format.sectors }
        return record.capacity - MediumTraits.of(record).reservedSectors
    }

    private func overwritableTrack(_ cdb: CDB, _ record: DiscRecord) throws(Sense)
        -> TrackInformation
    {
        let address = cdb.lba(2)
        let size = record.format?.sectors ?? record.capacity
        let isKnown =
            switch cdb.u8(1) & 3 {
            case 0: address >= 0 && address < size
            case 1: address == 1 || (address == 0xFF && record.format == nil)
            case 2: address == 1
            default: false
            }
        guard isKnown else { throw cdb.invalid(2) }
        let isFormatted = record.format != nil
        var information = TrackInformation(
            number: 1,
            session: 1,
            isBlank: !isFormatted,
            isPacket: true,
            isFixedPacket: true,
            start: .zero,
            freeBlocks: isFormatted ? 0 : size,
            packetSize: record.medium.facts.sectorsPerBlock,
            size: size
        )
        if let format = record.format, format.isGrowing {
            information.nextWritable = LBA(format.sectors)
            information.freeBlocks = max(0, record.capacity - format.sectors)
        }
        return information
    }

    /// READ CAPACITY (MMC-6 §6.24): of a disc without a closed session, one sector.
    func readCapacity() -> Capacity {
        guard let record = disc.map({ shown($0.record) }),
            let leadOut = shownLayout(record).leadOut
        else { return Capacity(lastSector: .zero) }
        let last = record.tracks.last
        let runOut = has(.capacityWithoutRunOut) ? last?.runOut ?? 0 : 0
        // The links of packets of one size have no addresses (MMC-6 §4.2.5.5).
        let hidden = last?.packetSize == nil ? 0 : last.map { $0.extent - $0.written } ?? 0
        return Capacity(lastSector: LBA(max(0, leadOut.rawValue - hidden - runOut - 1)))
    }

    /// The sessions and tracks as the drive shows them.
    ///
    /// A BD-R whose sectors can be replaced shows its whole formatted area while its session is open
    /// (recorded of an HL-DT-ST WH16NS40).
    func shownLayout(_ record: DiscRecord) -> DiscLayout {
        guard let format = record.format, format.allowsReplacing, record.openSession != nil else {
            return record.layout
        }
        return DiscLayout(sectors: format.sectors)
    }

    /// READ FORMAT CAPACITIES (MMC-6 §6.23).
    func readFormatCapacities() -> [UInt8] {
        guard let record = disc?.record, let traits else {
            return FormatCapacities(kind: .noMedium, sectors: 0x7FFF_FFFF).encoded
        }
        var capacities = FormatCapacities(
            kind: .unformatted,
            sectors: record.capacity - traits.reservedSectors,
            descriptors: traits.formats
        )
        if let format = record.format {
            capacities.kind = format.isGrowing ? .noMedium : .formatted
            capacities.sectors = format.sectors
            // What the session of a DVD-RW can grow by, while it is closed.
            let most = traits.formats.map(\.sectors).max() ?? format.sectors
            capacities.descriptors = traits.formats.compactMap { offer in
                guard offer.type == 0x13 else { return offer }
                guard !format.isGrowing else { return nil }
                var offer = offer
                offer.sectors = max(0, most - format.sectors)
                return offer
            }
        } else if !record.sessions.isEmpty, !record.isOverwritable {
            capacities.kind = .formatted
            capacities.sectors = record.layout.leadOut?.rawValue ?? 0
        }
        // A BD-R takes a format only while nothing is recorded.
        if record.medium.facts.recording == .once, !record.sessions.isEmpty {
            capacities.descriptors = []
        }
        return capacities.encoded
    }
}

extension DiscRecord {
    /// Where the lead-in of a CD starts by its ATIP.
    var leadInTime: MSF {
        let frames = identity.leadIn
        return MSF(
            minute: frames / (60 * 75),
            second: frames / 75 % 60,
            frame: frames % 75
        )
    }
}
