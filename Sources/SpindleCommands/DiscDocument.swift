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
        /// The mode of the sectors, where the source tells it.
        var mode: TrackMode?
        var start: Int
        var sectors: Int
        /// The sectors of index 0, where there are any.
        var pregap: Int?
        /// Where the indexes from 2 on begin.
        var indexes: [Int]?
        var isrc: String?
        var preEmphasis: Bool?
        var copyPermitted: Bool?
        var fourChannels: Bool?
        /// The track's CD-TEXT.
        var title: String?
        var performer: String?
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
    /// The format of the image, by the name that the command uses.
    var format: String?
    /// How the image was known: a sentence each.
    var evidence: [String]?
    /// What is odd about it: a sentence each.
    var warnings: [String]?
    /// The media catalogue number.
    var catalog: String?
    /// The disc's CD-TEXT.
    var title: String?
    var performer: String?
    var sessions: [SessionEntry] = []
    var content: DiscContent?

    /// Looks at what a path names: a drive's disc, a virtual disc, or an image.
    init(of path: FilePath, secrets: ImageSecrets? = nil) throws(Failure) {
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
        default: try self.init(image: path, secrets: secrets)
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

    private init(image path: FilePath, secrets: ImageSecrets?) throws(Failure) {
        let disc = try DiscImage(path, secrets: secrets)
        self.path = path.string
        origin = disc.isVirtualDisc ? "virtual-disc" : "image"
        medium = disc.medium
        state = disc.state
        // Of a disc with sound all of it counts.
        let hasSound = disc.layout.tracks.contains { $0.content == .audio }
        sectors = hasSound ? disc.layout.leadOut?.rawValue : disc.source.sectorCount
        sessions = Self.entries(disc.layout, isFull: true)
        format = disc.format?.name
        evidence = disc.evidence
        catalog = disc.layout.catalog
        let text = CDText(packs: disc.layout.cdText).blocks.first
        title = text?.text(.title, track: 0)
        performer = text?.text(.performer, track: 0)
        if (disc.source.sectorCount ?? 0) > 0 {
            let session = disc.layout.sessions.last { $0.tracks.first?.content == .data }
            content = try? DiscContent.examine(
                disc.source,
                sessionStart: disc.isVirtualDisc
                    ? 0 : max(0, session?.tracks.first?.start.rawValue ?? 0)
            )
        }
        warnings = disc.warnings + Self.ends(of: disc, content)
    }

    /// What the file system's own size says of an image: that some of it is missing, or that there
    /// is more.
    private static func ends(of disc: DiscImage, _ content: DiscContent?) -> [String] {
        guard let content, let count = content.sectorCount, !disc.isVirtualDisc else { return [] }
        let volumes = content.claims.filter { [.iso9660, .highSierra, .udf].contains($0.kind) }
        let size = disc.byteCount
        guard let end = volumes.compactMap({ $0.decides ? $0.end : nil }).max() else {
            return content.claims.isEmpty ? ["No file system was found."] : []
        }
        if end > UInt64(size) {
            return [
                "The image is truncated: \(end - UInt64(size)) bytes of its file system are missing."
            ]
        }
        let behind = count - Int((end + 2047) / 2048)
        // Recorders and mastering programs add up to 150 sectors behind a volume.
        return behind > 150
            ? ["Behind the end of the file system lie \(behind) sectors that it does not know."]
            : []
    }

    /// The sessions and tracks of a layout; in full where it tells more than a table of contents.
    private static func entries(_ layout: DiscLayout, isFull: Bool = false) -> [SessionEntry] {
        let text = CDText(packs: layout.cdText).blocks.first
        return layout.sessions.map { session in
            SessionEntry(
                number: session.number,
                leadOut: session.leadOut.rawValue,
                tracks: session.tracks.map { track in
                    var entry = TrackEntry(
                        number: track.number,
                        content: track.content,
                        start: track.start.rawValue,
                        sectors: track.length
                    )
                    guard isFull else { return entry }
                    entry.mode = track.mode
                    if track.pregap > 0 { entry.pregap = track.pregap }
                    if !track.laterIndexes.isEmpty {
                        entry.indexes = track.laterIndexes.map(\.rawValue)
                    }
                    entry.isrc = track.isrc
                    if track.flags.contains(.preEmphasis) { entry.preEmphasis = true }
                    if track.flags.contains(.copyPermitted) { entry.copyPermitted = true }
                    if track.flags.contains(.fourChannels) { entry.fourChannels = true }
                    entry.title = text?.text(.title, track: track.number)
                    entry.performer = text?.text(.performer, track: track.number)
                    return entry
                }
            )
        }
    }
}
