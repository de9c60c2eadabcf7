import DiscImages
import DiscModel
import MMC

/// CD-R and CD-RW: tracks one at a time or in packets, a session at once from a cue sheet, or raw
/// (MMC-6 §4.2.5).
final class CDRecording: RecordingMethod {
    let drive: VirtualRecorder
    var keeper: RecordKeeper
    private var plan: SessionPlan?
    /// The raw session that the host is about to write.
    var raw: RawSession?

    /// The shortest track, in sectors: four seconds (MMC-6 §6.3.3.1.2).
    static let shortestTrack = 300
    /// The sectors behind a track that was written on its own, which only link it (MMC-6 §4.2.5.3).
    static let runOut = 2

    init(_ drive: VirtualRecorder, _ disc: VirtualDisc) {
        self.drive = drive
        keeper = RecordKeeper(disc)
    }

    var record: DiscRecord { keeper.record }

    var traits: MediumTraits { MediumTraits.of(record) }
    var parameters: WriteParameters { drive.modePages.writeParameters }
    private var writeType: WriteParameters.WriteType? {
        WriteParameters.WriteType(rawValue: parameters.writeType)
    }

    var writesPackets: Bool { writeType == .packet }

    func arrive() {
        // A track that a drive was switched off in can't be gone on with, unless it is in packets.
        keeper.change { record in
            for session in record.sessions.indices {
                for track in record.sessions[session].tracks.indices
                where !record.sessions[session].tracks[track].isClosed
                    && !record.sessions[session].tracks[track].isPacket
                {
                    record.sessions[session].tracks[track].isDamaged = true
                }
            }
        }
    }

    func leave() {
        plan = nil
        raw = nil
        // The drive ends a packet before it lets the disc go.
        try? endPacket()
        keeper.endRehearsal()
    }

    func interrupt(lost: Int) {
        plan = nil
        raw = nil
        let isPacket = record.openSession?.tracks.last?.isPacket == true
        keeper.interrupt(lost: lost, block: 1, isDamaging: !isPacket)
        if isPacket { mendPackets() }
    }

    func parametersChanged() {
        // A session that was begun raw can't be gone on with.
        if raw != nil { changeOpenTrack { $0.isDamaged = true } }
        if !parameters.testWrite { keeper.endRehearsal() }
        plan = nil
        raw = nil
    }

    func upcomingTrack() -> UpcomingTrack? {
        if let last = record.openSession?.tracks.last, !last.isClosed { return nil }
        return record.nextTrack(traits, blockSize: 1, limit: record.capacity)
    }

    /// Where a session begins depends on how it is going to be written: at its first track, at the
    /// pregap before that, or at its lead-in (recorded of a TSSTcorp SH-S223C; cdrdao 1.2.4 relies
    /// on it).
    func firstWritable(of next: UpcomingTrack) -> Int {
        guard record.openSession == nil, drive.modePages.isChosen(WriteParameters.pageCode) else {
            return next.start
        }
        return switch writeType {
        case .sessionAtOnce: next.start - CDGaps.firstPause
        case .raw: leadInStart(of: next)
        default: next.start
        }
    }

    var nextAddress: Int? { raw?.position }

    func reserve(_ sectors: Int) throws(Sense) {
        // This drive sets no tracks aside on CDs.
        throw .incompatibleMedium
    }

    func write(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        if record.format != nil { return try replacePackets(data, at: lba, sectors: sectors) }
        guard !record.isFinalized else { throw .incompatibleMedium }
        if parameters.testWrite { keeper.beginRehearsal() }
        switch writeType {
        case .trackAtOnce: try writeTrack(data, at: lba, sectors: sectors)
        case .sessionAtOnce: try writeSession(data, at: lba, sectors: sectors)
        case .raw: try writeRaw(data, at: lba, sectors: sectors)
        case .packet: try writePackets(data, at: lba, sectors: sectors)
        default: throw .wrongSequence
        }
    }

    func synchronize() throws(Sense) {
        switch writeType {
        case .trackAtOnce: try endTrack()
        case .packet: try endPacket()
        case .raw: try finishRaw()
        default: break
        }
        keeper.flushed()
        try keeper.keep()
    }

    func close(_ function: Int, track: Int) throws(Sense) {
        guard let action = traits.closeActions[function] else {
            throw CDB([]).invalid(2, bit: 2)
        }
        try endTrack()
        if action == .session { try closeSession() }
        try keeper.keep()
    }

    // MARK: Track at once

    private func writeTrack(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard let blocks = BlockType.byWriteParameters[parameters.blockType] else {
            throw .wrongKindOfSector
        }
        let size = sectors * blocks.total
        try data.require(size)
        let data = data.extracting(..<size)
        let open = openTrack
        guard open?.isPacket != true else { throw .wrongKindOfSector }
        guard lba == open?.nextWritable ?? upcomingTrack()?.start else { throw .notNextWritable }
        guard lba + sectors + Self.runOut <= record.capacity else { throw .outOfRange }
        guard sectors > 0 else { return }
        if open == nil { try beginTrack(blocks, data) }
        guard let track = record.openSession?.tracks.last, !track.isDamaged else {
            throw .notNextWritable
        }
        // All sectors of a track are of one kind.
        guard track.form == blocks.form, track.dataMode == (blocks.dataMode ?? track.dataMode)
        else { throw .wrongKindOfSector }
        try store(data, at: lba, blocks, dataMode: track.dataMode)
        changeOpenTrack { $0.written += sectors }
        try keeper.recorded(sectors)
        if open == nil { try keeper.keep() }
    }

    /// The track that is being written.
    var openTrack: TrackRecord? {
        record.openSession?.tracks.last.flatMap { $0.isClosed ? nil : $0 }
    }

    func beginTrack(_ blocks: BlockType, _ data: Span<UInt8>) throws(Sense) {
        guard let next = upcomingTrack() else { throw .notNextWritable }
        var track = TrackRecord(
            number: next.number,
            start: next.start,
            control: parameters.trackMode,
            dataMode: 0,
            form: blocks.form,
            isPacket: writeType == .packet
        )
        if track.isPacket, parameters.fixedPacket { track.packetSize = parameters.packetSize }
        // The header of a whole data sector tells its mode.
        let told = track.isData && data.count > 15 ? Int(data[15] & 3) : 0
        track.dataMode = blocks.dataMode ?? told
        track.isrc = WriteParameters.code(in: parameters.isrc, length: 12)
        let catalog = WriteParameters.code(in: parameters.catalog, length: 13)
        let discType = parameters.sessionFormat
        keeper.change { record in
            if record.openSession == nil {
                record.sessions.append(SessionRecord(number: next.session, discType: discType))
            }
            let last = record.sessions.count - 1
            record.sessions[last].tracks.append(track)
            if let catalog { record.sessions[last].catalog = catalog }
        }
    }

    func changeOpenTrack(_ change: (inout TrackRecord) -> Void) {
        keeper.change { record in
            guard let session = record.sessions.indices.last,
                let track = record.sessions[session].tracks.indices.last
            else { return }
            change(&record.sessions[session].tracks[track])
        }
    }

    /// Ends the open track, if there is one: fills it up to the shortest length, links it.
    private func endTrack() throws(Sense) {
        guard let track = openTrack, raw == nil, plan == nil || plan?.isComplete == true else {
            return
        }
        guard !track.isPacket || track.isDamaged else { return try endPacketTrack(track) }
        let end = max(track.written, Self.shortestTrack) + Self.runOut
        let limit = max(track.written, record.capacity - track.start)
        let size = track.isDamaged ? track.written : min(end, limit)
        try keeper.clear(track.start + track.written..<track.start + size)
        changeOpenTrack {
            $0.runOut = track.isDamaged ? 0 : min(Self.runOut, size - track.written)
            $0.written = size
            $0.isClosed = true
        }
    }

    private func closeSession() throws(Sense) {
        guard let session = record.openSession else {
            guard !record.sessions.isEmpty else { throw Sense(.illegalRequest, 0x72, 0x04) }
            // The session that was written at once has closed itself.
            return
        }
        // A session at once that the host has not finished.
        guard plan == nil, raw == nil else { throw Sense(.illegalRequest, 0x72, 0x03) }
        let recorded = session.tracks.filter { $0.written > 0 }
        guard !recorded.isEmpty else { throw Sense(.illegalRequest, 0x72, 0x04) }
        keeper.change { record in
            record.sessions[record.sessions.count - 1].tracks = recorded.map { track in
                var track = track
                track.isClosed = true
                track.reserved = nil
                return track
            }
        }
        finish(leadOut: recorded.last?.end ?? 0)
    }

    /// Gives the open session its lead-in and lead-out.
    private func finish(leadOut: Int) {
        // 11b in the multi-session field lets another session follow (MMC-6 table 688).
        let isLast = parameters.multiSession != 3
        keeper.change { record in
            let last = record.sessions.count - 1
            record.sessions[last].leadOut = leadOut
            record.isFinalized = isLast
        }
        plan = nil
        keeper.endRehearsal()
    }

    // MARK: Session at once

    func plan(_ sheet: CueSheet) throws(Sense) {
        guard !record.isFinalized else { throw .incompatibleMedium }
        guard writeType == .sessionAtOnce else { throw .wrongSequence }
        guard record.openSession == nil, let next = upcomingTrack() else { throw .wrongSequence }
        let leadIn =
            drive.has(.leadInAtPregap) || next.session > 1
            ? next.start - 150 : record.leadInTime.lba.rawValue
        var plan = try SessionPlan(
            sheet.placed(before: next),
            first: next,
            limit: record.capacity,
            leadIn: min(leadIn, next.start - 150)...(next.start - 150)
        )
        plan.discType = parameters.sessionFormat
        self.plan = plan
    }

    private func writeSession(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard var plan else { throw .wrongSequence }
        if lba < plan.start, plan.hasText {
            // The lead-in may begin anywhere, and goes on to the first pregap.
            guard lba == plan.leadInPosition ?? lba, lba + sectors <= plan.start else {
                throw .notNextWritable
            }
            try data.require(sectors * 96)
            plan.takeLeadIn(data, at: lba, sectors: sectors)
            self.plan = plan
            return
        }
        skipGenerated(&plan)
        guard lba == plan.position else { throw .notNextWritable }
        guard lba + sectors <= plan.leadOut else { throw .outOfRange }
        try begin(plan)
        var used = 0
        var left = sectors
        while left > 0 {
            guard let segment = plan.segment(at: plan.position) else { throw .wrongSequence }
            let count = min(left, plan.segmentEnd(after: plan.position) - plan.position)
            let bytes = count * segment.blocks.total
            guard count > 0, used + bytes <= data.count else { throw .wrongKindOfSector }
            let dataMode = plan.tracks[segment.track].dataMode
            try store(
                data.extracting(used..<used + bytes),
                at: plan.position,
                segment.blocks,
                dataMode: dataMode
            )
            plan.position += count
            used += bytes
            left -= count
        }
        skipGenerated(&plan)
        self.plan = plan
        advance(plan)
        try keeper.recorded(sectors)
        if plan.isComplete {
            drive.timeLeadOut(at: plan.leadOut)
            finish(leadOut: plan.leadOut)
            try keeper.keep()
        }
    }

    /// Passes over sectors that the drive makes by itself.
    private func skipGenerated(_ plan: inout SessionPlan) {
        while !plan.isComplete, plan.segment(at: plan.position)?.blocks.size == 0 {
            plan.position = plan.segmentEnd(after: plan.position)
        }
    }

    /// Puts the planned session onto the disc with its first sector.
    private func begin(_ plan: SessionPlan) throws(Sense) {
        guard record.openSession == nil else { return }
        var session = SessionRecord(
            number: (record.sessions.last?.number ?? 0) + 1,
            tracks: plan.tracks,
            discType: plan.discType
        )
        session.catalog = plan.catalog
        if !plan.packs.bytes.isEmpty { session.cdText = plan.packs.bytes }
        keeper.change { $0.sessions.append(session) }
        try keeper.keep()
    }

    /// Notes in the session's tracks how far it has come.
    private func advance(_ plan: SessionPlan) {
        keeper.change { record in
            let last = record.sessions.count - 1
            for (i, track) in plan.tracks.enumerated() {
                let size = track.reserved ?? 0
                let written = min(size, max(0, plan.position - track.start))
                record.sessions[last].tracks[i].written = written
                if written == size {
                    record.sessions[last].tracks[i].isClosed = true
                    record.sessions[last].tracks[i].reserved = nil
                }
            }
        }
    }

    // MARK: Sectors

    /// Keeps sectors as the host sent them, with what belongs around them.
    func store(
        _ data: Span<UInt8>,
        at lba: Int,
        _ blocks: BlockType,
        dataMode: Int
    ) throws(Sense) {
        guard blocks.size > 0, !keeper.isRehearsing else { return }
        guard blocks.form != .cooked else { return try keeper.write(data, at: lba) }
        do {
            guard blocks.subchannel == 0 else {
                return try storeWithSubchannel(data, at: lba, blocks, dataMode: dataMode)
            }
            guard blocks.size < RawSector.size else {
                if dataMode == 0, drive.audio.writeOffset != 0 {
                    return try storeShifted(data, at: lba)
                }
                return try keeper.disc.writeRaw(data, at: lba, dataMode: dataMode)
            }
            let count = data.count / blocks.size
            var raw = [UInt8](repeating: 0, count: count * RawSector.size)
            for i in 0..<count {
                let from = i * blocks.size
                let to = i * RawSector.size
                for j in 0..<blocks.size { raw[to + blocks.offset + j] = data[from + j] }
                var span = raw.mutableSpan
                var sector = span._mutatingExtracting(to..<to + RawSector.size)
                RawSector.complete(&sector, kind(of: sector.span, blocks), at: LBA(lba + i))
            }
            try keeper.disc.writeRaw(raw.span, at: lba, dataMode: dataMode)
        } catch {
            throw .writeError
        }
    }

    /// Keeps audio as a drive with a write offset does: each sample so many samples further on.
    private func storeShifted(_ data: Span<UInt8>, at lba: Int) throws {
        let size = RawSector.size
        // Counted from the pause on, so that nothing is below zero.
        let start = (lba + 300) * size + drive.audio.writeOffset * 4
        let sectors = start / size..<(start + data.count + size - 1) / size
        var bytes = [UInt8](repeating: 0, count: sectors.count * size)
        var span = bytes.mutableSpan
        // The sectors at both ends have audio of other commands.
        for edge in Set([sectors.lowerBound, sectors.upperBound - 1]) {
            let place = (edge - sectors.lowerBound) * size
            var part = span._mutatingExtracting(place..<place + size)
            try keeper.disc.readRaw(at: edge - 300, dataMode: 0, into: &part)
        }
        let place = start - sectors.lowerBound * size
        for index in data.indices { span[place + index] = data[index] }
        try keeper.disc.writeRaw(bytes.span, at: sectors.lowerBound - 300, dataMode: 0)
    }

    /// Keeps whole sectors and the subchannel behind each.
    private func storeWithSubchannel(
        _ data: Span<UInt8>,
        at lba: Int,
        _ blocks: BlockType,
        dataMode: Int
    ) throws {
        for sector in 0..<data.count / blocks.total {
            let start = sector * blocks.total
            let end = start + blocks.size
            try keeper.disc.writeRaw(
                data.extracting(start..<end),
                at: lba + sector,
                dataMode: dataMode
            )
            try keeper.disc.writeSubchannel(
                data.extracting(end..<end + blocks.subchannel),
                at: lba + sector
            )
        }
    }

    /// What a sector is that comes without its ends: the subheader's form bit tells (CD-ROM XA).
    private func kind(of sector: Span<UInt8>, _ blocks: BlockType) -> RawSector.Kind {
        guard blocks.kind == .mode2Form2 else { return blocks.kind ?? .mode2 }
        return sector[18] & 0x20 == 0 ? .mode2Form1 : .mode2Form2
    }
}
