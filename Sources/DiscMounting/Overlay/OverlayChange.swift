import LibFUSE

/// A change of a tree of files, as it is kept in an overlay's journal.
enum OverlayChange: Hashable, Sendable {
    /// A new file, with a number of its own among the overlay's files.
    case make(serial: Int, OverlayNewFile, at: OverlayPlace)
    /// A further name of a file.
    case link(UInt64, at: OverlayPlace)
    /// A name that goes.
    case remove(OverlayPlace)
    /// A file that gets another name, in place of a file that has it.
    case move(OverlayPlace, to: OverlayPlace)
    /// Two files that get each other's names.
    case exchange(OverlayPlace, OverlayPlace)
    /// Attributes that are set.
    case set(UInt64, OverlayAttributes)
    /// All attributes as they are, and those of them that were set on purpose.
    case restore(UInt64, OverlayAttributes, changed: OverlayAttributes)
    /// Bytes of a file of the disc that are in the overlay's folder from now on.
    case store(UInt64, serial: Int)
}

/// A file that is new in an overlay.
struct OverlayNewFile: Hashable, Sendable {
    /// What kinds there are.
    enum Kind: Hashable, Sendable {
        case file, directory
        case link(target: [UInt8])
    }

    /// What it is.
    var kind: Kind
    /// Its permissions.
    var permissions: UInt32
    /// The owner's number.
    var owner: UInt32
    /// The group's number.
    var group: UInt32

    /// Type and permissions, as POSIX has them.
    var mode: UInt32 {
        switch kind {
        case .file: 0o100000 | permissions
        case .directory: 0o040000 | permissions
        case .link: 0o120000 | permissions
        }
    }
}
