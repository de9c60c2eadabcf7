import DiscFiles
import Transfer

/// What the sectors of an image are used for.
struct EditableSpace {
    /// Zeros at the end that count as its padding.
    private static let mostPadding = 1024
    private static let areaSectors = 16
    /// Sectors that are read at once.
    private static let piece = 256
    /// Sectors that are looked at for tags: an image has a dozen of those.
    private static let mostTagSectors = 1024
    /// Descriptors after which the walk ends: no real disc has a dozen.
    private static let mostDescriptors = 64
    /// What such sums begin with.
    private static let tag = Array("libisofs_".utf8)

    /// The image's sectors.
    let sectorCount: Int
    /// The first 32 KiB.
    let area: [UInt8]
    /// The sector behind the last one that a file, a directory or a table has, and what lies between them.
    let usedEnd: Int
    /// The sector behind the last one that a file or a directory has.
    var filesEnd: Int { before.end }
    /// The first sector of the zeros at the image's end.
    let tailStart: Int
    /// The sector behind them: the end, or where the other header of a GPT begins.
    let bodyEnd: Int
    /// What computers boot from.
    let boots: BootedSectors
    /// The partitions after the volume that are in the way of what is added; `nil` if there are none.
    let following: FollowingPartitions?

    /// Whether there is a table of partitions.
    let hasPartitions: Bool
    /// Sectors behind the descriptors with sums of what stands before them, which libisofs records.
    let checksumTags: [Int]

    private let source: any SectorSource
    /// The path tables.
    private let tables: [Range<Int>]
    /// The directories that were there before.
    private let directories: [Range<Int>]
    /// What is in use however the trees change.
    private let fixed: SectorSet
    private let before: SectorSet

    /// Looks at an image.
    ///
    /// - Throws: `BrokenStructure` if something lies behind the image's end, and what reading throws.
    init(
        _ disc: EditedDisc,
        _ trees: DiscTrees,
        _ edited: [EditedTree],
        sectorCount: Int
    ) throws {
        source = disc.source
        self.sectorCount = sectorCount
        area = try Self.read(disc.source, 0, Self.areaSectors)
        let content = trees.content
        var fixed: [Range<Int>] = [0..<Self.areaSectors]
        // The descriptors, up to the one that ends them, and what libisofs puts behind it.
        let descriptors = edited.map { (sector: $0.descriptorSector, base: $0.base) }
        let more = edited.flatMap(\.moreDescriptors)
        fixed += more.map { $0..<$0 + 1 }
        let near = descriptors.map(\.sector) + more.filter { $0 < Self.areaSectors + 16 }
        let end = (near.max() ?? Self.areaSectors) + 4
        fixed.append(Self.areaSectors..<end)
        // What they lead to as path tables is in use, even where it is none.
        for (sector, base) in descriptors {
            let bytes = try Self.read(disc.source, sector, 1)
            let length = (RecordFields.number(at: 132, in: bytes) + 2047) / 2048
            for field in RecordedPathTable.fields {
                let block = RecordedPathTable.block(field, in: bytes)
                if block > 0 { fixed.append(block + base..<block + base + length) }
            }
        }
        tables = edited.flatMap { tree in
            tree.pathTables.map { table in
                table.sectors.lowerBound + tree.base..<table.sectors.upperBound + tree.base
            }
        }
        // Nobody knows how long attributes go on in a sector.
        fixed += edited.flatMap(\.areaRanges)
        directories = edited.flatMap(\.directoryRanges)
        var booted: [Range<Int>] = []
        if let catalog = content.iso9660?.bootCatalog {
            guard catalog.isValid else {
                throw BrokenStructure(catalog.problem ?? "The boot catalogue is broken.")
            }
            fixed.append(catalog.sector..<catalog.sector + 1)
            for entry in catalog.entries {
                let end = Int(clamping: entry.end)
                booted.append(entry.start..<max(entry.start + 1, (end + 2047) / 2048))
            }
        } else if let problem = content.bootProblem {
            throw BrokenStructure(problem)
        }
        let before = try Self.inUse(edited, sectorCount: sectorCount)
        self.before = before
        let listed = ListedPartition.all(content)
        let hasBackup = content.guidPartitionTable?.hasAlternate ?? false
        let backup = hasBackup ? PartitionGrowth.backupSectors(area, content) : 0
        let following = FollowingPartitions(
            listed,
            filesEnd: max(before.end, SectorSet(fixed.map { $0.clamped(to: 0..<sectorCount) }).end),
            booted: booted,
            imageEnd: sectorCount - backup
        )
        self.following = following
        hasPartitions = PartitionGrowth(area, content, usedEnd: 0).isThere
        // One that begins before the first descriptor is the volume's own, or that of the table.
        let partitions = listed.filter { $0.start > PartitionGrowth.areaSize }.map(\.sectors)
        func stays(_ range: Range<Int>) -> Bool {
            range.lowerBound < following?.sectors.lowerBound ?? .max
        }
        let staying = SectorSet(
            (fixed + (partitions + booted).filter(stays)).map { $0.clamped(to: 0..<sectorCount) }
        )
        fixed += partitions + booted
        let boots = BootedSectors(starts: booted.map(\.lowerBound), area: area)
        self.boots = boots
        self.fixed = SectorSet(fixed.map { $0.clamped(to: 0..<sectorCount) })
        checksumTags = try Self.tags(
            disc.source,
            from: Self.areaSectors..<min(end, sectorCount),
            sectorCount
        )
        .filter { !before.overlaps($0..<$0 + 1) }
        usedEnd = max(before.end, staying.end)
        bodyEnd = max(before.end, self.fixed.end, sectorCount - backup)
        // Zeros behind something of unknown length may be its own.
        let last = booted.filter(stays).map(\.upperBound).max() ?? 0
        let isPadding = boots.isAreaKnown && (last < usedEnd || before.end >= usedEnd)
        let paddingEnd = following?.sectors.lowerBound ?? bodyEnd
        tailStart =
            disc.newSession == nil && isPadding
            ? try Self.tail(disc.source, from: usedEnd, to: paddingEnd)
            : disc.newSession == nil ? paddingEnd : sectorCount
    }

    /// The descriptors of a session, with the one that ends them.
    func descriptors(from start: Int) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        for sector in start + Self.areaSectors..<start + Self.areaSectors + Self.mostDescriptors {
            let bytes = try self.sector(sector)
            guard bytes[1..<6].elementsEqual("CD001".utf8) else { break }
            found.append(bytes)
            if bytes[0] == 255 { return found }
        }
        throw BrokenStructure("The volume descriptors don't end as they must.")
    }

    /// A sector of the image.
    func sector(_ number: Int) throws -> [UInt8] { try Self.read(source, number, 1) }

    /// What was in use before, and is no more: nothing, if it is not known what the first 32 KiB name.
    func freed(now edited: [EditedTree]) throws -> SectorSet {
        guard boots.isAreaKnown else { return SectorSet([]) }
        // Files that were moved lie past the old end.
        let now = try Self.inUse(edited, sectorCount: .max)
        return before.subtracting(now).subtracting(fixed)
    }

    /// The sectors of a file that nothing but its names is known to name, so that it can lie elsewhere;
    /// `nil` of another one.
    func movable(_ extents: [FileExtent]) -> Range<Int>? {
        guard boots.isAreaKnown, let first = extents.first?.offset, first % 2048 == 0 else {
            return nil
        }
        var end = first
        for extent in extents {
            guard extent.interleave == nil, extent.offset == end else { return nil }
            end += extent.length
        }
        let range = first / 2048..<(end + 2047) / 2048
        return range.isEmpty || fixed.overlaps(range) ? nil : range
    }

    /// The sectors of the old image that may get other bytes: those that are free now, directories, their
    /// tables and descriptors, the partition tables, and the padding with what lies behind it.
    ///
    /// All others keep their bytes, whether anything is known to name them or not.
    ///
    /// - Parameters:
    ///   - edited: The trees.
    ///   - freed: What is free now.
    ///   - move: The move of what follows the volume; `nil` if that stays.
    /// - Returns: The sectors.
    func changeable(_ edited: [EditedTree], freed: SectorSet, _ move: PartitionMove?) -> SectorSet {
        var ranges = freed.ranges + tables + [0..<Self.areaSectors]
        if let following, move == nil {
            ranges.append(tailStart..<following.sectors.lowerBound)
            ranges.append(following.sectors.upperBound..<sectorCount)
        } else {
            ranges.append(min(tailStart, bodyEnd)..<sectorCount)
        }
        if let catalog = move?.catalog { ranges.append(catalog.sector..<catalog.sector + 1) }
        ranges += checksumTags.map { $0..<$0 + 1 }
        for tree in edited {
            let sectors = [tree.descriptorSector] + tree.moreDescriptors
            ranges += sectors.map { $0..<$0 + 1 }
        }
        return SectorSet((ranges + directories).map { $0.clamped(to: 0..<sectorCount) })
    }

    /// The sectors of the old image that files still have, or in which attributes go on: they keep their
    /// bytes, even where a directory or a table claims them as well.
    func kept(_ edited: [EditedTree], _ move: PartitionMove?) -> SectorSet {
        var files: [Range<Int>] = []
        for tree in edited { tree.forEachEntry { files += $0.extents.compactMap(\.sectors) } }
        // A file that was moved may lie where there was padding only.
        let moved = SectorSet(files).subtracting(before)
        let areas = edited.flatMap(\.areaRanges)
        var kept = SectorSet(SectorSet(files).subtracting(moved).ranges + areas)
        kept = SectorSet(kept.ranges.map { $0.clamped(to: 0..<sectorCount) })
        // Many images show the catalogue as a file.
        if let catalog = move?.catalog {
            kept = kept.subtracting(SectorSet([catalog.sector..<catalog.sector + 1]))
        }
        return kept
    }

    // MARK: Reading

    private static func read(_ source: any SectorSource, _ start: Int, _ count: Int) throws
        -> [UInt8]
    {
        let (bytes, found) = try source.whole(start..<start + count)
        guard found == count else { throw BrokenStructure("Sector \(start + found) is missing.") }
        return bytes
    }

    /// The sectors of all directories and files that were there before.
    private static func inUse(_ edited: [EditedTree], sectorCount: Int) throws -> SectorSet {
        var ranges: [Range<Int>] = []
        for tree in edited {
            if let root = tree.root.before { ranges.append(root) }
            tree.forEachEntry { entry in
                ranges += entry.extents.compactMap(\.sectors)
                if let directory = entry.directory?.before { ranges.append(directory) }
            }
        }
        let set = SectorSet(ranges)
        guard set.end <= sectorCount else {
            throw BrokenStructure(
                "A file lies partly or wholly past the end, in sector \(set.end - 1) of \(sectorCount)."
            )
        }
        return set
    }

    /// The sectors of the checksum tags of libisofs, each of which leads to the next ones.
    ///
    /// - Parameters:
    ///   - source: The image.
    ///   - first: Where the first of them is looked for.
    ///   - sectorCount: The image's sectors.
    /// - Returns: The sectors, in order.
    /// - Throws: What the source throws.
    private static func tags(_ source: any SectorSource, from first: Range<Int>, _ sectorCount: Int)
        throws -> [Int]
    {
        var (found, seen, pending): (Set<Int>, Set<Int>, [Int]) = ([], [], Array(first))
        while let sector = pending.popLast(), seen.count < mostTagSectors {
            guard (areaSectors..<sectorCount).contains(sector), seen.insert(sector).inserted else {
                continue
            }
            let bytes = try read(source, sector, 1)
            guard bytes.starts(with: tag) else { continue }
            found.insert(sector)
            let words = bytes.prefix { $0 != 0 && $0 != 0x0A }.split(separator: 0x20)
            for word in words {
                let parts = String(decoding: word, as: UTF8.self).split(separator: "=")
                guard parts.count == 2, let number = Int(parts[1]), number < sectorCount else {
                    continue
                }
                switch parts[0] {
                case "next": pending.append(number)
                case "session_start" where number > 0:
                    // Behind the descriptors of that session.
                    pending += number + areaSectors..<number + 2 * areaSectors
                default: break
                }
            }
        }
        return found.sorted()
    }

    /// Where the padding begins that the image ends in: the end, if something else lies there that nothing
    /// is known to name, for zeros behind it may be its own.
    private static func tail(_ source: any SectorSource, from used: Int, to end: Int) throws -> Int
    {
        for first in stride(from: used, to: end, by: piece) {
            let bytes = try read(source, first, min(piece, end - first))
            guard bytes.allSatisfy({ $0 == 0 }) else { return end }
        }
        return max(used, end - mostPadding)
    }
}
