/// HFS and HFS Plus volumes, written from the tables of Inside Macintosh: Files and TN1150.
extension Image {
    /// An entry of a Mac volume's catalogue.
    struct MacFile {
        var name: String
        var parent: UInt32
        var number: UInt32
        var isDirectory = false
        /// How many entries a directory counts.
        var count = 0
        /// The record's type, if it is another one than that of what it is.
        var type: UInt8?
        var mode: UInt16 = 0
        /// A device, what a hard link leads to, or how many names what it leads to has.
        var special: UInt32 = 0
        /// The Finder's type and creator, of four letters each.
        var kind = ""
        /// The data fork's bytes, and its first extents in allocation blocks.
        var size = 0
        var runs: [(start: Int, count: Int)] = []
        var resourceSize = 0
        var resourceRuns: [(start: Int, count: Int)] = []
    }

    /// A value that a file has under a name.
    struct MacAttribute {
        var number: UInt32
        var name: String
        var value: [UInt8] = []
        /// Where a value lies that does not stand in the record.
        var runs: [(start: Int, count: Int)] = []
        var size = 0
    }

    /// The rest of a fork's extents.
    struct MacExtents {
        var number: UInt32
        var isResource = false
        var firstBlock: Int
        var runs: [(start: Int, count: Int)]
    }

    /// A volume of allocation blocks of 2048 bytes from byte `start` on, with nodes of 512 bytes, or
    /// of 4096 in HFS Plus.
    mutating func putMacVolume(
        at start: Int,
        isPlus: Bool,
        blocks: Int,
        _ files: [MacFile],
        _ extents: [MacExtents] = [],
        attributes: [MacAttribute] = []
    ) {
        let nodeSize = isPlus ? 4096 : 512
        let leaves = files.map { Self.catalogRecord($0, isPlus: isPlus) }
        let catalog = Self.tree(leaves, nodeSize: nodeSize, isPlus: isPlus)
        let overflow = Self.tree(
            extents.map { Self.extentsRecord($0, isPlus: isPlus) },
            nodeSize: nodeSize,
            isPlus: isPlus
        )
        // In HFS, blocks begin behind the bitmap; in HFS Plus, with the volume.
        let first = start + (isPlus ? 0 : 4096)
        let (overflowStart, catalogStart) = (4, 20)
        put(overflow, at: first + overflowStart * 2048)
        put(catalog, at: first + catalogStart * 2048)
        let header = start + 1024
        if isPlus {
            put("H+", at: header)
            putBig(UInt16(4), at: header + 2)
            putBig(UInt32(3_600_000_000), at: header + 20)
            putBig(UInt32(2048), at: header + 40)
            putBig(UInt32(blocks), at: header + 44)
            let values = Self.tree(
                attributes.map(Self.attributeRecord),
                nodeSize: nodeSize,
                isPlus: true
            )
            if !attributes.isEmpty { put(values, at: first + Self.attributesStart * 2048) }
            for (place, tree, block) in [
                (192, overflow, overflowStart), (272, catalog, catalogStart),
                (352, attributes.isEmpty ? [] : values, Self.attributesStart),
            ] {
                put(
                    Self.plusFork(tree.count, [(block, (tree.count + 2047) / 2048)]),
                    at: header + place
                )
            }
        } else {
            put("BD", at: header)
            putBig(UInt32(3_600_000_000), at: header + 6)
            putBig(UInt16(blocks), at: header + 18)
            putBig(UInt32(2048), at: header + 20)
            putBig(UInt16(8), at: header + 28)
            put([5] + Array("A Mac".utf8), at: header + 36)
            for (place, tree, block) in [
                (130, overflow, overflowStart), (146, catalog, catalogStart),
            ] {
                putBig(UInt32(tree.count), at: header + place)
                put(Self.pairs([(block, (tree.count + 2047) / 2048)]), at: header + place + 4)
            }
        }
    }

    private static let attributesStart = 40

    private static func big<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func pairs(_ runs: [(start: Int, count: Int)]) -> [UInt8] {
        (0..<3).flatMap { index -> [UInt8] in
            let run = index < runs.count ? runs[index] : (0, 0)
            return big(UInt16(run.0)) + big(UInt16(run.1))
        }
    }

    private static func plusFork(_ size: Int, _ runs: [(start: Int, count: Int)]) -> [UInt8] {
        let blocks = runs.reduce(0) { $0 + $1.count }
        return big(UInt64(size)) + big(UInt32(0)) + big(UInt32(blocks)) + plusRuns(runs)
    }

    private static func plusRuns(_ runs: [(start: Int, count: Int)]) -> [UInt8] {
        (0..<8).flatMap { index -> [UInt8] in
            let run = index < runs.count ? runs[index] : (0, 0)
            return big(UInt32(run.0)) + big(UInt32(run.1))
        }
    }

    /// A key with its length before it and a pad behind it, and the data.
    private static func catalogRecord(_ file: MacFile, isPlus: Bool) -> (
        key: [UInt8], data: [UInt8]
    ) {
        if isPlus {
            let name = file.name.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            let body = big(file.parent) + big(UInt16(name.count / 2)) + name
            var data = big(UInt16(file.type ?? (file.isDirectory ? 1 : 2))) + [0, 0]
            data += big(UInt32(file.count))
            data += big(file.number)
            for index in 0..<5 { data += big(UInt32(3_600_000_000 + index)) }
            data +=
                big(UInt32(501)) + big(UInt32(20)) + [0, 0] + big(file.mode) + big(file.special)
            data += Array(file.kind.utf8) + [UInt8](repeating: 0, count: 32 - file.kind.utf8.count)
            data += big(UInt32(0)) + big(UInt32(0))
            if !file.isDirectory {
                data += plusFork(file.size, file.runs)
                data += plusFork(file.resourceSize, file.resourceRuns)
            }
            return (big(UInt16(body.count)) + body, data)
        }
        let name = file.name.unicodeScalars.map { UInt8($0.value) }
        var key = [0] + big(file.parent) + [UInt8(name.count)] + name
        key = [UInt8(key.count)] + key
        if key.count % 2 == 1 { key.append(0) }
        var data: [UInt8]
        if file.isDirectory {
            data = [file.type ?? 1, 0, 0, 0] + big(UInt16(file.count)) + big(file.number)
            data += big(UInt32(3_600_000_000)) + big(UInt32(3_600_000_001))
            data += [UInt8](repeating: 0, count: 70 - data.count)
        } else {
            data = [file.type ?? 2, 0] + [UInt8](repeating: 0, count: 18) + big(file.number)
            data += [0, 0] + big(UInt32(file.size)) + big(UInt32(file.size)) + [0, 0]
            data += big(UInt32(file.resourceSize)) + big(UInt32(file.resourceSize))
            data += big(UInt32(3_600_000_000)) + big(UInt32(3_600_000_001)) + big(UInt32(0))
            data += [UInt8](repeating: 0, count: 18)
            data += pairs(file.runs) + pairs(file.resourceRuns) + [0, 0, 0, 0]
        }
        return (key, data)
    }

    /// A key of a file's number, a block and a name; and the value itself, or the fork that has it.
    private static func attributeRecord(_ attribute: MacAttribute) -> (key: [UInt8], data: [UInt8])
    {
        let name = attribute.name.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let body =
            [0, 0] + big(attribute.number) + big(UInt32(0)) + big(UInt16(name.count / 2)) + name
        var data: [UInt8]
        if attribute.runs.isEmpty {
            data = big(UInt32(0x10)) + big(UInt64(0)) + big(UInt32(attribute.value.count))
            data += attribute.value + (attribute.value.count % 2 == 0 ? [] : [0])
        } else {
            data = big(UInt32(0x20)) + big(UInt32(0)) + plusFork(attribute.size, attribute.runs)
        }
        return (big(UInt16(body.count)) + body, data)
    }

    private static func extentsRecord(_ extents: MacExtents, isPlus: Bool) -> (
        key: [UInt8], data: [UInt8]
    ) {
        let fork: UInt8 = extents.isResource ? 0xFF : 0
        if isPlus {
            let key = [fork, 0] + big(extents.number) + big(UInt32(extents.firstBlock))
            return (big(UInt16(10)) + key, plusRuns(extents.runs))
        }
        let key = [7, fork] + big(extents.number) + big(UInt16(extents.firstBlock))
        return (key, pairs(extents.runs))
    }

    /// A B-tree with a header, one level of index nodes where there are several leaves, and leaves.
    private static func tree(
        _ records: [(key: [UInt8], data: [UInt8])],
        nodeSize: Int,
        isPlus: Bool
    ) -> [UInt8] {
        var groups: [[(key: [UInt8], data: [UInt8])]] = []
        var room = 0
        for record in records {
            let length = record.key.count + record.data.count + 2
            if length > room {
                groups.append([])
                room = nodeSize - 16
            }
            groups[groups.count - 1].append(record)
            room -= length
        }
        let hasIndex = groups.count > 1
        let firstLeaf = hasIndex ? 2 : 1
        var nodes: [[UInt8]] = []
        var header = [UInt8](repeating: 0, count: nodeSize)
        header[8] = 1
        header[11] = 3
        let body =
            big(UInt16(hasIndex ? 2 : groups.count)) + big(UInt32(groups.isEmpty ? 0 : 1))
            + big(UInt32(records.count)) + big(UInt32(firstLeaf)) + big(UInt32(groups.count + 1))
            + big(UInt16(nodeSize))
        header.replaceSubrange(14..<14 + body.count, with: body)
        nodes.append(header)
        if hasIndex {
            let entries = groups.enumerated().map { index, group -> (key: [UInt8], data: [UInt8]) in
                // The keys of HFS's index nodes all have the same length.
                var key = group.first?.key ?? []
                if !isPlus {
                    key[0] = 37
                    key += [UInt8](repeating: 0, count: max(0, 38 - key.count))
                }
                return (key, big(UInt32(index + 2)))
            }
            nodes.append(node(entries, kind: 0, height: 2, next: 0, nodeSize: nodeSize))
        }
        for (index, group) in groups.enumerated() {
            let next = index + 1 < groups.count ? firstLeaf + index + 1 : 0
            nodes.append(node(group, kind: 0xFF, height: 1, next: next, nodeSize: nodeSize))
        }
        return nodes.flatMap(\.self)
    }

    private static func node(
        _ records: [(key: [UInt8], data: [UInt8])],
        kind: UInt8,
        height: UInt8,
        next: Int,
        nodeSize: Int
    ) -> [UInt8] {
        var node = big(UInt32(next)) + big(UInt32(0)) + [kind, height] + big(UInt16(records.count))
        node += [0, 0]
        var offsets: [Int] = []
        for record in records {
            offsets.append(node.count)
            node += record.key + record.data
        }
        offsets.append(node.count)
        node += [UInt8](repeating: 0, count: max(0, nodeSize - node.count))
        for (index, offset) in offsets.enumerated() {
            node.replaceSubrange(
                nodeSize - 2 * index - 2..<nodeSize - 2 * index,
                with: big(UInt16(offset))
            )
        }
        return node
    }
}
