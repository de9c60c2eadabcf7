import DiscDrives
import DiscModel
import MMC

/// What a disc is at one moment, to know later whether it is still that one.
struct DiscGlance: Hashable {
    /// Sectors that are read of a disc that can be overwritten: those that hold a volume's descriptors.
    private static let head = 32

    private let medium: MediumKind?
    private let state: DiscState
    private let layout: DiscLayout
    private let capacity: Int?
    /// Where the drive would write next.
    private let nextWritable: [Int?]
    /// The first sectors of a disc that can be overwritten; `nil` if they can't be read.
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
        // Of others the table of contents and the next writable address tell.
        bytes =
            report.isOverwritable && !report.isUnformatted
            ? try? VolumeHead.read(source, 0..<Self.head) : nil
    }
}
