/// Finds the bytes of a UDF volume's blocks, through whichever partition maps it has.
final class UDFAddressing {
    /// Extents of one file that are kept.
    static let mostExtents = 1 << 16
    /// Blocks that are searched for the virtual table before the end of what is recorded.
    private static let searchedBlocks = 512
    /// Bytes of a virtual table: a million blocks.
    private static let longestTable = 1 << 24
    /// Entries of a table of replaced packets.
    private static let mostSpares = 1 << 14
    /// Partition maps that are read.
    private static let mostMaps = 16

    let reader: StructureReader
    let blockSize: Int
    private(set) var maps: [UDFPartitionMap] = []
    /// What is odd about the maps: a sentence each.
    private(set) var problems: [String] = []
    private let volume: UDFVolume
    /// The other copies of metadata partitions, by the index of their map.
    var copies: [Int: UDFMetadataCopy] = [:]
    /// The sectors for which those were read since ``takeNote()``.
    var replaced: Set<Int> = []

    /// Reads the partition maps of a logical volume descriptor.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - volume: What its descriptors say.
    ///   - descriptor: The logical volume descriptor.
    ///   - end: The sector behind what is recorded, before which the virtual table is.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    init(
        _ reader: StructureReader,
        _ volume: UDFVolume,
        descriptor: [UInt8],
        end: Int?
    ) throws {
        self.reader = reader
        self.volume = volume
        blockSize = volume.blockSize
        let bytes = descriptor.span
        var offset = 440
        var metadata: [(index: Int, offset: Int)] = []
        var virtual: [Int] = []
        for index in 0..<min(Int(bytes.little32(268)), Self.mostMaps) {
            let length = Int(bytes.byte(offset + 1))
            guard length >= 2, offset + length <= bytes.count else { break }
            var map = UDFPartitionMap(partition: 0, kind: .unknown("it is of no known type"))
            if bytes.byte(offset) == 1 {
                map = UDFPartitionMap(partition: Int(bytes.little16(offset + 4)), kind: .physical)
            } else if bytes.byte(offset) == 2 {
                map.partition = Int(bytes.little16(offset + 38))
                switch bytes.text(at: offset + 5, count: 23) {
                case "*UDF Virtual Partition":
                    map.kind = .unknown("its virtual allocation table was not found")
                    virtual.append(index)
                case "*UDF Sparable Partition":
                    map.kind = try sparable(bytes, at: offset)
                case "*UDF Metadata Partition":
                    map.kind = .unknown("its metadata file was not found")
                    metadata.append((index, offset))
                case let name:
                    map.kind = .unknown("“\(name)” is of no known type")
                }
            }
            maps.append(map)
            offset += length
        }
        for (index, offset) in metadata { try findMetadata(index, bytes, at: offset) }
        for index in virtual { try findVirtualTable(index, end: end) }
    }

    // MARK: - Maps

    /// The map by which a partition's own blocks are found, such as those of its metadata file.
    private func base(of partition: Int) -> Int? {
        maps.firstIndex { map in
            guard map.partition == partition else { return false }
            switch map.kind {
            case .physical, .sparable: return true
            case .virtual, .metadata, .unknown: return false
            }
        }
    }

    /// UDF 2.60 §2.2.9 and §2.2.12: several copies of a table of packets and where they are.
    private func sparable(_ bytes: Span<UInt8>, at offset: Int) throws -> UDFPartitionMap.Kind {
        let packet = Int(bytes.little16(offset + 40))
        guard packet > 0 else { return .unknown("its packets have no length") }
        for index in 0..<min(4, Int(bytes.byte(offset + 42))) {
            let size = min(Int(bytes.little32(offset + 44)), 56 + Self.mostSpares * 8)
            let block = Int(bytes.little32(offset + 48 + index * 4))
            do {
                let table = try reader.bytes(at: block * blockSize, count: max(56, size))
                let entries = table.span
                guard FileTag.kind(entries) == .sparingTable,
                    FileTag.location(entries) == block,
                    entries.text(at: 17, count: 23) == "*UDF Sparing Table"
                else { continue }
                var places: [UInt32: UInt32] = [:]
                for entry in 0..<Int(entries.little16(48)) where 64 + entry * 8 <= entries.count {
                    let original = entries.little32(56 + entry * 8)
                    // What is higher marks a spare packet as free, or as bad.
                    if original < 0xFFFF_FFF0 {
                        places[original] = entries.little32(60 + entry * 8)
                    }
                }
                return .sparable(packet: packet, table: places)
            } catch is BrokenStructure {
                continue
            }
        }
        return .unknown("its table of replaced packets can't be read")
    }

    /// UDF 2.60 §2.2.10: the file, and a copy of it.
    private func findMetadata(_ index: Int, _ bytes: Span<UInt8>, at offset: Int) throws {
        let partition = maps[index].partition
        guard let base = base(of: partition) else { return }
        // Only then are both files' blocks kept twice; UDF 2.60 §2.2.10, bit 0 of the flags.
        let isDoubled = bytes.byte(offset + 58) & 1 != 0
        for (place, other) in [(40, 44), (44, 40)] {
            let address = UDFAddress(map: base, block: bytes.little32(offset + place))
            do {
                let record = try UDFFileRecord(at: address, self)
                let extents = try record.extents(self).extents
                guard record.isMetadata, !extents.isEmpty else { continue }
                // A file of which not even this can be read is left alone.
                _ = try reader.bytes(at: extents[0].offset ?? -1, count: blockSize)
                maps[index].kind = .metadata(extents)
                if isDoubled {
                    let entry = UDFAddress(map: base, block: bytes.little32(offset + other))
                    copies[index] = UDFMetadataCopy(entry: entry)
                }
                if place == 44 {
                    problems.append("The metadata file can't be read; its copy is used.")
                }
                return
            } catch is BrokenStructure {
                continue
            }
        }
    }

    /// UDF 2.60 §2.2.11, UDF 1.50 §2.2.10: a file whose entry is the last block that was recorded.
    private func findVirtualTable(_ index: Int, end: Int?) throws {
        guard let base = base(of: maps[index].partition),
            let partition = volume.partitions.first(where: { $0.number == maps[index].partition }),
            let end = end ?? reader.sectorCount
        else { return }
        let last = end * 2048 / blockSize - 1
        let first = max(partition.start, last - Self.searchedBlocks)
        for block in stride(from: last, through: first, by: -1) {
            guard let number = UInt32(exactly: block - partition.start) else { continue }
            do {
                let record = try UDFFileRecord(at: UDFAddress(map: base, block: number), self)
                guard let table = try virtualTable(record) else { continue }
                maps[index].kind = .virtual(table)
                return
            } catch is BrokenStructure {
                continue
            }
        }
    }

    /// The entries of a virtual table; `nil` if the file is another one.
    private func virtualTable(_ record: UDFFileRecord) throws -> [UInt32]? {
        guard record.type == 248 || record.type == 0 else { return nil }
        let bytes = try record.contents(self, limit: Self.longestTable)
        let span = bytes.span
        var range = 0..<bytes.count
        if record.type == 248 {
            range = min(Int(span.little16(0)), bytes.count)..<bytes.count
        } else {
            // The first edition has its mark behind the entries, and the table before that.
            guard span.text(at: bytes.count - 35, count: 22) == "*UDF Virtual Alloc Tbl" else {
                return nil
            }
            range = 0..<max(0, bytes.count - 36)
        }
        return stride(from: range.lowerBound, to: range.upperBound - 3, by: 4).map {
            span.little32($0)
        }
    }

    // MARK: - Addresses

    /// The bytes of a run of blocks, in order.
    ///
    /// - Throws: ``BrokenStructure`` where a block is in no partition or in none that can be read.
    func extents(_ address: UDFAddress, length: Int) throws -> [FileExtent] {
        guard maps.indices.contains(address.map) else {
            throw BrokenStructure("Partition \(address.map) is named, but there is none.")
        }
        let map = maps[address.map]
        guard let partition = volume.partitions.first(where: { $0.number == map.partition }) else {
            throw BrokenStructure("Partition \(map.partition) has no descriptor.")
        }
        var runs: [FileExtent] = []
        var block = Int(address.block)
        var rest = length
        while rest > 0 {
            let (offset, room) = try place(block, map, partition)
            let count = min(rest, room)
            if let last = runs.last, let start = last.offset, start + last.length == offset {
                runs[runs.count - 1].length += count
            } else {
                guard runs.count < Self.mostExtents else {
                    throw BrokenStructure("A file is in more than \(Self.mostExtents) pieces.")
                }
                runs.append(FileExtent(offset: offset, length: count))
            }
            rest -= count
            block += (count + blockSize - 1) / blockSize
            if rest > 0 { try reader.charge(4) }
        }
        return runs
    }

    /// Where a block is, and how many bytes from there on lie behind each other.
    private func place(
        _ block: Int,
        _ map: UDFPartitionMap,
        _ partition: UDFPartition
    ) throws -> (offset: Int, room: Int) {
        func physical(_ block: Int) throws -> (offset: Int, room: Int) {
            guard block < partition.count else {
                throw BrokenStructure(
                    "Block \(block) is named, but the partition has \(partition.count)."
                )
            }
            return (
                (partition.start + block) * blockSize, (partition.count - block) * blockSize
            )
        }
        switch map.kind {
        case .physical:
            return try physical(block)
        case .virtual(let table):
            guard block < table.count, table[block] != .max else {
                throw BrokenStructure("The virtual allocation table has no block \(block).")
            }
            return (try physical(Int(table[block])).offset, blockSize)
        case .sparable(let packet, let table):
            let within = block % packet
            let room = (packet - within) * blockSize
            if let place = UInt32(exactly: block - within).flatMap({ table[$0] }) {
                return ((Int(place) + within) * blockSize, room)
            }
            let found = try physical(block)
            return (found.offset, min(found.room, room))
        case .metadata(let extents):
            var position = block * blockSize
            for extent in extents {
                if position < extent.length {
                    guard let offset = extent.offset else { break }
                    return (offset + position, extent.length - position)
                }
                position -= extent.length
            }
            throw BrokenStructure("The metadata file has no block \(block).")
        case .unknown(let reason):
            throw BrokenStructure("A partition can't be read: \(reason).")
        }
    }

    /// Checks that a descriptor stands where its tag says that it does (ECMA-167 4/7.2.8): one that was
    /// written to another place is whole, and describes another file.
    ///
    /// In a metadata partition that is the block of it, of both copies. Within a virtual partition it isn't
    /// checked, since writers differ on which address it is.
    ///
    /// - Parameters:
    ///   - bytes: The descriptor, whose tag is a valid one.
    ///   - address: Where it was read.
    /// - Throws: ``BrokenStructure`` if it belongs to another place.
    func checkPlace(of bytes: Span<UInt8>, at address: UDFAddress) throws(BrokenStructure) {
        if maps.indices.contains(address.map), case .virtual = maps[address.map].kind { return }
        let location = FileTag.location(bytes)
        guard location != address.block else { return }
        throw BrokenStructure(
            "What is in block \(address.block) belongs in block \(location), by its own account."
        )
    }
}
