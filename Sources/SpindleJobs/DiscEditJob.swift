public import DiscAuthoring
public import DiscBurning
import DiscDrives
import DiscFiles
import DiscImages
import DiscModel
import DiscOpening
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

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - changes: What the disc's files are to become.
    ///   - options: How the session is burned.
    public init(_ node: FilePath, _ changes: TreeChanges, _ options: BurnOptions) {
        self.node = node
        self.changes = changes
        self.options = options
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
        let opened = try OpenDisc(node, need: .data)
        guard case .drive(_, let report) = opened.content else {
            throw Failure(
                .usage,
                "\(node) is not a drive.",
                meaning: "Nothing was written.",
                advice: "Name a drive's device node."
            )
        }
        let place = try place(opened, report)
        let editing = try ISOEditing(
            disc: opened.data,
            named: node.string,
            sessionStart: place.start,
            newSession: place.next,
            changes,
            time: FileDetails.Time.now.seconds,
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
        return try ImageToBurn(of: editing, allowsLoss: options.allowsLoss)
    }

    /// Where the session begins whose files the disc shows, and where the next one will begin.
    private func place(_ opened: OpenDisc, _ report: DiscReport) throws(Failure) -> (
        start: Int, next: Int
    ) {
        if opened.isOverwritable {
            let content = try? DiscContent.examine(opened.data)
            if let end = content?.volumeEndSector, end > 0 { return (0, (end + 31) / 32 * 32) }
        } else if let next = report.nextSession, let last = opened.layout.dataSessions.last {
            return (last.start, next.address)
        }
        throw Failure(
            .unsuitable,
            "The disc in \(node) has no files that can be changed: it is blank, closed, or can't be written.",
            meaning: "The disc was not touched.",
            advice:
                "Put in a disc with files that can be appended to or written over: “spindle info” tells."
        )
    }
}
