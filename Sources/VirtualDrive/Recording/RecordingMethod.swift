import DiscImages
import DiscModel
import MMC

/// How the disc that is in the drive is written.
protocol RecordingMethod: AnyObject {
    /// The disc as a command that writes finds it: in a rehearsal, as if it had been written.
    var record: DiscRecord { get }

    /// The disc has come into the drive.
    func arrive()
    /// The disc leaves the drive.
    func leave()
    /// The drive has been given other write parameters.
    func parametersChanged()

    /// The drive stops in the middle of what it writes.
    ///
    /// - Parameter lost: The sectors that were sent last and did not come onto the disc, of those
    ///   that were not synchronized.
    func interrupt(lost: Int)

    /// The track that a next write would begin, where one can be begun.
    func upcomingTrack() -> UpcomingTrack?
    /// The first sector that a host has to write of a track that is to be begun.
    func firstWritable(of next: UpcomingTrack) -> Int
    /// The next sector of what is being written, where no track tells it.
    var nextAddress: Int? { get }
    /// WRITE.
    func write(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense)
    /// SYNCHRONIZE CACHE.
    func synchronize() throws(Sense)
    /// RESERVE TRACK with a size.
    func reserve(_ sectors: Int) throws(Sense)
    /// SEND CUE SHEET.
    func plan(_ sheet: CueSheet) throws(Sense)
    /// CLOSE TRACK/SESSION with the function's number.
    func close(_ function: Int, track: Int) throws(Sense)
}

/// A track that is not begun yet: the invisible track.
struct UpcomingTrack {
    var number: Int
    var session: Int
    var start: Int
    /// The sector behind the last that it can hold.
    var limit: Int
}

extension RecordingMethod {
    func arrive() {}
    func leave() {}
    func interrupt(lost: Int) {}
    func parametersChanged() {}
    func upcomingTrack() -> UpcomingTrack? { nil }
    func firstWritable(of next: UpcomingTrack) -> Int { next.start }
    var nextAddress: Int? { nil }

    func reserve(_ sectors: Int) throws(Sense) { throw .incompatibleMedium }

    func plan(_ sheet: CueSheet) throws(Sense) { throw .incompatibleMedium }
}

extension DiscRecord {
    /// Where the next track would start, and in which session.
    func nextTrack(_ traits: MediumTraits, blockSize: Int, limit: Int) -> UpcomingTrack? {
        guard !isFinalized else { return nil }
        let number = (tracks.last?.number ?? 0) + 1
        guard number <= maximumTracks else { return nil }
        var next = UpcomingTrack(number: number, session: 1, start: 0, limit: limit)
        if let last = sessions.last {
            if let leadOut = last.leadOut {
                let gap = last.number == 1 ? traits.sessionGap.first : traits.sessionGap.later
                next.start = leadOut + gap
                next.session = last.number + 1
            } else {
                next.session = last.number
                if let track = last.tracks.last { next.start = track.end + traits.trackGap }
            }
        }
        let rest = next.start % blockSize
        if rest != 0 { next.start += blockSize - rest }
        return next.start < limit ? next : nil
    }

    /// The most tracks that a disc of this family can list: 99 on a CD (ECMA-130 §22.3.2), 153
    /// sessions of one track on DVD+R (ECMA-349), more on the others.
    private var maximumTracks: Int {
        switch medium.facts.family {
        case .cd: 99
        case .dvd: 153
        case .bd: 7927
        }
    }
}

extension Span<UInt8> {
    /// Checks that the host offers the bytes that a command needs.
    ///
    /// It may offer more, of which a drive takes what it needs: growisofs 7.1 offers the last sectors
    /// of a disc-at-once recording in a whole block.
    func require(_ count: Int) throws(Sense) {
        guard self.count >= count else { throw .wrongKindOfSector }
    }
}
