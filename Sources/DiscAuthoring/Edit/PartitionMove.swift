import DiscFiles
import Reports
import Transfer

/// A move of the partitions after a volume: what has to be changed with it, and what forbids it.
struct PartitionMove {
    /// The sectors that move, as they are numbered before.
    let sectors: Range<Int>
    /// How many sectors farther back they lie then.
    let distance: Int
    /// Those of them that get other bytes, for they say where they are, by their numbers before.
    let changed: [Int: [UInt8]]
    /// The boot catalogue with the new places of what moves; `nil` if it names nothing of that.
    let catalog: (sector: Int, bytes: [UInt8])?
    /// What a person should know of it: a sentence each.
    let notes: [String]

    /// GRUB's own partition on disks with a GPT: its code names blocks of the disk.
    private static let grubPartition = "21686148-6449-6E6F-744E-656564454649"
    /// The types of partitions that hold tables of further ones.
    private static let extendedTypes: Set<Int> = [0x05, 0x0F, 0x85]
    /// Where the code in an MBR names the block of what it starts: GRUB's for disks, and those of GRUB and
    /// ISOLINUX for images.
    private static let codePlaces = [0x5C, 0x1B0]
    /// Where GRUB's image for El Torito has the number of the block that it goes on in
    /// (`xorriso --grub2-boot-info`).
    private static let grubPlace = 2548

    /// Plans a move.
    ///
    /// - Parameters:
    ///   - following: The partitions.
    ///   - distance: How many sectors they move, at least 1.
    ///   - used: The image.
    ///   - content: What was found on it.
    /// - Throws: ``Reports/Failure`` if something names what moves and can't be changed, and what reading throws.
    init(
        _ following: FollowingPartitions,
        by distance: Int,
        _ used: EditableSpace,
        _ content: DiscContent
    ) throws {
        (sectors, self.distance) = (following.sectors, distance)
        try Self.check(following, used)
        var bytes = MovedBytes(used, following.sectors)
        var notes: [String] = []
        try Self.changeBootSectors(following, distance, &bytes, &notes)
        catalog = try Self.changeCatalog(following, distance, used, content, &bytes, &notes)
        changed = bytes.changed
        let names = following.partitions.map(\.name)
        let what = Wording.counted(Set(following.partitions.map(\.start)).count, "partition")
        notes.insert(
            "What follows the volume moves by \(Wording.counted(distance * 2048, "byte")), to sector \(following.sectors.lowerBound + distance): \(what) (\(names.joined(separator: ", "))). The tables\(catalog == nil ? "" : " and the boot catalogue") name the new place.",
            at: 0
        )
        self.notes = notes
    }

    /// Where a sector of the old image lies in the new one.
    func place(of sector: Int) -> Int { sectors.contains(sector) ? sector + distance : sector }

    /// Where a byte of the old image lies in the new one.
    func place(ofByte byte: Int) -> Int {
        sectors.contains(byte / 2048) ? byte + distance * 2048 : byte
    }

    /// The sectors at their new places.
    var pieces: [EditedSource.Piece] {
        var pieces: [EditedSource.Piece] = []
        var start = sectors.lowerBound
        func copy(to end: Int) {
            guard start < end else { return }
            let range = start + distance..<end + distance
            pieces.append(.init(sectors: range, content: .copy(start)))
        }
        for (sector, bytes) in changed.sorted(by: { $0.key < $1.key }) {
            copy(to: sector)
            let range = sector + distance..<sector + distance + 1
            pieces.append(.init(sectors: range, content: .bytes(bytes)))
            start = sector + 1
        }
        copy(to: sectors.upperBound)
        return pieces
    }

    // MARK: What forbids it

    private static func refused(_ reason: String) -> Failure {
        Failure(
            .source,
            .loss,
            "The partitions after the image's volume can't be moved to make room: \(reason).",
            meaning: "Nothing was written.",
            advice: "Extract the files and make a new image of them with “spindle create”."
        )
    }

    private static func check(_ following: FollowingPartitions, _ used: EditableSpace)
        throws(Failure)
    {
        guard used.boots.isAreaKnown else {
            throw refused("the image's boot block may name them, and its numbers are not all known")
        }
        let blocks = following.sectors.lowerBound * 4..<following.sectors.upperBound * 4
        for place in codePlaces where blocks.contains(number(used.area, place, 8)) {
            throw refused(
                "the code in the MBR names block \(number(used.area, place, 8)), which lies there"
            )
        }
        for partition in following.partitions {
            if let type = partition.type, extendedTypes.contains(type) {
                throw refused("\(partition.name) holds a table of further ones")
            }
            if partition.identifier?.uppercased() == grubPartition {
                throw refused("\(partition.name) holds code of GRUB that names its own blocks")
            }
        }
    }

    // MARK: What is changed

    /// Changes file systems that say where their partition begins.
    private static func changeBootSectors(
        _ following: FollowingPartitions,
        _ distance: Int,
        _ bytes: inout MovedBytes,
        _ notes: inout [String]
    ) throws {
        var seen: Set<Int> = []
        for partition in following.partitions where seen.insert(partition.start).inserted {
            let block = partition.start / 512
            guard let first = try bytes.read(partition.start, 512),
                let boot = PartitionBootSector(first, block: block)
            else { continue }
            guard boot.canBeChanged else {
                throw refused("the exFAT file system in \(partition.name) says where it begins")
            }
            guard block + distance * 4 <= Int(UInt32.max) else {
                throw refused("\(partition.name) would lie too far from the beginning")
            }
            var places = [partition.start]
            for copy in boot.copies(from: partition.start, to: partition.end) {
                if let found = try bytes.read(copy, 512),
                    PartitionBootSector(found, block: block) != nil
                {
                    places.append(copy)
                }
            }
            for place in places {
                try bytes.put(
                    block + distance * 4,
                    4,
                    at: place + PartitionBootSector.hiddenSectors
                )
            }
            notes.append(
                "The boot sector in \(partition.name) says where the partition begins, and gets the new number."
            )
        }
    }

    /// Has the boot catalogue name the new places, and what it names, too, if that knows its own.
    private static func changeCatalog(
        _ following: FollowingPartitions,
        _ distance: Int,
        _ used: EditableSpace,
        _ content: DiscContent,
        _ bytes: inout MovedBytes,
        _ notes: inout [String]
    ) throws -> (sector: Int, bytes: [UInt8])? {
        guard let catalog = content.iso9660?.bootCatalog,
            catalog.entries.contains(where: { following.sectors.contains($0.start) })
        else { return nil }
        var sector = try used.sector(catalog.sector)
        let records = DiscFiles.BootCatalog.records(sector.span).map(\.offset)
        guard records.map({ number(sector, $0 + 8, 4) }) == catalog.entries.map(\.start) else {
            throw refused("the boot catalogue is an unusual one")
        }
        for (record, entry) in zip(records, catalog.entries)
        where following.sectors.contains(entry.start) {
            let value = entry.start + distance
            for index in 0..<4 {
                sector[record + 8 + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
            }
            let start = entry.start * 2048
            let name = "what \(entry.platform.displayName) starts"
            if entry.informationTable != nil {
                try bytes.put(value, 4, at: start + 12)
                notes.append("The boot information table in \(name) gets the new place.")
            }
            guard let found = try bytes.read(start + grubPlace, 8) else { continue }
            let block = number(found, 0, 8)
            if block > entry.start * 4, block <= entry.start * 4 + 5 {
                let moved = block + distance * 4
                try bytes.put(moved, 8, at: start + grubPlace)
                notes.append("GRUB's own place in \(name) is changed.")
                if let table = entry.informationTable, table.isChecksumRight != false,
                    table.length >= grubPlace + 8
                {
                    // The table's sum is over the words of that place, too.
                    let sum = table.checksum &- words(of: block) &+ words(of: moved)
                    try bytes.put(Int(sum), 4, at: start + 20)
                }
            }
        }
        return (catalog.sector, sector)
    }

    /// The sum of the two words of 32 bits that a number of 64 bits has.
    private static func words(of number: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: number) &+ UInt32(truncatingIfNeeded: number >> 32)
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        guard offset >= 0, offset + count <= bytes.count else { return 0 }
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        return Int(clamping: value)
    }
}

/// Bytes of an image that move, some of them changed.
private struct MovedBytes {
    /// The sectors that are others than before.
    private(set) var changed: [Int: [UInt8]] = [:]

    private let used: EditableSpace
    private let sectors: Range<Int>

    init(_ used: EditableSpace, _ sectors: Range<Int>) {
        (self.used, self.sectors) = (used, sectors)
    }

    /// Reads bytes; `nil` if not all of them move.
    func read(_ place: Int, _ count: Int) throws -> [UInt8]? {
        let (first, last) = (place / 2048, (place + count - 1) / 2048)
        guard place >= 0, sectors.contains(first), sectors.contains(last) else { return nil }
        var found: [UInt8] = []
        for sector in first...last { found += try changed[sector] ?? used.sector(sector) }
        return Array(found[place % 2048..<place % 2048 + count])
    }

    /// Puts a number, its low byte first.
    mutating func put(_ value: Int, _ count: Int, at place: Int) throws {
        for index in 0..<count {
            let sector = (place + index) / 2048
            var bytes = try changed[sector] ?? used.sector(sector)
            bytes[(place + index) % 2048] = UInt8(truncatingIfNeeded: value >> (index * 8))
            changed[sector] = bytes
        }
    }
}

/// The first sector of a file system that says in which block of the disk its partition begins: one of FAT,
/// NTFS or exFAT.
private struct PartitionBootSector {
    /// Where FAT and NTFS say that: 32 bits, in blocks of 512 bytes (`BPB_HiddSec`).
    static let hiddenSectors = 0x1C

    /// Whether another number can take its place.
    ///
    /// exFAT has a checksum over its own.
    let canBeChanged: Bool

    private let bytes: [UInt8]

    /// Reads a sector; `nil` if it says nothing of this block.
    init?(_ bytes: [UInt8], block: Int) {
        guard bytes.count >= 512, bytes[510] == 0x55, bytes[511] == 0xAA, block > 0,
            bytes[0] == 0xEB || bytes[0] == 0xE9
        else { return nil }
        self.bytes = bytes
        if bytes[3..<11].elementsEqual("EXFAT   ".utf8) {
            // PartitionOffset, in the volume's own sectors.
            guard (9...12).contains(bytes[0x6C]) else { return nil }
            let offset = Self.number(bytes, 0x40, 8) << (Int(bytes[0x6C]) - 9)
            guard offset == block else { return nil }
            canBeChanged = false
            return
        }
        // The bytes of a sector, and of what they are made up to clusters.
        guard [512, 1024, 2048, 4096].contains(Self.number(bytes, 0x0B, 2)), bytes[0x0D] != 0,
            Self.number(bytes, Self.hiddenSectors, 4) == block
        else { return nil }
        canBeChanged = true
    }

    /// Where copies of the sector may lie: of FAT32 in the sector that it names, of NTFS at the partition's end.
    func copies(from start: Int, to end: Int) -> [Int] {
        if bytes[3..<11].elementsEqual("NTFS    ".utf8) { return [end - 512] }
        let isFAT32 = Self.number(bytes, 0x16, 2) == 0
        let copy = Self.number(bytes, 0x32, 2)
        guard isFAT32, copy > 0, copy < 0xFFFF else { return [] }
        return [start + copy * Self.number(bytes, 0x0B, 2)]
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        return Int(clamping: value)
    }
}
