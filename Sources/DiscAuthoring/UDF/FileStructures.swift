import DiscFiles
import DiscModel

/// The blocks of a volume's directories and file entries, made one by one when they are asked for.
final class FileStructures {
    private let layout: UDFLayout
    private let revision: UDFRevision
    /// The node whose bytes were made last, and they.
    private var made: (node: Int, bytes: [UInt8])?

    init(_ layout: UDFLayout) {
        self.layout = layout
        revision = layout.options.revision
    }

    /// The partition map that leads to these blocks.
    private var map: UInt16 { layout.options.hasStructureMap ? 1 : 0 }

    /// A block: 2048 bytes, or fewer that zeros follow.
    func block(_ index: Int) -> [UInt8] {
        if index == 0 { return fileSet }
        if index == 1 {
            var descriptor = DescriptorBytes()
            descriptor.tag(8, version: revision.descriptorVersion, location: 1, count: 512)
            return descriptor.bytes
        }
        if index < layout.entriesEnd {
            let node = last(of: layout.order, at: index) { Int(layout.entryBlocks[$0]) }
            let blocks = FileEntryBlocks.blocks(layout, node)
            let place = index - Int(layout.entryBlocks[node])
            return place < blocks.count ? blocks[place] : []
        }
        guard !layout.structured.isEmpty else { return [] }
        let node = last(of: layout.structured, at: index) { Int(layout.dataStarts[$0]) }
        let start = (index - Int(layout.dataStarts[node])) * 2048
        let bytes = bytes(of: node)
        guard start < bytes.count else { return [] }
        return Array(bytes[start..<min(bytes.count, start + 2048)])
    }

    /// The last node whose place is at or before a block.
    private func last(of nodes: [Int], at block: Int, _ place: (Int) -> Int) -> Int {
        let next = nodes.firstIndexInOrder { place($0) > block }
        return nodes[max(0, next - 1)]
    }

    private func bytes(of node: Int) -> [UInt8] {
        if let made, made.node == node { return made.bytes }
        var bytes: [UInt8] = []
        switch layout.tree.nodes[node].kind {
        case .directory(let entries): bytes = directory(node, entries)
        case .symlink(let target): bytes = SymlinkPath.bytes(target).bytes
        case .file: break
        }
        made = (node, bytes)
        return bytes
    }

    private func directory(_ node: Int, _ entries: [AuthoredTree.Entry]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(layout.sizes[node])
        func append(_ name: [UInt8], _ target: Int, _ uniqueID: UInt32, _ characteristics: UInt8) {
            FileIdentifier.append(
                to: &bytes,
                name: name,
                FileIdentifier.Target(
                    block: layout.entryBlocks[target],
                    map: map,
                    uniqueID: uniqueID,
                    characteristics: characteristics
                ),
                version: revision.descriptorVersion,
                first: layout.dataStarts[node]
            )
        }
        let parent = layout.parents[node]
        append(
            [],
            parent,
            layout.uniqueIDs[parent],
            FileIdentifier.Target.directory | FileIdentifier.Target.parent
        )
        for (index, entry) in entries.enumerated() {
            let key = UDFLayout.EntryKey(directory: node, index: index)
            append(
                layout.name(key, entry),
                entry.node,
                layout.furtherIDs[key] ?? layout.uniqueIDs[entry.node],
                layout.tree.nodes[entry.node].isDirectory ? FileIdentifier.Target.directory : 0
            )
        }
        return bytes
    }

    /// The file set descriptor; ECMA-167 4/14.1.
    private var fileSet: [UInt8] {
        let options = layout.options
        var descriptor = DescriptorBytes()
        descriptor.put(options.time, at: 16)
        descriptor.put(UInt16(3), at: 28)
        descriptor.put(UInt16(3), at: 30)
        descriptor.put(UInt32(1), at: 32)
        descriptor.put(UInt32(1), at: 36)
        descriptor.putCharacterSet(at: 48)
        descriptor.put(name: options.label, at: 112, count: 128)
        descriptor.putCharacterSet(at: 240)
        descriptor.put(name: options.label.isEmpty ? "FILES" : options.label, at: 304, count: 32)
        descriptor.put(
            longAt: 400,
            length: 2048,
            block: layout.entryBlocks[AuthoredTree.root],
            partition: map
        )
        descriptor.putDomain(revision, at: 416)
        descriptor.tag(256, version: revision.descriptorVersion, location: 0, count: 512)
        return descriptor.bytes
    }
}
