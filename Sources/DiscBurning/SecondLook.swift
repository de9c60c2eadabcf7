import DiscDrives
import DiscModel
import LibBurn
import Reports
import SystemPackage
import Transfer

/// Reads sectors that did not come as they should once more, by other ways, to tell a bad reading
/// from a bad disc.
///
/// First from the disc itself, whatever the drive still has of it in its buffer, coming from far
/// away; then, if that is not enough, after the disc was loaded again.
struct SecondLook {
    /// Sectors beyond which a disc is not looked at sector by sector.
    static let mostSectors = 256
    /// Times that a sector is read by each way.
    private static let readsByWay = 2

    /// How often a sector was read, and how often that was wrong.
    struct Finding: Sendable {
        /// The sector on the disc.
        var sector: Int
        /// How often it was read.
        var reads = 1
        /// How often something else came than was burned, or nothing.
        var wrong = 1
        /// Whether the drive gave it at all when it was read last.
        var isReadable: Bool
        /// Whether it came right each time that it was read by the last way.
        var isRight = false

        /// “in 2 of 3 reads”.
        var count: String { "in \(wrong) of \(reads) reads" }
    }

    let node: FilePath
    /// What tells what a sector owes.
    let comparison: TrackComparison
    /// By how many samples audio comes back too early.
    let shift: Int
    /// The sectors of the disc that hold the image.
    let sectors: Range<Int>

    /// Looks.
    ///
    /// - Parameters:
    ///   - suspects: What was found of the sectors before.
    ///   - drive: The drive; another value after the disc was loaded again.
    ///   - report: What it says of the disc; likewise.
    ///   - cancellation: A wish to stop, heeded between two reads.
    ///   - tell: Told what is done.
    /// - Returns: What was found, and what kept the disc from being loaded again, if anything did.
    /// - Throws: ``Reports/Failure`` if the drive can't be reached any more.
    func look(
        at suspects: [Finding],
        _ drive: inout Drive,
        _ report: inout DiscReport,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) -> (findings: [Finding], obstacle: String?) {
        var findings = suspects
        tell(
            .message(
                JobMessage(
                    .note,
                    "\(Witness.count(suspects.count, "sector")) did not come back as they were burned, and are read again by other ways."
                )
            )
        )
        read(&findings, drive, report, cancellation)
        guard findings.contains(where: { !$0.isRight }), !cancellation.isRequested else {
            return (findings, nil)
        }
        tell(.message(JobMessage(.note, "The drive is asked to reload the disc.")))
        let reloading = try Drive.reload(node)
        if case .loaded(let newDrive, let newReport) = reloading {
            (drive, report) = (newDrive, newReport)
            read(&findings, drive, report, cancellation)
        }
        return (findings, reloading.obstacle)
    }

    /// Reads those that are not known to be right some more times.
    private func read(
        _ findings: inout [Finding],
        _ drive: Drive,
        _ report: DiscReport,
        _ cancellation: Cancellation
    ) {
        for index in findings.indices where !findings[index].isRight {
            var wrong = 0
            for _ in 0..<Self.readsByWay {
                guard !cancellation.isRequested else { return }
                let sector = findings[index].sector
                _ = read(farFrom(sector), drive, report)
                let reading = read(sector, drive, report)
                // A drive that does not read at all any more says nothing of the disc.
                if case .none = reading { return }
                findings[index].reads += 1
                if case .sector(let bytes) = reading {
                    findings[index].isReadable = true
                    if comparison.isRight(bytes, at: sector, shift: shift) { continue }
                } else {
                    findings[index].isReadable = false
                }
                wrong += 1
            }
            findings[index].wrong += wrong
            findings[index].isRight = wrong == 0
        }
    }

    /// A sector at the other end of what was written.
    private func farFrom(_ sector: Int) -> Int {
        let middle = sectors.lowerBound + sectors.count / 2
        return sector < middle
            ? max(sectors.lowerBound, sectors.upperBound - 1) : sectors.lowerBound
    }

    /// What a drive gives when it is asked for a sector.
    private enum Reading {
        case sector([UInt8])
        case unreadable
        case none
    }

    /// Reads a sector from the disc and not from the drive's buffer, as far as the drive takes such a
    /// wish.
    private func read(_ sector: Int, _ drive: Drive, _ report: DiscReport) -> Reading {
        let kind = comparison.kind(at: sector)
        let source: any SectorSource =
            kind == .audio
            ? DriveSource(soundOf: drive, sectors: sector + 1)
            : DriveSource(drive, report, sectors: sector + 1, forcesAccess: true)
        var bytes = [UInt8](repeating: 0, count: kind.sectorSize)
        var span = bytes.mutableSpan
        do {
            return try source.read(at: sector, into: &span) == 1 ? .sector(bytes) : .unreadable
        } catch is UnreadableSectors {
            return .unreadable
        } catch {
            return .none
        }
    }
}

extension SecondLook {
    /// What was found, in sentences: the sectors that stay wrong, or that came right in the end.
    static func sentences(_ findings: [Finding]) -> [String] {
        let wrong = findings.filter { !$0.isRight }
        let right = findings.filter(\.isRight)
        var sentences: [String] = []
        if let first = wrong.first {
            let rest = wrong.contains { $0.count != first.count }
            sentences.append(
                wrong.count == 1
                    ? "Sector \(first.sector) was wrong \(first.count)."
                    : rest
                        ? "Sector \(first.sector) was wrong \(first.count), sector \(wrong[wrong.count - 1].sector) \(wrong[wrong.count - 1].count)."
                        : "Each of them was wrong \(first.count)."
            )
        }
        if let first = right.first {
            sentences.append(
                "\(Witness.count(right.count, "sector")) came back wrong at first and right when read again: sector \(first.sector) was wrong \(first.count)."
            )
        }
        return sentences
    }
}
