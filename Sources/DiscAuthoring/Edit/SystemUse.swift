import DiscFiles
import LibISOFS

/// Entries of SUSP and Rock Ridge that are written: IEEE P1281 and P1282.
enum SystemUse {
    /// The bytes of an entry that leads to a continuation area; SUSP §5.1.
    static let continuationLength = 28
    /// The longest target of a link: libisofs reads no image with a longer one.
    static let longestTarget = 1023
    /// The longest entry: its length has one byte.
    private static let longest = 255

    /// The two letters that an entry begins with, and its length and version.
    private static func entry(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        Array(name.utf8) + [UInt8(4 + bytes.count), 1] + bytes
    }

    private static func both(_ value: UInt32) -> [UInt8] {
        let little = (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
        return little + little.reversed()
    }

    /// Permissions and owners; P1282 §4.1.1.
    ///
    /// - Parameters:
    ///   - mode: The mode with the type.
    ///   - attributes: The owners.
    ///   - links: How many names there are.
    ///   - serial: The file's number, if the tree has such numbers.
    /// - Returns: The entry.
    static func rights(
        mode: UInt32,
        _ attributes: ISOAttributes,
        links: UInt32,
        serial: UInt32?
    ) -> [UInt8] {
        entry(
            "PX",
            both(mode) + both(links) + both(attributes.userID) + both(attributes.groupID)
                + (serial.map(both) ?? [])
        )
    }

    /// The times of the content's, the access's and the attributes' change; P1282 §4.1.6.
    static func times(_ attributes: ISOAttributes) -> [UInt8] {
        let times = [attributes.modified, attributes.accessed, attributes.changed]
        return entry("TF", [0x0E] + times.flatMap(date))
    }

    /// What ``times(_:)`` begins with: its name, length, version, and which times follow.
    static let timesHead = Array("TF".utf8) + [UInt8(timesLength), 1, 0x0E]
    /// Its bytes: three dates of seven follow.
    static let timesLength = 26
    /// Those of them that have the last two dates.
    static let changingTimes = 12..<26

    /// The time that is recorded in place of another one: the nearest of the years 1900 to 2155.
    static func recorded(_ seconds: Int) -> Int { min(max(seconds, -2_208_988_800), 5_869_583_999) }

    /// The seven bytes of a date in Greenwich; ECMA-119 §9.1.5.
    static func date(_ seconds: Int) -> [UInt8] {
        let civil = CivilTime(FileTime(seconds: recorded(seconds)), years: 1900...2155)
        let parts = [
            civil.year - 1900, civil.month, civil.day, civil.hour, civil.minute, civil.second,
        ]
        return parts.map { UInt8(clamping: $0) } + [0]
    }

    /// The 17 bytes of a descriptor's date in Greenwich; ECMA-119 §8.4.26.1.
    static func volumeDate(_ seconds: Int) -> [UInt8] {
        let civil = CivilTime(FileTime(seconds: seconds))
        func digits(_ value: Int, _ count: Int) -> [UInt8] {
            let text = Array(String(value).utf8)
            return [UInt8](repeating: 0x30, count: max(0, count - text.count)) + text
        }
        return digits(civil.year, 4) + digits(civil.month, 2) + digits(civil.day, 2)
            + digits(civil.hour, 2) + digits(civil.minute, 2) + digits(civil.second, 2)
            + digits(0, 2) + [0]
    }

    /// A device's number; P1282 §4.1.2.
    static func device(_ number: UInt64) -> [UInt8] {
        // As the kernel keeps it in 64 bits: major and minor in two pieces each.
        let major = UInt32(truncatingIfNeeded: number >> 8 & 0xFFF | number >> 32 & 0xFFFF_F000)
        let minor = UInt32(truncatingIfNeeded: number & 0xFF | number >> 12 & 0xFFFF_FF00)
        return entry("PN", both(major) + both(minor))
    }

    /// A name; P1282 §4.1.4.
    static func name(_ name: [UInt8]) -> [[UInt8]] {
        let most = longest - 5
        var entries: [[UInt8]] = []
        var rest = name[...]
        repeat {
            let part = rest.prefix(most)
            rest = rest.dropFirst(part.count)
            entries.append(entry("NM", [rest.isEmpty ? 0 : 1] + part))
        } while !rest.isEmpty
        return entries
    }

    /// Where a link leads; P1282 §4.1.3.
    static func target(_ target: [UInt8]) -> [[UInt8]] {
        var components: [[UInt8]] = []
        if target.first == 0x2F { components.append([0x08, 0]) }
        for part in target.split(separator: 0x2F) {
            if part == [0x2E] {
                components.append([0x02, 0])
            } else if part == [0x2E, 0x2E] {
                components.append([0x04, 0])
            } else {
                // A component that doesn't fit goes on in the next one.
                var rest = part
                while !rest.isEmpty {
                    let piece = rest.prefix(longest - 7)
                    rest = rest.dropFirst(piece.count)
                    components.append(
                        [rest.isEmpty ? 0 : 1, UInt8(piece.count)] + Array(piece)
                    )
                }
            }
        }
        var entries: [[UInt8]] = []
        var bytes: [UInt8] = []
        for component in components {
            if bytes.count + component.count > longest - 5 {
                entries.append(entry("SL", [1] + bytes))
                bytes = []
            }
            bytes += component
        }
        entries.append(entry("SL", [0] + bytes))
        return entries
    }

    /// An entry that leads to bytes elsewhere; SUSP §5.1.
    static func continuation(block: Int, offset: Int, count: Int) -> [UInt8] {
        entry("CE", both(UInt32(clamping: block)) + both(UInt32(offset)) + both(UInt32(count)))
    }

    /// What XA puts before the entries: owners, permissions and its letters (CD-ROM XA, II.2.7).
    static func prefix(_ count: Int, isDirectory: Bool, _ attributes: ISOAttributes) -> [UInt8] {
        guard count == 14 else { return [UInt8](repeating: 0, count: count) }
        func big(_ value: UInt32) -> [UInt8] {
            let value = UInt16(clamping: value)
            return [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        // Everyone may read, and the sectors have form 1.
        return big(attributes.groupID) + big(attributes.userID) + [isDirectory ? 0x8D : 0x0D, 0x55]
            + Array("XA".utf8) + [UInt8](repeating: 0, count: 6)
    }
}

/// Areas in which the entries of records go on that have no more room.
///
/// They get their sectors once the directories have theirs: until then their blocks count from
/// ``first``, where no disc has any.
struct ContinuationAreas {
    /// The number of the first block, until it gets its place.
    static let first = 0x7800_0000

    /// The areas' sectors, in their order.
    private var sectors: [[UInt8]] = []
    private var used = 2048
    /// Where an area leads to the next one: a sector's index, and the byte of the entry.
    private var links: [(sector: Int, offset: Int)] = []

    /// How many sectors there are.
    var count: Int { sectors.count }

    /// Puts entries into as many areas as they need.
    ///
    /// - Parameter entries: The entries, at least one.
    /// - Returns: The entry that leads to the first of them.
    mutating func put(_ entries: [[UInt8]]) -> [UInt8] {
        let room = 2048 - SystemUse.continuationLength
        var chunks: [[UInt8]] = [[]]
        for entry in entries {
            if chunks[chunks.count - 1].count + entry.count > room { chunks.append([]) }
            chunks[chunks.count - 1] += entry
        }
        var link: [UInt8] = []
        // From the last one on, so that each can lead to the next.
        for chunk in chunks.reversed() {
            let bytes = chunk + link
            if used + bytes.count > 2048 {
                sectors.append([UInt8](repeating: 0, count: 2048))
                used = 0
            }
            let index = sectors.count - 1
            sectors[index].replaceSubrange(used..<used + bytes.count, with: bytes)
            if !link.isEmpty { links.append((index, used + chunk.count)) }
            link = SystemUse.continuation(
                block: Self.first + index,
                offset: used,
                count: bytes.count
            )
            used += bytes.count
        }
        return link
    }

    /// The entries of a record that leads to an area, without those that lead elsewhere.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - start: Where its entries begin.
    /// - Returns: The entries, in their order.
    func entries(of record: [UInt8], from start: Int) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var pending: ArraySlice<UInt8>? = record[start...]
        while let bytes = pending {
            pending = nil
            var position = bytes.startIndex
            while position + 4 <= bytes.endIndex {
                let length = Int(bytes[position + 2])
                guard length >= 4, position + length <= bytes.endIndex else { break }
                let entry = Array(bytes[position..<position + length])
                position += length
                guard entry.starts(with: Array("CE".utf8)), length >= 28 else {
                    found.append(entry)
                    continue
                }
                let sector = RecordFields.number(at: 4, in: entry) - Self.first
                guard sectors.indices.contains(sector) else { continue }
                let offset = RecordFields.number(at: 12, in: entry)
                let end = min(2048, offset + RecordFields.number(at: 20, in: entry))
                if offset < end { pending = sectors[sector][offset..<end] }
            }
        }
        return found
    }

    /// The sectors' bytes, once the first of them has a place.
    func placed(at place: Int) -> [UInt8] {
        var sectors = sectors
        for (sector, offset) in links {
            let block = RecordFields.number(at: offset + 4, in: sectors[sector])
            RecordFields.put(block - Self.first + place, at: offset + 4, in: &sectors[sector])
        }
        return sectors.flatMap { $0 }
    }
}

/// A directory record that is made; ECMA-119 §9.1.
struct RecordMaker {
    /// The name with its version.
    var identifier: [UInt8]
    /// Its flags (§9.1.6).
    var flags: UInt8
    /// The seven bytes of its date.
    var date: [UInt8]
    /// What stands before the entries of SUSP.
    var prefix: [UInt8] = []
    /// The entries of SUSP.
    var entries: [[UInt8]] = []

    /// The record's longest length: it must be even.
    private static let longest = 254

    /// The record, still without the place and the size of what it names.
    ///
    /// - Parameter areas: Takes what the record has no room for.
    /// - Returns: The record.
    func record(_ areas: inout ContinuationAreas) -> [UInt8] {
        let start = 33 + identifier.count + (identifier.count + 1) % 2
        var use = prefix
        let room = Self.longest - start - prefix.count
        if entries.reduce(0, { $0 + $1.count }) <= room {
            for entry in entries { use += entry }
        } else {
            var left = entries[...]
            var free = room - SystemUse.continuationLength
            while let entry = left.first, entry.count <= free {
                use += entry
                free -= entry.count
                left = left.dropFirst()
            }
            use += areas.put(Array(left))
        }
        var record = [UInt8](repeating: 0, count: start) + use
        if record.count % 2 != 0 { record.append(0) }
        record[0] = UInt8(clamping: record.count)
        record.replaceSubrange(18..<25, with: date)
        record[25] = flags
        // The volume's number in its set, in both byte orders.
        record[28] = 1
        record[31] = 1
        record[32] = UInt8(identifier.count)
        record.replaceSubrange(33..<33 + identifier.count, with: identifier)
        return record
    }
}
