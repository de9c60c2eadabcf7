import LinuxCalls
import SpindleJobs
import SystemPackage

/// What an overlay changes, as `spindle overlay diff` tells it.
struct OverlayDocument: Encodable {
    /// A file.
    struct File: Encodable {
        /// Its path; what is not UTF-8 is replaced.
        var path: String
        /// The bytes of the path in hexadecimal, if they are not UTF-8.
        var pathBytes: String?
        /// What it is.
        var kind: OverlayDifference.Kind
        /// Of a new file, its bytes.
        var size: Int?
        /// Of a file that was moved, its path on the disc.
        var from: String?
        /// Of a file that was changed, what of it: `content`, `permissions`, `owner`, `times`.
        var changes: [String]?

        fileprivate let shown: String

        enum CodingKeys: String, CodingKey {
            case path, pathBytes, kind, size, from, changes
        }

        init(_ path: OverlayPath, _ kind: OverlayDifference.Kind) {
            self.path = path.text
            self.kind = kind
            let slash = kind == .directory ? "/" : ""
            shown = path.names.isEmpty ? "/" : path.shown + slash
            if String(validating: path.bytes, as: UTF8.self) == nil {
                pathBytes = Hexadecimal.text(path.bytes)
            }
        }
    }

    /// The version of this document.
    let version = 1
    /// The overlay's folder.
    var overlay: String
    /// The image or the drive that it belongs to.
    var source: String
    /// What is new.
    var added: [File]
    /// What was changed.
    var changed: [File]
    /// What went.
    var removed: [File]
    /// What has another path.
    var moved: [File]

    private let origins: [String]

    enum CodingKeys: String, CodingKey {
        case version, overlay, source, added, changed, removed, moved
    }

    init(_ opened: OpenOverlay) {
        let difference = opened.contents.difference
        overlay = opened.folder.path.string
        source = opened.record.source
        added = difference.added.map { addition in
            var file = File(addition.path, addition.kind)
            file.size = opened.contents.size(addition)
            return file
        }
        changed = difference.changed.map { change in
            var file = File(change.path, change.kind)
            file.changes = [
                (change.hasNewContent, "content"), (change.hasNewPermissions, "permissions"),
                (change.hasNewOwner, "owner"), (change.hasNewTimes, "times"),
            ].filter(\.0).map(\.1)
            return file
        }
        removed = difference.removed.map { File($0.path, $0.kind) }
        moved = difference.moved.map { move in
            var file = File(move.to, move.kind)
            file.from = move.from.text
            return file
        }
        origins = difference.moved.map { File($0.from, $0.kind).shown }
    }

    /// The same for a person.
    var lines: [String] {
        let lines =
            added.map { "added    \($0.shown)" }
            + changed.map {
                "changed  \($0.shown) (\(($0.changes ?? []).joined(separator: ", ")))"
            }
            + removed.map { "removed  \($0.shown)" }
            + zip(moved, origins).map { "moved    \($1) to \($0.shown)" }
        return lines.isEmpty ? ["Nothing was changed."] : lines
    }
}
