import LinuxCalls

/// Names the files of an overlay in its journal: those of the disc by their paths on it, new ones by their
/// numbers.
struct OverlayPaths: Sendable {
    private let base: MountTree
    /// Of each file of the disc its first entry in the table; -1 of the root.
    private let entries: [Int32]
    /// Of each file of the disc the directory that has that entry.
    private let parents: [Int32]

    init(_ base: MountTree) {
        self.base = base
        var entries = [Int32](repeating: -1, count: base.nodes.count)
        var parents = [Int32](repeating: 0, count: base.nodes.count)
        for (index, node) in base.nodes.enumerated() {
            guard case .directory(let range, _) = node.content else { continue }
            for entry in range {
                let file = Int(base.entries[entry].node)
                guard file > 0, entries[file] < 0 else { continue }
                entries[file] = Int32(entry)
                parents[file] = Int32(index)
            }
        }
        self.entries = entries
        self.parents = parents
    }

    /// The names on the way to a file of the disc, and the directories that have them.
    func way(to inode: UInt64) -> [OverlayPlace] {
        var way: [OverlayPlace] = []
        var node = Int(inode) - 1
        while node > 0, node < entries.count, entries[node] >= 0 {
            let parent = Int(parents[node])
            let name = Array(base.text[base.entries[Int(entries[node])].name])
            way.append(OverlayPlace(directory: UInt64(parent) + 1, name: name))
            node = parent
        }
        return way.reversed()
    }

    /// The directory of the disc that has the first name of a file of the disc.
    func parent(of inode: UInt64) -> UInt64 {
        let node = Int(inode) - 1
        return parents.indices.contains(node) ? UInt64(parents[node]) + 1 : 1
    }

    /// A file as a line of the journal names it.
    func field(_ inode: UInt64) -> [UInt8] {
        if inode > UInt64(base.count) { return Array("@\(inode - UInt64(base.count))".utf8) }
        let way = way(to: inode)
        return way.isEmpty ? [0x2F] : way.flatMap { [0x2F] + OverlayLine.escaped($0.name) }
    }

    /// The file that a line of the journal names; `nil` if there is none.
    func inode(_ field: ArraySlice<UInt8>) -> UInt64? {
        if field.first == 0x40 {
            let number = UInt64(String(decoding: field.dropFirst(), as: UTF8.self))
            return number.flatMap { $0 > 0 && $0 < 1 << 60 ? UInt64(base.count) + $0 : nil }
        }
        guard field.first == 0x2F else { return nil }
        var inode: UInt64 = 1
        for name in field.split(separator: 0x2F) {
            guard let name = Self.unescaped(name),
                let next = base.inode(named: name.span, in: inode)
            else { return nil }
            inode = next
        }
        return inode
    }

    /// The bytes of a field; `nil` if it is not of the form.
    static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let value = Hexadecimal.bytes(rest.prefix(2))?.first else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
