import DiscFiles

/// A file, a directory or something else that an image's file system names.
public struct ImageFile: Sendable, Hashable {
    /// What it is.
    public enum Kind: Sendable, Hashable {
        /// Bytes.
        case file
        /// More files.
        case directory
        /// A link to the path.
        case symbolicLink(to: String)
        /// A device, a named pipe or a socket.
        case special
    }

    /// The names from the root on, with slashes between them and none at either end.
    ///
    /// It comes from the disc, and may hold control characters.
    public let path: String
    /// What it is.
    public let kind: Kind
    /// The number of bytes of a file; of anything else 0.
    public let size: Int
    /// When it was changed last, in seconds since 1970; `nil` if the disc does not say, or names no time zone.
    public let modified: Int?
    /// The POSIX permissions; `nil` if the file system keeps none.
    public let permissions: UInt32?

    let entry: FileEntry

    init(_ visit: FileWalk.Visit) {
        entry = visit.entry
        path = visit.path
        size = entry.size
        modified = entry.modified.flatMap { $0.minutesEast == nil ? nil : $0.seconds }
        permissions = entry.mode.map { $0 & 0o7777 }
        switch entry.kind {
        case .file: kind = .file
        case .directory: kind = .directory
        case .symlink: kind = .symbolicLink(to: entry.target ?? "")
        case .blockDevice, .characterDevice, .fifo, .socket: kind = .special
        }
    }
}
