public import DiscAuthoring
public import DiscBurning
import DiscDrives
import DiscFiles
import DiscImages
import DiscModel
import DiscOpening
import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Changes the files on a disc in a drive: the changes become a session behind what there is, or on a
/// disc that can be written anywhere a volume behind the one that it shows.
///
/// Nothing that is on the disc is written over, but for the descriptors in sector 16 of a disc that can
/// be written anywhere, and those last of all.
public struct DiscEditJob {
    private let node: FilePath
    private let changes: TreeChanges
    private let options: BurnOptions
    private let session: Int?

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - changes: What the disc's files are to become.
    ///   - options: How the session is burned.
    ///   - session: The number of the session whose files are changed; the last one with data if `nil`.
    public init(
        _ node: FilePath,
        _ changes: TreeChanges,
        _ options: BurnOptions,
        session: Int? = nil
    ) {
        self.node = node
        self.changes = changes
        self.options = options
        self.session = session
    }

    /// Burns the changes.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at the next place where the disc stays usable.
    ///   - confirm: Asked what a person has to agree to.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure``; its second sentence says what the disc is now.
    public func run(
        cancellation: Cancellation,
        confirm: (BurnQuestion) throws(Failure) -> Bool,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let job = BurnJob(image: try image(cancellation), drive: node, options: options)
        return try job.run(cancellation: cancellation, confirm: confirm, tell: tell)
    }

    /// Looks whether the disc can have the changes; it is only read.
    func check(_ cancellation: Cancellation) throws(Failure) {
        try BurnJob(image: try image(cancellation), drive: node, options: options)
            .check(cancellation)
    }

    /// The session to burn; the drive is free again then.
    private func image(_ cancellation: Cancellation) throws(Failure) -> ImageToBurn {
        let (opened, report) = try open()
        let place = try place(opened, report)
        let editing = try editing(opened, place, FileDetails.Time.now.seconds, cancellation)
        return try ImageToBurn(of: editing, allowsLoss: options.allowsLoss)
    }

    private func open() throws(Failure) -> (OpenDisc, DiscReport) {
        let opened = try OpenDisc(node, need: .data)
        guard case .drive(_, let report) = opened.content else {
            throw Failure(
                .usage,
                "\(node) is not a drive.",
                meaning: "Nothing was written.",
                advice: "Name a drive's device node."
            )
        }
        return (opened, report)
    }

    /// The changes, as a session of the disc.
    private func editing(
        _ opened: OpenDisc,
        _ place: (start: Int, next: Int),
        _ time: Int,
        _ cancellation: Cancellation
    ) throws(Failure) -> ISOEditing {
        let editing = try ISOEditing(
            disc: opened.data,
            named: node.string,
            sessionStart: place.start,
            newSession: place.next,
            changes,
            time: time,
            cancellation
        )
        guard editing.isChanged else {
            throw Failure(
                .source,
                "There is nothing to change on the disc in \(node).",
                meaning: "The disc was not touched.",
                advice: "Name what is to be added, removed or moved."
            )
        }
        return editing
    }

    /// Where the session begins whose files the disc shows, and where the next one will begin.
    private func place(_ opened: OpenDisc, _ report: DiscReport) throws(Failure) -> (
        start: Int, next: Int
    ) {
        if opened.isOverwritable {
            let content = try? DiscContent.examine(opened.data)
            if let end = content?.volumeEndSector, end > 0 { return (0, (end + 31) / 32 * 32) }
        } else if let next = report.nextSession, let base = base(opened) {
            return (base.start, next.address)
        }
        throw Failure(
            .unsuitable,
            "The disc in \(node) has no files that can be changed: it is blank, closed, or can't be written.",
            meaning: "The disc was not touched.",
            advice:
                "Put in a disc with files that can be appended to or written over: “spindle info” tells."
        )
    }

    /// The session whose files are changed.
    private func base(_ opened: OpenDisc) -> DataSession? {
        let sessions = opened.layout.dataSessions
        guard let session else { return sessions.last }
        return sessions.first { $0.number == session }
    }

    // MARK: A session that is there already

    /// The last session of a disc, which came after the one whose files are changed.
    struct LaterSession {
        /// Its number, and where it is.
        var place: DataSession
        /// Its bytes, as far as they are those that the changes make.
        var byteCount = 0
        /// Their SHA-256, in hexadecimal; `nil` where there is a doubt.
        var sha256: String?
        /// Why it is not known to be what the changes make: a clause; `nil` if all of it is.
        var doubt: String?
    }

    /// Reads the last session of the disc, if it came after the one whose files are changed, and compares each
    /// sector of it with what the changes would have become there.
    ///
    /// So a session whose first check could not be made, or went wrong, is checked again.
    ///
    /// - Parameter cancellation: Heeded between two reads.
    /// - Returns: What was found; `nil` if no session came after that one.
    /// - Throws: ``Reports/Failure`` if the drive can't be reached, or the changes can't be made.
    func laterSession(_ cancellation: Cancellation) throws(Failure) -> LaterSession? {
        let (opened, _) = try open()
        guard !opened.isOverwritable, let base = base(opened),
            let last = opened.layout.dataSessions.last, last.start > base.start
        else { return nil }
        var found = LaterSession(place: last)
        do {
            // What else a session holds follows from the disc and the changes.
            let sector = last.start + LaterVolume.descriptorDistance
            guard let head = try? opened.data.whole(sector..<sector + 1), head.count == 1 else {
                found.doubt = "sector \(sector) of it can't be read"
                return found
            }
            guard
                let time = FileTime.ofDigits(
                    head.bytes.span,
                    at: Self.modificationPlace
                )
            else {
                found.doubt = "it begins with no volume that these changes make"
                return found
            }
            let editing = try editing(opened, (base.start, last.start), time.seconds, cancellation)
            let (wanted, size) = (editing.session(), Self.sectorsAtOnce)
            let count = wanted.sectorCount ?? 0
            var digest = try Digest(.sha256)
            for start in stride(from: 0, to: count, by: size) {
                guard !cancellation.isRequested else {
                    throw Failure(
                        .interruption,
                        "The comparison was stopped.",
                        meaning: "Nothing was written.",
                        advice: ""
                    )
                }
                let piece = start..<min(start + size, count)
                let made = try wanted.whole(piece)
                let there = Self.compare(made.bytes, of: editing, opened.data, last.start, piece)
                found.doubt = there.doubt
                if found.doubt != nil { return found }
                digest.update(there.bytes.span)
                found.byteCount += there.bytes.count
            }
            found.sha256 = digest.finish().hexadecimal
            return found
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "The last session of the disc in \(node) can't be compared: \(error)",
                meaning: "Nothing was written.",
                advice: "Try again."
            )
        }
    }

    /// Compares sectors with what was made.
    ///
    /// - Returns: What the disc has, and the first sector that is not what was made, as a clause; `nil` if all are.
    private static func compare(
        _ made: [UInt8],
        of editing: ISOEditing,
        _ disc: any SectorSource,
        _ start: Int,
        _ piece: Range<Int>
    ) -> (bytes: [UInt8], doubt: String?) {
        let first = start + piece.lowerBound
        if let whole = try? disc.whole(first..<first + piece.count), whole.count == piece.count,
            whole.bytes == made
        {
            return (made, nil)
        }
        var found: [UInt8] = []
        for (index, sector) in piece.enumerated() {
            let place = start + sector
            guard let (bytes, count) = try? disc.whole(place..<place + 1), count == 1 else {
                return (found, "sector \(place) of it can't be read")
            }
            let wanted = Array(made[(index * 2048)..<(index * 2048 + 2048)])
            guard editing.isSame(bytes, as: wanted, at: sector) else {
                return (found, "sector \(place) of it is not what the changes make")
            }
            found += bytes
        }
        return (found, nil)
    }

    private static let sectorsAtOnce = 32
    /// Where a primary descriptor has the time of the volume's last change (ECMA-119 §8.4.27).
    private static let modificationPlace = 830
}
