import SpindleJobs
import SystemPackage

/// What `list` tells in JSON: one document, which is written as the files are met.
struct ListDocument {
    /// What stands before the entries.
    private struct Head: Encodable {
        let version = 1
        var path: String
        var session: Int
        var tree: FileTreeKind
        var trees: [FileTreeKind]
        var notes: [String]
    }

    /// What stands behind them.
    private struct Tail: Encodable {
        var isComplete: Bool
        var problems: [FileTreeProblem]
        var furtherProblems: Int
    }

    private struct Device: Encodable {
        var major: UInt32
        var minor: UInt32
    }

    /// A run of sectors.
    private struct Sectors: Encodable {
        var start: Int
        var count: Int
    }

    /// Bytes that a file has under a name.
    private struct Named: Encodable {
        var name: String
        var size: Int
    }

    private struct Entry: Encodable {
        var path: String
        var kind: FileKind
        /// Of files only.
        var size: Int?
        var modified: String?
        var accessed: String?
        var created: String?
        /// In octal digits, with the type.
        var mode: String?
        var userID: UInt32?
        var groupID: UInt32?
        var target: String?
        var device: Device?
        var resourceForkSize: Int?
        var streams: [Named]?
        var attributes: [Named]?
        var compression: String?
        var isHidden: Bool?
        var sectors: [Sectors]?

        enum CodingKeys: String, CodingKey {
            case path, kind, size, modified, accessed, created, mode, target, device
            case userID = "userId"
            case groupID = "groupId"
            case resourceForkSize, streams, attributes, compression, isHidden, sectors
        }
    }

    /// Runs of sectors that are told of one file.
    private static let mostRuns = 4096

    private let listing: FileListing

    init(_ listing: FileListing) { self.listing = listing }

    /// The document up to its entries.
    var head: String {
        let head = Head(
            path: listing.disc.path.string,
            session: listing.session.number,
            tree: listing.tree.kind,
            trees: listing.available,
            notes: listing.notes
        )
        return JSON.encode(head).dropLast() + ",\"entries\":["
    }

    /// The document from its entries' end on.
    func tail(_ walk: FileWalk) -> String {
        let tail = Tail(
            isComplete: !walk.isIncomplete,
            problems: walk.problems,
            furtherProblems: walk.furtherProblems
        )
        return "]," + JSON.encode(tail).dropFirst()
    }

    /// An entry.
    func entry(_ visit: FileWalk.Visit) -> String {
        let entry = visit.entry
        let isFile = entry.kind == .file
        return JSON.encode(
            Entry(
                path: visit.path,
                kind: entry.kind,
                size: isFile ? entry.size : nil,
                modified: entry.modified?.description,
                accessed: entry.accessed?.description,
                created: entry.created?.description,
                mode: entry.mode.map { String($0, radix: 8) },
                userID: entry.userID,
                groupID: entry.groupID,
                target: entry.target,
                device: entry.device.map { Device(major: $0.major, minor: $0.minor) },
                resourceForkSize: entry.resourceForkSize,
                streams: entry.streams.isEmpty
                    ? nil : entry.streams.map { Named(name: $0.name, size: $0.size) },
                attributes: entry.attributes.isEmpty
                    ? nil : entry.attributes.map { Named(name: $0.name, size: $0.value.count) },
                compression: entry.compression,
                isHidden: entry.isHidden ? true : nil,
                sectors: isFile
                    ? entry.extents.prefix(Self.mostRuns).compactMap(\.sectors)
                        .map { Sectors(start: $0.lowerBound, count: $0.count) } : nil
            )
        )
    }
}
