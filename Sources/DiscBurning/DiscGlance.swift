import DiscDrives
import DiscModel
import MMC
import Reports

/// What a disc is at one moment, to know later whether it is still that one.
struct DiscGlance: Hashable {
    /// Sectors that are read of a disc that holds something: those with a volume's descriptors.
    private static let head = 32

    private let medium: MediumKind?
    private let state: DiscState
    private let layout: DiscLayout
    private let capacity: Int?
    /// Where the drive would write next.
    private let nextWritable: [Int?]
    /// The first sectors of a disc that holds something; `nil` if they can't be read.
    private let bytes: [UInt8]?

    /// Looks at the disc in a drive.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says of the disc.
    init(_ drive: Drive, _ report: DiscReport) {
        medium = report.medium
        state = report.state
        layout = report.layout
        capacity = report.capacity?.sectors
        nextWritable = report.trackStates.map { $0.nextWritable?.rawValue }
        let source = DriveSource(drive, report, sectors: Self.head)
        let isEmpty = report.state == .blank && !report.isOverwritable
        // Two discs with images of one size have the same table of contents.
        bytes =
            isEmpty || report.isUnformatted ? nil : try? VolumeHead.read(source, 0..<Self.head)
    }

    /// Fails if the disc in a drive is not as it was, be it because a person changed it while a question stood.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says of the disc now.
    /// - Throws: ``Reports/Failure`` if it is another disc, or was changed.
    func check(_ drive: Drive, _ report: DiscReport) throws(Failure) {
        guard DiscGlance(drive, report) != self else { return }
        throw Failure(
            .unsuitable,
            .otherDisc,
            "The disc in \(drive.path) is not as it was when the plan was made.",
            meaning: "Nothing was written.",
            advice: "Put in the disc that was meant, and run the command again."
        )
    }
}
