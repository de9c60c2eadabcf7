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
    /// How an image keeps its sectors.
    var geometry: [ImageGeometry]?
    /// What an image's end has to do with what its file systems claim.
    var end: ImageEnd?
    /// The trees of files that can be read.
    var trees: [String]?
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
        let drive = try Drive.unclaimed(path)
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
        if !report.nonsense.isEmpty { warnings = report.nonsense.map(\.description) }
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
        trees = content?.trees
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
        let texts = ReadableTexts(disc.layout)
        title = texts.text(.title, track: 0)
        performer = texts.text(.performer, track: 0)
        content = disc.content
        trees = content?.trees
        geometry = disc.isVirtualDisc ? nil : disc.geometry
        end = (try? disc.end()) ?? nil
        warnings =
            [disc.nameContradiction].compactMap(\.self) + disc.warnings
            + Self.remarks(of: disc, end) + Self.bootRemarks(content)
    }

    /// What the file system's own size says of an image: that some of it is missing, or that there
    /// is more.
    private static func remarks(of disc: DiscImage, _ end: ImageEnd?) -> [String] {
        guard let content = disc.content, !disc.isVirtualDisc else { return [] }
        let isOdd = disc.byteCount % 2048 != 0
        guard let end else {
            guard content.claims.isEmpty, content.other == nil else { return [] }
            return [
                disc.isAllZeros
                    ? "No file system was found: all of it is zeros." : "No file system was found."
            ]
        }
        if end.missingBytes > 0 {
            return [
                "The image is truncated: its file system has \(end.claimedSectors) sectors, and the last \(end.missingSectors) of them (\(end.missingBytes) bytes) are missing; files that lie there can't be read."
            ]
        }
        var remarks: [String] = []
        let ends = content.claims.filter(\.decides).compactMap(\.endSector)
        if let count = content.sectorCount, let last = ends.max(), last > count {
            remarks.append(
                "A partition goes on to sector \(last), \(Self.count(last - count)) behind the image's end."
            )
        }
        if end.sectorsBehind > 1 || end.sectorsBehind == 1 && !isOdd, !end.areZeros {
            let first = end.firstDataBehind.map { ", from sector \($0) on" } ?? ""
            remarks.append(
                "Behind the end of the file system comes data that it does not know: \(Self.count(end.sectorsBehind))\(first)."
            )
        }
        return remarks
    }

    /// A number of sectors.
    static func count(_ sectors: Int) -> String { sectors == 1 ? "1 sector" : "\(sectors) sectors" }

    /// What is wrong with what a computer would start from.
    private static func bootRemarks(_ content: DiscContent?) -> [String] {
        guard let content else { return [] }
        var remarks = [content.bootProblem, content.iso9660?.bootCatalog?.problem]
            .compactMap(\.self)
        for entry in content.bootEntries {
            if entry.isWithinSource == false {
                remarks.append(
                    "The boot program for \(entry.platform.displayName) from sector \(entry.start) on goes on behind the end."
                )
            }
            if entry.informationTable?.isChecksumRight == false {
                remarks.append(
                    "The boot program for \(entry.platform.displayName) in sector \(entry.start) does not have the checksum that its boot information table gives."
                )
            }
        }
        if content.udf?.isLeftOpen ?? false {
            remarks.append(
                "The UDF volume was not closed properly by the program that wrote to it."
            )
        }
        return remarks
    }

    /// The sessions and tracks of a layout; in full where it tells more than a table of contents.
    private static func entries(_ layout: DiscLayout, isFull: Bool = false) -> [SessionEntry] {
        let texts = ReadableTexts(layout)
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
                    // The bit of a track of data says that it was written in packets.
                    if track.mode == .audio, track.flags.contains(.preEmphasis) {
                        entry.preEmphasis = true
                    }
                    if track.flags.contains(.copyPermitted) { entry.copyPermitted = true }
                    if track.flags.contains(.fourChannels) { entry.fourChannels = true }
                    entry.title = texts.text(.title, track: track.number)
                    entry.performer = texts.text(.performer, track: track.number)
                    return entry
                }
            )
        }
    }
}
