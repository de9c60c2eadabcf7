import DiscFiles
import LibFUSE

/// A file of a mounted disc.
///
/// Its number is that of its place in the table, from 1.
struct MountNode: Sendable {
    /// Where what is in it is found.
    enum Content: Sendable {
        /// Nothing, as of devices.
        case none
        /// Entries of the table, and the directory above.
        case directory(entries: Range<Int>, parent: Int)
        /// Bytes of the table's text: where a symlink leads.
        case link(Range<Int>)
        /// Extents of the table.
        case extents(Range<Int>)
        /// Extents of the table with bytes that are packed as zisofs packs them.
        case packed(Range<Int>)
        /// An audio track of the table.
        case sound(Int)
    }

    /// What `stat` tells of it.
    var attributes: FileAttributes
    /// What is in it.
    var content: Content
    /// Whether the disc has extended attributes or access control lists of it, which a mount does not show.
    var hasExtended = false
}

/// A name in a directory.
struct MountEntry: Sendable {
    /// The first byte of its name in the table.
    var start: Int
    /// The bytes of its name.
    var count: Int32
    /// The place of its file in the table.
    var node: Int32

    /// Where its name is.
    var name: Range<Int> { start..<(start + Int(count)) }
}
