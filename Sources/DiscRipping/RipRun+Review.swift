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
    func planReview(_ cancellation: Cancellation) {
        guard let review = options.review, source.isReviewed, sink.order == .any else { return }
        recovery.review = { [unowned self] in suspects(review, cancellation) }
    }

    /// What of the audio is to be read once more; nothing if that can't be told: the finished image is looked at
    /// once more, and says why.
    private func suspects(_ review: SoundReview, _ cancellation: Cancellation) -> RangeSet<Int> {
        let image = KeptDisc(source.wanted, in: sink, recovery.map)
        guard let found = try? review.look(image, cancellation), !cancellation.isRequested else {
            return RangeSet()
        }
        var sectors = found.sectors
        if source.isReadOnce { sectors.formUnion(found.unproven) }
        let read = RangeSet(recovery.map.ranges(.finished)).intersection(recovery.wanted)
        sectors = sectors.intersection(read)
        guard !sectors.isEmpty else { return sectors }
        let before = evidence
        reviewed = Reviewed(suspects: found, sectors: sectors, before: before)
        source.disc.reviewSound(of: source.shifted?.sources(of: sectors) ?? sectors)
        source.shifted?.forgetLast()
        tell(.message(JobMessage(.note, Self.announcement(found, sectors))))
        return sectors
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
        guard let reviewed else { return }
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
            } ?? "all came with the same samples as before"
        if count > 0 {
            let buffer =
                source.disc.mayReadCache
                ? ", perhaps out of the drive's buffer: there is too little audio on the disc to empty it"
                : ""
            result.sentences.append(
                "\(what.joined(separator: " and ")) \(count == 1 ? "was" : "were") read again: \(came)\(buffer)."
            )
        }
        let left = Self.count(reviewed.sectors) - count
        if left > 0 {
            result.sentences.append(
                "\(Wording.sectors(left)) more \(left == 1 ? "was" : "were") to be read again, and did not come a second time: what came before is kept."
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
