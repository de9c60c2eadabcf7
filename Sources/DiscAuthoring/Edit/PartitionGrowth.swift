import DiscFiles
import LibCodecs

/// The partition tables of an image that changes its size.
///
/// Partitions that hold the whole volume grow with it, those after the volume move, and all others stay as they
/// are.
struct PartitionGrowth {
    /// The bytes in front of the first descriptor.
    static let areaSize = 32768
    /// The volume's partition begins in one of these blocks of 512 bytes, before the first descriptor.
    private static let latestStart = 64

    /// The bytes in front of the first descriptor, changed.
    private(set) var area: [UInt8]
    /// What belongs at the image's end: the other header of a GPT, and the entries before it.
    private(set) var backup: [UInt8] = []
    /// Why the tables can't say what the image becomes: a sentence; `nil` if they can.
    private(set) var problem: String?

    /// What partitions after the volume need of the tables.
    struct Move {
        /// The byte that the first of them begins at.
        var start: Int
        /// How many bytes they move.
        var distance: Int
        /// The byte after what is added before them.
        var volumeEnd: Int
    }

    private let content: DiscContent
    private let usedEnd: Int
    private let move: Move?

    /// Looks at the tables.
    ///
    /// - Parameters:
    ///   - area: The first 32 KiB.
    ///   - content: What was found on the image.
    ///   - usedEnd: The byte behind the last file or directory.
    ///   - move: Of the partitions after the volume; `nil` if there are none.
    init(_ area: [UInt8], _ content: DiscContent, usedEnd: Int, _ move: Move? = nil) {
        self.area = area
        self.content = content
        self.usedEnd = usedEnd
        self.move = move
    }

    /// Whether there is a table at all.
    var isThere: Bool {
        content.masterBootRecord != nil || content.guidPartitionTable != nil
            || content.applePartitionMap != nil
    }

    /// Sectors at the end that the other header of a GPT takes, with the entries before it.
    static func backupSectors(_ area: [UInt8], _ content: DiscContent) -> Int {
        guard let table = content.guidPartitionTable else { return 0 }
        let unit = table.blockSize
        // The usual array has 16 KiB; a larger one is refused later.
        let bytes = min(areaSize, number(area, unit + 80, 4) &* number(area, unit + 84, 4))
        return ((max(0, bytes) + unit - 1) / unit * unit + unit + 2047) / 2048
    }

    /// Makes the tables say another size.
    ///
    /// - Parameters:
    ///   - old: The image's bytes before.
    ///   - new: The image's bytes after it, with the other header of a GPT.
    mutating func change(from old: Int, to new: Int) {
        if content.masterBootRecord != nil { changeMBR((new - old) / 512) }
        if let table = content.guidPartitionTable { changeGPT(table, new - old, new) }
        if let map = content.applePartitionMap { changeAPM(map, old, new) }
    }

    /// Whether a partition holds the volume: all of it, or only a part.
    private func holdsVolume(start: Int, end: Int) -> Bool? {
        guard start <= Self.latestStart * 512, end > Self.areaSize else { return nil }
        return end >= usedEnd
    }

    /// Where the end of the volume's partition goes.
    ///
    /// - Parameters:
    ///   - end: The byte after it before.
    ///   - delta: The bytes that the image grows by.
    ///   - unit: The table's blocks.
    /// - Returns: A whole number of blocks more than before.
    private func grown(_ end: Int, _ delta: Int, _ unit: Int) -> Int {
        guard let move, end <= move.start else { return end + delta / unit * unit }
        let least = max(0, move.volumeEnd - end)
        return end + max(move.distance / unit, (least + unit - 1) / unit) * unit
    }

    /// The bytes that a partition moves by.
    private func distance(of start: Int) -> Int {
        guard let move, start >= move.start else { return 0 }
        return move.distance
    }

    private mutating func refuse(_ table: String, _ number: Int) {
        problem =
            "Partition \(number) of the image's \(table) holds the volume's beginning and not its end, so another partition is in the way"
    }

    // MARK: MBR

    private mutating func changeMBR(_ delta: Int) {
        for index in 0..<4 {
            let offset = 446 + index * 16
            let (start, count) = (number(offset + 8, 4), number(offset + 12, 4))
            guard count > 0, count != Int(UInt32.max), area[offset + 4] != 0 || area[offset] != 0
            else { continue }
            let distance = distance(of: start * 512) / 512
            if distance > 0 {
                let first = start + distance
                guard first + count <= Int(UInt32.max) else {
                    problem =
                        "Partition \(index + 1) would lie too far from the beginning for an MBR"
                    return
                }
                put(first, offset + 8, 4)
                putAddress(of: start, first, offset + 1)
                putAddress(of: start + count - 1, first + count - 1, offset + 5)
                continue
            }
            guard let isWhole = holdsVolume(start: start * 512, end: (start + count) * 512) else {
                continue
            }
            guard isWhole else {
                // Some have an entry of no type only so that a BIOS starts.
                if area[offset + 4] == 0 { continue }
                return refuse("MBR", index + 1)
            }
            let end = grown((start + count) * 512, delta * 512, 512) / 512
            put(min(end - start, Int(UInt32.max) - 1), offset + 12, 4)
            putAddress(of: start + count - 1, end - 1, offset + 5)
        }
    }

    /// Puts a block in cylinders, heads and sectors, in the geometry that the old one was in.
    private mutating func putAddress(of old: Int, _ new: Int, _ offset: Int) {
        let found = Array(area[offset..<offset + 3])
        for (heads, sectors) in [(64, 32), (128, 32), (255, 32), (255, 63)]
        where Self.address(old, heads, sectors) == found {
            area.replaceSubrange(offset..<offset + 3, with: Self.address(new, heads, sectors))
            return
        }
    }

    private static func address(_ block: Int, _ heads: Int, _ sectors: Int) -> [UInt8] {
        let cylinder = block / (heads * sectors)
        guard cylinder < 1024 else { return [0xFE, 0xFF, 0xFF] }
        let head = block / sectors % heads
        let sector = block % sectors + 1
        return [
            UInt8(truncatingIfNeeded: head),
            UInt8(truncatingIfNeeded: sector | cylinder >> 2 & 0xC0),
            UInt8(truncatingIfNeeded: cylinder),
        ]
    }

    // MARK: GPT

    /// UEFI 2.10 §5.3.
    private mutating func changeGPT(_ table: GUIDPartitionTable, _ delta: Int, _ new: Int) {
        let unit = table.blockSize
        let header = unit
        let (count, size) = (number(header + 80, 4), number(header + 84, 4))
        let (entries, bytes) = (number(header + 72, 8) &* unit, count &* size)
        guard table.hasValidEntries, size >= 128, entries >= 2 * unit,
            entries <= area.count - bytes, bytes >= 0
        else {
            problem = "The image's GPT is not where it can be changed"
            return
        }
        let blocks = new / unit
        let arrayBlocks = (bytes + unit - 1) / unit
        for index in 0..<count {
            let offset = entries + index * size
            let (first, last) = (number(offset + 32, 8), number(offset + 40, 8))
            guard first != 0 || last != 0, first <= last, last < Int(UInt32.max) * 16 else {
                continue
            }
            let distance = distance(of: first * unit) / unit
            if distance > 0 {
                put(first + distance, offset + 32, 8)
                put(last + distance, offset + 40, 8)
                continue
            }
            guard let isWhole = holdsVolume(start: first * unit, end: (last + 1) * unit) else {
                continue
            }
            guard isWhole else { return refuse("GPT", index + 1) }
            let end = grown((last + 1) * unit, delta, unit) / unit
            put(min(end - 1, blocks - arrayBlocks - 2), offset + 40, 8)
        }
        let array = Array(area[entries..<entries + bytes])
        put(blocks - 1, header + 32, 8)
        put(blocks - arrayBlocks - 2, header + 48, 8)
        put(Int(Self.sum(array)), header + 88, 4)
        area.replaceSubrange(
            header..<header + unit,
            with: Self.sealed(area[header..<header + unit])
        )
        var other = Array(area[header..<header + unit])
        Self.put(blocks - 1, 24, 8, &other)
        Self.put(1, 32, 8, &other)
        Self.put(blocks - arrayBlocks - 1, 72, 8, &other)
        backup =
            array + [UInt8](repeating: 0, count: arrayBlocks * unit - bytes)
            + Self.sealed(other[...])
    }

    /// A header with its checksum.
    private static func sealed(_ header: ArraySlice<UInt8>) -> [UInt8] {
        var header = Array(header)
        let size = min(max(92, number(header, 12, 4)), header.count)
        put(0, 16, 4, &header)
        put(Int(sum(Array(header[..<size]))), 16, 4, &header)
        return header
    }

    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        var sum = RunningCRC32()
        sum.update(bytes.span)
        return sum.value
    }

    // MARK: Apple's map

    /// Inside Macintosh: Devices, chapter 3.
    private mutating func changeAPM(_ map: ApplePartitionMap, _ old: Int, _ new: Int) {
        let unit = map.blockSize
        for index in map.partitions.indices {
            let offset = unit * (index + 1)
            guard offset + 88 <= area.count else { return }
            let (start, count) = (big(offset + 8), big(offset + 12))
            let distance = distance(of: start * unit) / unit
            if distance > 0 {
                putBig(start + distance, offset + 8)
                continue
            }
            guard let isWhole = holdsVolume(start: start * unit, end: (start + count) * unit) else {
                continue
            }
            guard isWhole else { return refuse("Apple partition map", index + 1) }
            let grown = grown((start + count) * unit, new - old, unit) / unit - start
            if big(offset + 84) == count { putBig(grown, offset + 84) }
            putBig(grown, offset + 12)
        }
        // The descriptor of the whole device, where it is not a PC's boot code.
        let deviceUnit = number(2, 1) << 8 | number(3, 1)
        if area[0] == 0x45, area[1] == 0x52, deviceUnit > 0, big(4) == old / deviceUnit {
            putBig(new / deviceUnit, 4)
        }
    }

    // MARK: Numbers

    private func number(_ offset: Int, _ count: Int) -> Int { Self.number(area, offset, count) }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        guard offset >= 0, offset + count <= bytes.count else { return 0 }
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        return Int(clamping: value)
    }

    private mutating func put(_ value: Int, _ offset: Int, _ count: Int) {
        Self.put(value, offset, count, &area)
    }

    private static func put(_ value: Int, _ offset: Int, _ count: Int, _ bytes: inout [UInt8]) {
        for index in 0..<count {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
        }
    }

    private func big(_ offset: Int) -> Int {
        area[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private mutating func putBig(_ value: Int, _ offset: Int) {
        let value = UInt32(clamping: value)
        for index in 0..<4 {
            area[offset + 3 - index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8))
        }
    }
}
