import DiscFiles
public import LibFUSE

/// The files of a mounted disc: arrays in which the kernel's questions are answered without any text.
///
/// It is made by ``MountTreeBuilder`` and never changes.
public struct MountTree: Sendable {
    var nodes: [MountNode]
    /// The entries of all directories; those of each lie together, in the order of their names' bytes.
    var entries: [MountEntry]
    /// The names, and where symlinks lead.
    var text: [UInt8]
    var extents: [FileExtent]
    var sounds: [SoundTrack]

    /// The number of files, directories included.
    public var count: Int { nodes.count }

    /// A file; `nil` if there is none with the number.
    func node(_ inode: UInt64) -> MountNode? {
        guard inode > 0, inode <= UInt64(nodes.count) else { return nil }
        return nodes[Int(inode) - 1]
    }

    /// The number of the file with a name in a directory; `nil` if there is none.
    public func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64? {
        guard case .directory(let range, _) = node(directory)?.content else { return nil }
        let text = text.span
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            let entry = entries[middle]
            let order = Self.order(text.extracting(entry.name), name)
            if order == 0 { return UInt64(entry.node) + 1 }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// Less than 0 if one name comes before another one, 0 if they are the same.
    static func order(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Int {
        let common = min(a.count, b.count)
        for i in 0..<common where a[i] != b[i] { return a[i] < b[i] ? -1 : 1 }
        return a.count - b.count
    }

    /// What `stat` tells of a file; `nil` if there is none with the number.
    public func attributes(of inode: UInt64) -> FileAttributes? { node(inode)?.attributes }

    /// The directory above a directory; `nil` if the file is none.
    public func parent(of directory: UInt64) -> UInt64? {
        guard case .directory(_, let parent) = node(directory)?.content else { return nil }
        return UInt64(parent) + 1
    }

    /// Where a symlink leads; `nil` if the file is none.
    public func linkTarget(of inode: UInt64) -> [UInt8]? {
        guard case .link(let range) = node(inode)?.content else { return nil }
        return [UInt8](text[range])
    }

    /// Tells the entries of a directory in order, those behind a place, until no more are taken; their
    /// places are counted from 1.
    public func list(
        _ directory: UInt64,
        after place: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64, _ place: Int) -> Bool
    ) {
        guard case .directory(let range, _) = node(directory)?.content, place >= 0,
            place < range.count
        else { return }
        let text = text.span
        for index in (range.lowerBound + place)..<range.upperBound {
            let entry = entries[index]
            let inode = UInt64(entry.node) + 1
            guard take(text.extracting(entry.name), inode, index - range.lowerBound + 1) else {
                return
            }
        }
    }
}
