import LinuxCalls
import SpindleKit
import SystemPackage

/// What `info` tells of a disc or an image.
struct DiscDocument: Encodable {
    /// A session's numbers.
    struct SessionEntry: Encodable {
        var number: Int
        var leadOut: Int
        var tracks: [TrackEntry]
    }

    /// A track's numbers.
    struct TrackEntry: Encodable {
        var number: Int
        var content: Track.Content
        var start: Int
        var sectors: Int
    }

    /// The drive that holds the disc.
    struct DriveEntry: Encodable {
        var path: String
        var vendor: String
        var product: String
        var revision: String
    }

    var version = 1
    var path: String
    /// `drive`, `virtual-disc` or `image`.
    var origin: String
    var drive: DriveEntry?
    @AlwaysEncoded var medium: MediumKind?
    var state: DiscState
    var problem: String?
    var profile: Int?
    var isErasable: Bool?
    var isOverwritable: Bool?
    /// The sectors that are recorded, or that the image has.
    var sectors: Int?
    /// The sectors that can still be written.
    var writableSectors: Int?
    /// Where the next one of them is.
    var nextWritable: Int?
    var writeSpeeds: [Int] = []
    var sessions: [SessionEntry] = []
    var content: DiscContent?

    /// Looks at what a path names: a drive's disc, a virtual disc, or an image.
    init(of path: FilePath) throws(Failure) {
        let kind: File.Kind
        do {
            kind = try FileSystem.status(path).kind
        } catch {
            throw Failure(
                path.starts(with: "/dev") ? .unsuitable : .source,
                "\(path) can't be found: \(error.reason).",
                meaning: "",
                advice: "Name a drive's device node, an image or a virtual disc."
            )
        }
        switch kind {
        case .blockDevice, .characterDevice: try self.init(drive: path)
        default: try self.init(image: path)
        }
    }

    private init(drive path: FilePath) throws(Failure) {
        let drive = try Drive(path)
        let report = try drive.inspectDisc()
        self.path = path.string
        origin = "drive"
        self.drive = DriveEntry(
            path: path.string,
            vendor: drive.identity.vendor,
            product: drive.identity.product,
            revision: drive.identity.revision
        )
        medium = report.medium
        state = report.state
        problem = report.problem
        guard state != .none else { return }
        profile = report.profile.rawValue
        isErasable = report.isErasable
        isOverwritable = report.isOverwritable
        writableSectors = report.writableSectors
        nextWritable = report.nextWritable?.rawValue
        writeSpeeds = report.writeSpeeds?.descriptors.map(\.writeSpeed) ?? []
        sessions = Self.entries(report.layout)
        let end = report.layout.tracks.filter { $0.content == .data }.map(\.end.rawValue).max()
        sectors = state == .blank ? nil : end
        guard state != .blank, let end, end > 0 else { return }
        let first = report.layout.sessions.last?.tracks.first?.start.rawValue ?? 0
        content = try? DiscContent.examine(
            DriveSource(drive, report, sectors: end),
            sessionStart: report.isOverwritable ? 0 : max(0, first)
        )
    }

    private init(image path: FilePath) throws(Failure) {
        let disc = try DiscImage(path)
        self.path = path.string
        origin = disc.isVirtualDisc ? "virtual-disc" : "image"
        medium = disc.medium
        state = disc.state
        sectors = disc.source.sectorCount
        sessions = Self.entries(disc.layout)
        content = try? DiscContent.examine(disc.source)
    }

    private static func entries(_ layout: DiscLayout) -> [SessionEntry] {
        layout.sessions.map { session in
            SessionEntry(
                number: session.number,
                leadOut: session.leadOut.rawValue,
                tracks: session.tracks.map {
                    TrackEntry(
                        number: $0.number,
                        content: $0.content,
                        start: $0.start.rawValue,
                        sectors: $0.length
                    )
                }
            )
        }
    }
}
