import DiscDrives
import DiscModel
import LinuxCalls
import MMC
import Reports
import SystemPackage
import Transfer

/// Finds how much of an image a disc holds already, so that a burn that was broken off can be gone on
/// with.
///
/// The disc is read and compared with the image, sector by sector: no note of the earlier burn is
/// believed. What lies behind the first block that does not hold the image is written again where blocks
/// can be written in any order. On a disc that is written in order, all that its open track holds has to
/// be the image's.
struct Resumption {
    /// The discs that are written in order, and on which libburn 1.5.4 goes on with an open track.
    ///
    /// It asks for the next writable address of the track that is open (MMC-6 §6.27). On BD-R it asks
    /// for that of the track behind it, and fails.
    static let sequential: Set<MediumKind> = [.dvdR, .dvdRW, .dvdPlusR, .dvdPlusRDualLayer]
    /// Sectors that are compared at once: whole blocks of any kind of disc.
    private static let piece = 128

    let image: ImageToBurn
    let plan: BurnPlan
    let report: DiscReport

    /// Has a drive write what a burn that was broken off left in its buffer.
    ///
    /// Until then it may count that as written, and give something else to whoever reads it. Nothing comes
    /// to a disc that was not sent to it before, and a drive that refuses is none the worse: the disc is
    /// looked at in any case.
    ///
    /// - Returns: Whether the disc is one that can be gone on with, and has to be looked at again.
    static func flush(_ node: FilePath, _ report: DiscReport) -> Bool {
        guard report.isOverwritable || report.medium.map(sequential.contains) ?? false,
            let drive = try? Drive(node, writable: true)
        else { return false }
        return (try? drive.commands.send(.synchronizeCache)) != nil
    }

    /// Fails where nothing can be gone on with, as far as that can be told before a plan.
    ///
    /// - Parameters:
    ///   - image: What is burned.
    ///   - way: How it is written.
    ///   - report: What the drive says of the disc.
    ///   - node: The drive's device node.
    /// - Throws: ``Reports/Failure``: why not, and what to do.
    static func check(
        _ image: ImageToBurn,
        _ way: ImageToBurn.Way,
        _ report: DiscReport,
        in node: FilePath
    ) throws(Failure) {
        guard image.disc != nil, image.byteCount != nil else {
            throw Failure(
                notBurned: "\(image.name) can't be compared with what the disc holds.",
                "Go on with the image file that was burned before."
            )
        }
        let medium = try report.knownMedium(
            in: node.string,
            wanted: "the disc whose burn was broken off",
            meaning: "Nothing was written."
        )
        let name = medium.displayName
        let instead =
            medium.facts.recording == .blankable
            ? "Blank it first with “spindle blank”, and burn the image again."
            : "Burn the image on a new disc."
        if report.state == .blank, !report.isOverwritable {
            throw .unfit(
                "The \(name) is blank: there is nothing to go on with.",
                "Leave --resume out.",
                .blankDisc
            )
        }
        guard report.isUnformatted == false else {
            throw .unfit(
                "The \(name) is not formatted: there is nothing to go on with.",
                "Leave --resume out.",
                .blankDisc
            )
        }
        guard !report.isOverwritable else { return }
        guard medium.facts.family != .cd else {
            throw .unfit(
                "A track of a \(name) is written in one go, and can't be gone on with.",
                instead
            )
        }
        guard way.disc == nil, report.openTrack != nil else {
            throw .unfit(
                "The \(name) has no track that was begun and not finished: it is \(report.state.rawValue).",
                instead
            )
        }
        guard sequential.contains(medium) else {
            throw .unfit(
                "libburn does not go on with a track of a \(name) that was broken off.",
                "To add a further session after it, end it with “spindle close --keep-open”; else burn the image on a new disc."
            )
        }
    }

    /// Finds the sectors of the image that are on the disc, from its first on.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - cancellation: A wish to stop, heeded between two reads.
    ///   - tell: Told what is done, and the progress.
    /// - Returns: How many there are: whole blocks, or all of the image.
    /// - Throws: ``Reports/Failure`` if the disc holds nothing of the image, or something behind which it
    ///   can't be written.
    func find(
        _ drive: Drive,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> Int {
        tell(
            .message(
                JobMessage(
                    .note,
                    "The disc is read to find how much of the image it holds already."
                )
            )
        )
        let all = image.sectors ?? 0
        let recorded = report.openTrack.flatMap { $0.nextWritable }.map {
            $0.rawValue - plan.point.address
        }
        let held = try compare(drive, min(all, recorded ?? all), cancellation, tell)
        let name = plan.medium.displayName
        guard held.isTelling else {
            throw .unfit(
                "The \(name) does not hold the beginning of \(image.name).",
                plan.isOverwriting
                    ? "Leave --resume out to write all of the image."
                    : "Put in the disc whose burn was broken off, or use a blank one.",
                .otherDisc
            )
        }
        guard let recorded else { return held.sectors }
        guard recorded < all else {
            throw .unfit(
                "The \(name) holds all that the image has; only the recording was not ended.",
                "End it with “spindle close”, and then compare it with “spindle verify”."
            )
        }
        guard held.sectors == recorded else {
            throw .unfit(
                "The \(name) can only be written from sector \(plan.point.address + recorded) on, and from sector \(plan.point.address + held.sectors) on it does not hold the image.",
                plan.medium.facts.recording == .blankable
                    ? "Blank it first with “spindle blank”, and burn the image again."
                    : "Burn the image on a new disc."
            )
        }
        return held.sectors
    }

    /// What a disc holds of an image.
    private struct Held {
        /// The sectors from the first on.
        var sectors: Int
        /// Whether there is something other than zeros in them, which any disc may begin with.
        var isTelling: Bool
    }

    /// Compares the disc with the image up to the first block that differs or can't be read.
    private func compare(
        _ drive: Drive,
        _ count: Int,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> Held {
        let start = plan.point.address
        let source = DriveSource(drive, report, sectors: start + count)
        var meter = RateMeter(
            phase: .verify,
            total: count * 2048,
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        var held = Held(sectors: 0, isTelling: false)
        let block = plan.medium.facts.sectorsPerBlock
        var piece = Self.piece
        while held.sectors < count {
            guard !cancellation.isRequested else { throw .stoppedBeforehand }
            let wanted = min(piece, count - held.sectors)
            guard let equal = try equalSectors(source, at: held.sectors, wanted) else {
                // Which block it is that can't be read shows one by one.
                guard piece > block else { break }
                piece = block
                continue
            }
            let whole = equal.count < wanted ? equal.count / block * block : wanted
            held.sectors += whole
            held.isTelling = held.isTelling || whole > 0 && equal.isTelling
            guard equal.count == wanted else { break }
            if meter.isDue { tell(.progress(meter.progress(bytes: held.sectors * 2048))) }
        }
        return held
    }

    /// The sectors at a place of the image that the disc holds, and whether there is anything but zeros
    /// in these; `nil` if the disc can't be read there.
    private func equalSectors(_ source: DriveSource, at place: Int, _ count: Int) throws(Failure)
        -> (count: Int, isTelling: Bool)?
    {
        do {
            let owed = try VolumeHead.read(image.source, place..<place + count)
            let found: [UInt8]
            do {
                let first = plan.point.address + place
                found = try VolumeHead.read(source, first..<first + count)
            } catch is UnreadableSectors {
                return nil
            }
            let equal =
                (0..<count).first {
                    let bytes = $0 * 2048..<($0 + 1) * 2048
                    return owed[bytes] != found[bytes]
                } ?? count
            return (equal, owed.prefix(equal * 2048).contains { $0 != 0 })
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                "The image or the disc can't be read: \(error)",
                meaning: "Nothing was written.",
                advice: "Try again, or burn the image on a new disc."
            )
        }
    }
}
