import DiscImages
import DiscModel
import MMC

/// DVD-R, DVD-RW, DVD+R and BD-R: written in sequence, in blocks of 16 or 32 sectors, in tracks that
/// a host may open side by side (MMC-6 §4.3.3 to §4.3.6, §4.5.3.5).
final class SequentialRecording: RecordingMethod {
    private let drive: VirtualRecorder
    private var keeper: RecordKeeper

    init(_ drive: VirtualRecorder, _ disc: VirtualDisc) {
        self.drive = drive
        keeper = RecordKeeper(disc)
    }

    var record: DiscRecord { keeper.record }

    private var traits: MediumTraits { MediumTraits.of(record) }
    private var block: Int { record.medium.facts.sectorsPerBlock }

    /// Only DVD-R and DVD-RW heed the write parameters.
    private var heedsParameters: Bool { !traits.writeTypes.isEmpty }
    private var parameters: WriteParameters { drive.modePages.writeParameters }
    private var isDiscAtOnce: Bool {
        heedsParameters
            && parameters.writeType == WriteParameters.WriteType.sessionAtOnce.rawValue
    }

    /// The sector behind the last that can be written.
    private var limit: Int {
        if let format = record.format { return format.sectors }
        return record.capacity - (isDiscAtOnce ? 0 : traits.reservedSectors)
    }

    private var isMinus: Bool { heedsParameters }

    func leave() {
        keeper.endRehearsal()
    }

    func interrupt(lost: Int) {
        keeper.interrupt(lost: lost, block: block, isDamaging: false)
    }

    func parametersChanged() {
        if !parameters.testWrite { keeper.endRehearsal() }
    }

    func upcomingTrack() -> UpcomingTrack? {
        // The last track, where it is open without a size, takes all that is left.
        if let last = record.openSession?.tracks.last, !last.isClosed, last.reserved == nil {
            return nil
        }
        if isMinus, isDiscAtOnce || record.isMinimallyBlanked, !record.sessions.isEmpty {
            return nil
        }
        return record.nextTrack(traits, blockSize: block, limit: limit)
    }

    /// Begins the next track.
    private func open(_ next: UpcomingTrack, reserved: Int? = nil) {
        var track = TrackRecord(
            number: next.number,
            start: next.start,
            reserved: reserved,
            isPacket: true
        )
        // Track mode 5 on DVD-: data, recorded incrementally (MMC-6 table 17).
        if heedsParameters, !isDiscAtOnce { track.control = 5 }
        let numberOfSession = next.session
        keeper.change { record in
            if record.sessions.last?.number != numberOfSession {
                record.sessions.append(SessionRecord(number: numberOfSession))
            }
            record.sessions[record.sessions.count - 1].tracks.append(track)
        }
    }

    func write(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard !record.isFinalized else { throw .incompatibleMedium }
        let size = sectors * 2048
        try data.require(size)
        let data = data.extracting(..<size)
        if heedsParameters {
            guard traits.writeTypes[parameters.writeType] != nil else { throw .notNextWritable }
            if parameters.testWrite { keeper.beginRehearsal() }
        }
        guard lba >= 0 else { throw .outOfRange }
        guard lba + sectors <= limit else { throw .endOfUserArea }
        if replaces(lba..<lba + sectors) { return try keeper.write(data, at: lba) }
        var isNew = false
        if openTrackIndex(at: lba) == nil {
            guard let next = upcomingTrack(), next.start == lba else { throw .notNextWritable }
            open(next)
            isNew = true
        }
        guard let index = openTrackIndex(at: lba) else { throw .notNextWritable }
        let track = record.sessions[record.sessions.count - 1].tracks[index]
        if let reserved = track.reserved, track.written + sectors > reserved {
            throw .endOfUserArea
        }
        try keeper.write(data, at: lba)
        changeTrack(index) { $0.written += sectors }
        try keeper.recorded(sectors)
        if isNew { try keeper.keep() }
        if isDiscAtOnce, let reserved = track.reserved, track.written + sectors == reserved {
            try finishDiscAtOnce()
        }
    }

    /// Whether sectors are recorded already, on a disc that lets them be replaced.
    private func replaces(_ sectors: Range<Int>) -> Bool {
        guard record.format?.allowsReplacing == true else { return false }
        return record.tracks.contains {
            $0.readable.lowerBound <= sectors.lowerBound
                && sectors.upperBound <= $0.readable.upperBound
        }
    }

    /// The open track whose next writable address this is, by its place in the open session.
    private func openTrackIndex(at lba: Int) -> Int? {
        record.openSession?.tracks.firstIndex { $0.nextWritable == lba && !isFull($0) }
    }

    private func isFull(_ track: TrackRecord) -> Bool {
        track.reserved.map { track.written >= $0 } ?? false
    }

    private func changeTrack(_ index: Int, _ change: (inout TrackRecord) -> Void) {
        keeper.change { record in
            change(&record.sessions[record.sessions.count - 1].tracks[index])
        }
    }

    func synchronize() throws(Sense) {
        try padBlocks()
        keeper.flushed()
        try keeper.keep()
    }

    /// Fills up the block that each open track is in: only whole blocks are on the disc.
    private func padBlocks() throws(Sense) {
        guard let open = record.openSession else { return }
        for (index, track) in open.tracks.enumerated() where !track.isClosed {
            let rest = track.written % block
            guard rest != 0 else { continue }
            let end = min(track.written + block - rest, track.reserved ?? .max)
            try keeper.clear(track.start + track.written..<track.start + end)
            changeTrack(index) { $0.written = end }
        }
    }

    func reserve(_ sectors: Int) throws(Sense) {
        guard !record.isFinalized else { throw .incompatibleMedium }
        guard let next = upcomingTrack() else { throw .wrongSequence }
        let whole = isDiscAtOnce ? sectors : (sectors + block - 1) / block * block
        guard whole > 0, next.start + whole <= next.limit else { throw .outOfRange }
        if heedsParameters, parameters.testWrite { keeper.beginRehearsal() }
        open(next, reserved: whole)
        try keeper.keep()
    }

    func close(_ function: Int, track number: Int) throws(Sense) {
        guard let action = traits.closeActions[function] else {
            throw CDB([]).invalid(2, bit: 2)
        }
        switch action {
        case .track: try closeTrack(number)
        case .session:
            try closeSession(finalizing: isMinus && parameters.multiSession == 0)
        case .finalize: try closeSession(finalizing: true)
        case .stopFormat: break
        }
        try keeper.keep()
    }

    private func closeTrack(_ number: Int) throws(Sense) {
        guard let index = record.openSession?.tracks.firstIndex(where: { $0.number == number })
        else {
            // The track that is not begun yet, and those that are closed, need nothing.
            let isKnown = record.tracks.contains { $0.number == number }
            guard isKnown || upcomingTrack()?.number == number else { throw CDB([]).invalid(4) }
            return
        }
        try endTrack(index)
    }

    /// Ends a track; where a size was set aside, it is filled up with zeros.
    private func endTrack(_ index: Int) throws(Sense) {
        try padBlocks()
        guard let track = record.openSession?.tracks[index], !track.isClosed else { return }
        let size = track.extent
        try keeper.clear(track.start + track.written..<track.start + size)
        changeTrack(index) {
            $0.written = size
            $0.isClosed = true
        }
    }

    private func closeSession(finalizing: Bool) throws(Sense) {
        guard let open = record.openSession, !open.tracks.isEmpty else {
            // A disc whose sessions are all closed can still be finalized.
            guard finalizing, !record.sessions.isEmpty, !record.isFinalized else {
                throw Sense(.illegalRequest, 0x72, 0x04)
            }
            keeper.change { $0.isFinalized = true }
            return
        }
        guard open.tracks.contains(where: { $0.written > 0 }) else {
            throw Sense(.illegalRequest, 0x72, 0x04)
        }
        for index in open.tracks.indices { try endTrack(index) }
        let joins = MediumTraits.of(record).closeActions[5] != nil
        keeper.change { record in
            var session = record.sessions[record.sessions.count - 1]
            // The fragments of a DVD+R session become one track (MMC-6 §4.3.6.2).
            if joins, let first = session.tracks.first, let last = session.tracks.last {
                var whole = first
                whole.written = last.end - first.start
                whole.reserved = nil
                session.tracks = [whole]
            }
            session.leadOut = session.tracks.last?.end
            record.sessions[record.sessions.count - 1] = session
            if finalizing { record.isFinalized = true }
        }
        endRehearsalAfterSession()
    }

    /// Disc-at-once ends with its last sector: the lead-out follows by itself.
    private func finishDiscAtOnce() throws(Sense) {
        drive.timeLeadOut(at: record.tracks.last?.end ?? 0)
        keeper.change { record in
            let last = record.sessions.count - 1
            for index in record.sessions[last].tracks.indices {
                record.sessions[last].tracks[index].isClosed = true
            }
            record.sessions[last].leadOut = record.sessions[last].tracks.last?.end
            record.isFinalized = true
        }
        try keeper.keep()
        endRehearsalAfterSession()
    }

    private func endRehearsalAfterSession() {
        keeper.endRehearsal()
    }
}
