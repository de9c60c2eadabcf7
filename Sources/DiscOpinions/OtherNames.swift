import DiscFiles
import SecondOpinion

/// What libiso9660 lists in a directory, by the names that Spindle would have for it.
struct OtherNames {
    /// A file or a directory: an entry, or several of the same name in a row, which are the parts of a
    /// file.
    struct Group {
        var parts: [Int]
        var first: Int { parts[0] }
    }

    /// The entries, in the order in which they were told.
    private let indexes: [Int]
    /// Places among them, by the name and the first sector, and of those without bytes.
    private var byName: [[UInt8]: Int] = [:]
    private var byStart: [Int: [Int]] = [:]
    private var empty: [Int] = []
    private var isTaken: [Bool] = []
    private let other: OtherTree

    /// Takes the entries of a directory.
    init(_ other: OtherTree, directory number: Int) {
        self.other = other
        indexes = other.directories[number]
        isTaken = indexes.map { _ in false }
        for (place, index) in indexes.enumerated() {
            let entry = other.entries[index]
            if entry.size > 0 {
                byStart[entry.start, default: []].append(place)
            } else {
                empty.append(place)
            }
            let name = Self.decoded(entry.bytes ?? [])
            if byName[name] == nil { byName[name] = place }
        }
        // Names without their versions, where those are free.
        for (place, index) in indexes.enumerated() {
            let short = Self.withoutVersion(Self.decoded(other.entries[index].bytes ?? []))
            if byName[short] == nil { byName[short] = place }
        }
    }

    /// What has an entry's name.
    mutating func take(named entry: FileEntry) -> Group? {
        guard let place = byName[Array(entry.name.utf8)], !isTaken[place] else { return nil }
        return take(place, entry)
    }

    /// Takes what stands at a place, with the parts that a file has after it.
    private mutating func take(_ place: Int, _ entry: FileEntry) -> Group {
        isTaken[place] = true
        var group = Group(parts: [indexes[place]])
        let first = other.entries[indexes[place]]
        guard entry.kind == .file, !first.isDirectory else { return group }
        let fork = min(entry.resourceForkSize ?? 0, Int(UInt32.max))
        var left = min(TreeCheck.storedSize(entry), .max / 2) + fork - first.size
        for next in (place + 1)..<max(place + 1, indexes.count) {
            let part = other.entries[indexes[next]]
            guard left > 0, !isTaken[next], !part.isDirectory, part.bytes == first.bytes else {
                break
            }
            isTaken[next] = true
            group.parts.append(indexes[next])
            left -= part.size
        }
        return group
    }

    /// What is the same under another name: it lies where an entry does and is as long, or has no bytes
    /// either and a name that libiso9660 would make of the entry's.
    mutating func take(like entry: FileEntry) -> Group? {
        let start = entry.extents.first?.offset.map { $0 / 2048 }
        let candidates = start.map { byStart[$0] ?? [] } ?? empty
        let isDirectory = entry.kind == .directory
        let place = candidates.first { place in
            let found = other.entries[indexes[place]]
            guard !isTaken[place], found.isDirectory == isDirectory else { return false }
            if start != nil { return isDirectory || found.size <= TreeCheck.storedSize(entry) }
            let name = found.bytes ?? []
            return entry.name.utf8.starts(with: name) || Self.isPlain(name)
        }
        return place.map { take($0, entry) }
    }

    /// The entries that were not taken.
    var rest: [Int] { indexes.indices.filter { !isTaken[$0] }.map { indexes[$0] } }

    /// A name's bytes in UTF-8, those of one that is no UTF-8 as Spindle decodes it.
    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        if String(validating: bytes, as: UTF8.self) != nil { return bytes }
        return Array(String(decoding: bytes.map(UInt16.init), as: UTF16.self).utf8)
    }

    /// A name without `;` and a version, and without the dot of an empty extension (ECMA-119 §7.5.1).
    private static func withoutVersion(_ name: [UInt8]) -> [UInt8] {
        var short = name[...]
        if let mark = name.lastIndex(of: 0x3B), mark > 0,
            name[(mark + 1)...].allSatisfy({ (0x30...0x39).contains($0) })
        {
            short = name[..<mark]
        }
        if short.count > 1, short.last == 0x2E { short.removeLast() }
        return Array(short)
    }

    /// Whether a name is one of ISO 9660's own, as a record has it besides Rock Ridge's.
    static func isPlain(_ name: [UInt8]) -> Bool {
        name.allSatisfy { byte in
            (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                || [0x5F, 0x2E, 0x3B].contains(byte)
        }
    }
}
