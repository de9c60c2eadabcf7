import DiscImages
import MMC

/// The record of a disc while it is written: the disc's own, or a copy of it while the laser stays
/// low in a rehearsal.
struct RecordKeeper {
    let disc: VirtualDisc
    /// The copy that a rehearsal works on.
    private(set) var rehearsal: DiscRecord?
    /// Sectors that were recorded since the record was kept last.
    private var unkept = 0
    /// Sectors that were recorded since the host asked that all be on the disc.
    private var unflushed = 0

    /// After how many sectors the record is kept though nobody asked: 16 MiB.
    private static let interval = 8192

    init(_ disc: VirtualDisc) {
        self.disc = disc
    }

    var isRehearsing: Bool { rehearsal != nil }

    var record: DiscRecord { rehearsal ?? disc.record }

    mutating func beginRehearsal() {
        if rehearsal == nil { rehearsal = disc.record }
    }

    mutating func endRehearsal() {
        rehearsal = nil
    }

    /// Changes the record without keeping it.
    mutating func change<Result>(_ change: (inout DiscRecord) -> Result) -> Result {
        if var copy = rehearsal {
            rehearsal = nil
            let result = change(&copy)
            rehearsal = copy
            return result
        }
        return change(&disc.record)
    }

    /// Stops in the middle of a session: what was sent last is lost, the rest is kept.
    ///
    /// - Parameters:
    ///   - lost: The sectors that are lost at most.
    ///   - block: The sectors that are only recorded together.
    ///   - isDamaging: Whether nothing can be added to the tracks that were being written.
    mutating func interrupt(lost: Int, block: Int, isDamaging: Bool) {
        let unflushed = min(lost, self.unflushed)
        rehearsal = nil
        let last = disc.record.sessions.count - 1
        guard last >= 0, !disc.record.sessions[last].isClosed else { return }
        var left = unflushed
        for index in disc.record.sessions[last].tracks.indices.reversed() {
            var track = disc.record.sessions[last].tracks[index]
            guard track.written > 0 || !track.isClosed else { continue }
            let taken = min(left, track.written)
            left -= taken
            let kept = track.written - taken
            track.written = kept - kept % block
            if taken > 0 { track.isClosed = false }
            if !track.isClosed, isDamaging { track.isDamaged = true }
            disc.record.sessions[last].tracks[index] = track
        }
        // Where it can't be kept, the disc is as it was kept last.
        try? disc.store()
    }

    /// Notes that what was sent is on the disc.
    mutating func flushed() { unflushed = 0 }

    /// Notes that sectors were recorded, and keeps the record now and then, so that a drive that
    /// is killed leaves a disc that knows about where it was.
    mutating func recorded(_ sectors: Int) throws(Sense) {
        unkept += sectors
        unflushed += sectors
        if unkept >= Self.interval { try keep() }
    }

    /// Keeps the record in the disc's file.
    mutating func keep() throws(Sense) {
        unkept = 0
        guard rehearsal == nil else { return }
        do { try disc.store() } catch { throw .writeError }
    }

    /// Writes user data, unless this is a rehearsal.
    func write(_ data: Span<UInt8>, at lba: Int) throws(Sense) {
        guard rehearsal == nil else { return }
        do { try disc.writeUserData(data, at: lba) } catch { throw .writeError }
    }

    /// Forgets sectors, so that they read as zeros, unless this is a rehearsal.
    func clear(_ sectors: Range<Int>) throws(Sense) {
        guard rehearsal == nil, !sectors.isEmpty else { return }
        do { try disc.discard(sectors) } catch { throw .writeError }
    }
}
