import DiscDrives
import DiscImages
import DiscModel
import LinuxCalls
import Reports
import Transfer

/// A second reading of what others' rips speak against.
extension RipRun {
    /// What a look at the audio was for.
    struct Reviewed {
        /// What was found.
        var suspects: SoundReview.Suspects
        /// The sectors that were to be read once more.
        var sectors: RangeSet<Int>
        /// What was known of the sectors before.
        var before: SalvageEvidence
    }

    /// Has the audio looked at when all of it was read.
    ///
    /// - Parameters:
    ///   - begun: Called before that.
    ///   - reading: Told, before any is read again, how many sectors are to be.
    func planReview(begun: @escaping () -> Void, reading: @escaping (Int) throws -> Void) {
        guard let review = options.review, source.isReviewed, sink.order == .any else { return }
        recovery.confirm = { [unowned self] in confirmed($0) }
        recovery.review = { [unowned self] wish in
            begun()
            let sectors = suspects(review, wish)
            if !sectors.isEmpty { try reading(sectors.elementCount) }
            return sectors
        }
    }

    /// Those of some sectors that were read again which have a second witness.
    ///
    /// What the drive brought once, or never twice the same, is no better than what it brought before.
    private func confirmed(_ sectors: Range<Int>) -> RangeSet<Int> {
        let twice = RangeSet(source.disc.readTwice)
        guard let shifted = source.shifted else {
            let sound = source.wanted.storage(at: sectors.lowerBound).mode == .audio
            return sound ? twice.intersection(RangeSet(sectors)) : RangeSet(sectors)
        }
        return shifted.confirmed(sectors, by: twice)
    }

    /// What of the audio is to be read once more; nothing if that can't be told: the finished image is looked at
    /// once more, and says why.
    private func suspects(_ review: SoundReview, _ wish: Cancellation) -> RangeSet<Int> {
        let image = KeptDisc(source.wanted, in: sink, recovery.map)
        guard let found = try? review.look(image, wish, tell), !wish.isRequested else {
            return RangeSet()
        }
        var sectors = found.sectors
        if source.isReadOnce { sectors.formUnion(found.unproven) }
        let read = RangeSet(recovery.map.ranges(.finished)).intersection(recovery.wanted)
        sectors = sectors.intersection(read)
        guard !sectors.isEmpty else { return sectors }
        let before = evidence
        reviewed = Reviewed(suspects: found, sectors: sectors, before: before)
        let known = read.subtracting(before.doubtful)
        source.disc.reviewSound(
            of: source.shifted?.sources(of: sectors) ?? sectors,
            before: { [unowned self] in kept($0, of: known) },
            isStopped: { wish.isRequested }
        )
        source.shifted?.forgetLast()
        tell(.message(JobMessage(.note, Self.announcement(found, sectors))))
        return sectors
    }

    /// What the image has of a sector of audio of the disc in the drive, as it was read at first.
    ///
    /// - Parameters:
    ///   - sector: The sector.
    ///   - known: The sectors of the image that were read without a doubt.
    /// - Returns: The audio; `nil` if not all of it is among these.
    private func kept(_ sector: Int, of known: RangeSet<Int>) -> [UInt8]? {
        let (sectors, byte) = source.shifted?.place(of: sector) ?? (sector..<sector + 1, 0)
        guard sectors.allSatisfy({ known.contains($0) && !recovery.changed.contains($0) }),
            let request = sink.requests.first(where: {
                $0.sectors.contains(sectors.lowerBound)
                    && $0.sectors.contains(sectors.upperBound - 1)
            }), request.form == .raw,
            sectors.allSatisfy({ source.wanted.storage(at: $0).mode == .audio })
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: sectors.count * RawSector.size)
        var span = bytes.mutableSpan
        guard (try? sink.read(into: &span, at: sectors.lowerBound, for: request)) == true else {
            return nil
        }
        return Array(bytes[byte..<byte + RawSector.size])
    }

    private static func announcement(_ found: SoundReview.Suspects, _ sectors: RangeSet<Int>)
        -> String
    {
        let count = count(sectors)
        guard !found.tracks.isEmpty else {
            return
                "\(Wording.sectors(count)) that no database says anything of \(count == 1 ? "is" : "are") read again."
        }
        return
            "Databases have other samples of \(tracks(found.tracks)): \(Wording.sectors(count)) \(count == 1 ? "is" : "are") read again."
    }

    private static func count(_ sectors: RangeSet<Int>) -> Int {
        sectors.ranges.reduce(0) { $0 + $1.count }
    }

    private static func tracks(_ numbers: [Int]) -> String {
        "\(numbers.count == 1 ? "track" : "tracks") \(Wording.ranges(numbers))"
    }

    /// Says what was read again because of that, and what came of it.
    func addReview(to result: inout JobResult) {
        guard let reviewed else {
            guard recovery.isReviewEnded else { return }
            var review = AudioReview(tracks: [], isNamed: false)
            review.isEndedEarly = true
            result.audioReview = review
            result.sentences.append(
                "The comparison with databases was ended before it was known what to read again."
            )
            return
        }
        let sectors = Array(recovery.reviewed.ranges)
        let count = Self.count(recovery.reviewed)
        let changed = Array(recovery.changed.intersection(recovery.reviewed).ranges)
        let changes = Self.count(RangeSet(changed))
        let found = reviewed.suspects
        var review = AudioReview(tracks: found.tracks, isNamed: found.areNamed)
        review.sectors = count
        review.runs = sectors.map(SectorRun.init)
        review.changedSectors = changes
        review.changedRuns = changed.map(SectorRun.init)
        let unconfirmed = recovery.unconfirmed.intersection(recovery.reviewed)
        let kept = Self.count(unconfirmed)
        review.unconfirmedSectors = kept
        review.unconfirmedRuns = unconfirmed.ranges.map(SectorRun.init)
        review.isEndedEarly = recovery.isReviewEnded
        result.audioReview = review
        let suspects = Self.count(recovery.reviewed.intersection(found.sectors))
        var what: [String] = []
        if suspects > 0 {
            let why =
                found.areNamed
                ? "in which parity says that samples are wrong"
                : "of which databases have other samples"
            what.append("\(Wording.sectors(suspects)) of \(Self.tracks(found.tracks)), \(why),")
        }
        if count > suspects {
            what.append(
                "\(Wording.sectors(count - suspects)) that no database says anything of"
            )
        }
        let came =
            changed.first.map { first in
                let place = "\(first.lowerBound) (\(MSF(LBA(first.lowerBound))))"
                return changes == 1
                    ? "sector \(place) came with other samples than before"
                    : "\(changes) of them, the first of them \(place), came with other samples than before"
            }
            ?? (kept == 0
                ? "all came with the same samples as before" : "none came with others for sure")
        if count > 0 {
            let buffer =
                source.disc.mayReadCache
                ? ", perhaps out of the drive's buffer: there is too little audio on the disc to empty it"
                : ""
            result.sentences.append(
                "\(what.joined(separator: " and ")) \(count == 1 ? "was" : "were") read again: \(came)\(buffer)."
            )
        }
        if kept > 0, let first = unconfirmed.ranges.first?.lowerBound {
            let place = "\(first) (\(MSF(LBA(first))))"
            result.sentences.append(
                kept == 1
                    ? "Sector \(place) did not come twice the same when it was read again: what came before is kept."
                    : "\(kept) sectors, the first of them \(place), did not come twice the same when they were read again: what came before is kept."
            )
        }
        let left = Self.count(reviewed.sectors) - count
        if left > 0 {
            let why =
                recovery.isReviewEnded
                ? "but that was ended early" : "and did not come a second time"
            result.sentences.append(
                "\(Wording.sectors(left))\(count > 0 ? " more" : "") \(left == 1 ? "was" : "were") to be read again, \(why): what came before is kept."
            )
        }
    }

    /// Makes a place for an image that is packed as it comes, until it has been looked at.
    ///
    /// - Parameter bytes: Its size.
    /// - Returns: `nil` if there is no room for it and the image.
    static func spool(of bytes: Int) -> NamelessFile? {
        // The image itself may come to lie on the same file system, and is no larger.
        guard let free = try? FileSystem.freeSpace(at: NamelessFile.folder), free / 2 > bytes else {
            return nil
        }
        return try? NamelessFile()
    }
}
