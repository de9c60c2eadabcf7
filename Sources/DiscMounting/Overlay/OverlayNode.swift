import DiscModel
import LibFUSE

/// A file of an overlay: one of the disc that was changed, or a new one.
struct OverlayNode: Sendable {
    /// Where what is in it is found.
    enum Content: Hashable, Sendable {
        /// On the disc, under the same number.
        case base
        /// In a file of the overlay's folder, by its number.
        case stored(Int)
        /// Here: where a symlink leads.
        case link([UInt8])
        /// In the overlay's table of directories.
        case directory
    }

    /// What `stat` tells of it; of a stored file its size and its times are those of the folder's file.
    var attributes: LibFUSE.FileAttributes
    /// What is in it.
    var content: Content
    /// Which of its attributes were set on purpose, and are no longer those of the disc.
    var changed = OverlayAttributes()

    /// Whether it is a directory.
    var isDirectory: Bool { attributes.mode & 0o170000 == 0o040000 }
    /// Whether it is a file of bytes.
    var isFile: Bool { attributes.mode & 0o170000 == 0o100000 }
    /// Whether it has a name.
    var isNamed: Bool { attributes.links > 0 }

    /// Gives it attributes.
    mutating func set(_ other: OverlayAttributes, _ time: LibFUSE.FileAttributes.Moment) {
        if let permissions = other.permissions {
            attributes.mode = attributes.mode & 0o170000 | permissions & 0o7777
        }
        attributes.owner = other.owner ?? attributes.owner
        attributes.group = other.group ?? attributes.group
        attributes.accessed = other.accessed ?? attributes.accessed
        attributes.modified = other.modified ?? attributes.modified
        attributes.changed = time
    }
}

/// Attributes that were set; those that were not are `nil`.
struct OverlayAttributes: Hashable, Sendable {
    /// The permissions.
    var permissions: UInt32?
    /// The owner's number.
    var owner: UInt32?
    /// The group's number.
    var group: UInt32?
    /// When it was read last.
    var accessed: LibFUSE.FileAttributes.Moment?
    /// When its bytes changed last.
    var modified: LibFUSE.FileAttributes.Moment?

    /// Whether none was set.
    var isEmpty: Bool { self == OverlayAttributes() }

    /// Sets what another set has.
    mutating func merge(_ other: OverlayAttributes) {
        permissions = other.permissions ?? permissions
        owner = other.owner ?? owner
        group = other.group ?? group
        accessed = other.accessed ?? accessed
        modified = other.modified ?? modified
    }
}

/// A name in a directory.
struct OverlayPlace: Hashable, Sendable {
    /// The directory's number.
    var directory: UInt64
    /// The name.
    var name: [UInt8]
}

/// The entries of a directory that was changed, or is new.
///
/// Each keeps its place in the order of the entries as long as it is there, so that a listing that was begun
/// before a change can be gone on with.
struct OverlayDirectory: Sendable {
    private struct Entry: Sendable {
        var name: [UInt8]
        /// 0 if the entry was taken away.
        var inode: UInt64
        var place: Int
    }

    /// The directory above.
    var parent: UInt64
    private var entries: [Entry] = []
    private var indices: [[UInt8]: Int] = [:]

    init(parent: UInt64) { self.parent = parent }

    /// Whether there are no entries.
    var isEmpty: Bool { indices.isEmpty }

    /// The number of the file with a name; `nil` if there is none.
    func inode(named name: [UInt8]) -> UInt64? { indices[name].map { entries[$0].inode } }

    /// Gives a name to a file, which takes the place of one that has it.
    mutating func set(_ name: [UInt8], _ inode: UInt64) {
        if let index = indices[name] {
            entries[index].inode = inode
        } else {
            indices[name] = entries.count
            entries.append(
                Entry(name: name, inode: inode, place: (entries.last?.place ?? 0) + 1)
            )
        }
    }

    /// Takes a name away.
    mutating func remove(_ name: [UInt8]) {
        guard let index = indices.removeValue(forKey: name) else { return }
        entries[index].inode = 0
        // The last entry stays, for the next one's place is behind its.
        guard entries.count > 64, indices.count < entries.count / 2 else { return }
        let last = entries.count - 1
        entries = entries.enumerated().filter { $0.element.inode != 0 || $0.offset == last }
            .map(\.element)
        for (index, entry) in entries.enumerated() where entry.inode != 0 {
            indices[entry.name] = index
        }
    }

    /// Tells the entries behind a place, until no more are taken.
    func list(
        after place: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64, _ place: Int) -> Bool
    ) {
        let first = entries.firstIndexInOrder { $0.place > place }
        for entry in entries[first...] where entry.inode != 0 {
            guard take(entry.name.span, entry.inode, entry.place) else { return }
        }
    }

    /// The entries, in their order.
    var all: [(name: [UInt8], inode: UInt64)] {
        entries.lazy.filter { $0.inode != 0 }.map { ($0.name, $0.inode) }
    }
}
