public import DiscFiles
import LibCrypto
import SecondOpinion
public import Transfer

/// Compares the files of a disc as Spindle reads them with libiso9660's list of them, a directory after
/// the other.
public struct TreeCheck {
    /// A directory that waits to be compared.
    private struct Pair {
        var entry: FileEntry
        var number: Int
        var path: String
        var depth: Int
    }

    /// Directories in each other that the other side goes into.
    private static let greatestDepth = 64

    private let tree: any FileTree
    private let source: any SectorSource
    let other: OtherTree
    /// The report so far.
    var report = TreeReport()
    private var waiting: [Pair] = []
    /// Directories by their first sector that only the other side has, with their paths.
    private var strangers: [(start: Int, path: String)] = []
    /// The first sectors of directories that Spindle has.
    private var places: Set<Int> = []

    /// Prepares to compare.
    ///
    /// - Parameters:
    ///   - tree: The files as Spindle reads them.
    ///   - source: The disc, to read their bytes.
    ///   - other: The files as libiso9660 lists them.
    public init(_ tree: any FileTree, _ source: any SectorSource, _ other: OtherTree) {
        self.tree = tree
        self.source = source
        self.other = other
    }

    /// Compares all of it.
    ///
    /// - Returns: What came of it.
    /// - Throws: What the tree and the source throw besides `UnreadableSectors`.
    public mutating func run() throws -> TreeReport {
        waiting = [Pair(entry: tree.root, number: 0, path: "", depth: 0)]
        var seen: Set<UInt64> = []
        var examined = 0
        while let pair = waiting.popLast() {
            guard seen.insert(pair.entry.identity).inserted, pair.depth < Self.greatestDepth,
                examined <= tree.mostExamined
            else {
                report.isIncomplete = true
                continue
            }
            if let place = Self.place(of: pair.entry) { places.insert(place) }
            guard !other.unlisted.contains(pair.number) else {
                report.unlisted.add(pair.path.isEmpty ? "/" : pair.path)
                continue
            }
            let listing = try tree.entries(of: pair.entry)
            examined += tree.examinedBytes
            if listing.problems.contains(where: { $0.loss == .entries }) {
                report.isIncomplete = true
            }
            report.directories += 1
            try compare(listing.entries, in: pair)
        }
        for stranger in strangers where !places.contains(stranger.start) {
            report.differ(stranger.path, .presence, "nothing", "a directory")
        }
        return report
    }

    /// The first sector of a directory.
    private static func place(of entry: FileEntry) -> Int? {
        entry.extents.first?.offset.map { $0 / 2048 }
    }

    /// Compares what is in a directory.
    private mutating func compare(_ entries: [FileEntry], in pair: Pair) throws {
        var names = OtherNames(other, directory: pair.number)
        var left: [FileEntry] = []
        for entry in entries {
            if let group = names.take(named: entry) {
                try compare(entry, group, in: pair)
            } else {
                left.append(entry)
            }
        }
        for entry in left {
            let path = Self.path(pair.path, entry.name)
            guard let group = names.take(like: entry) else {
                report.differ(path, .presence, Self.kind(entry), "nothing")
                continue
            }
            compareName(entry.name, group, path)
            try compare(entry, group, in: pair)
        }
        for index in names.rest {
            let found = other.entries[index]
            let path = Self.path(pair.path, found.name)
            if found.isDirectory {
                strangers.append((found.start, path))
            } else {
                report.differ(path, .presence, "nothing", "a file of \(found.size) bytes")
            }
        }
    }

    private static func path(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : "\(directory)/\(name)"
    }

    private static func kind(_ entry: FileEntry) -> String {
        switch entry.kind {
        case .file: "a file of \(entry.size) bytes"
        case .directory: "a directory"
        default: "a \(entry.kind.rawValue)"
        }
    }

    /// Judges two names of what lies at the same place.
    private mutating func compareName(_ name: String, _ group: OtherNames.Group, _ path: String) {
        let bytes = other.entries[group.first].bytes ?? []
        let isCut = bytes.count < name.utf8.count && name.utf8.starts(with: bytes)
        if tree.kind == .joliet, isCut {
            report.limit(.jolietName, path)
        } else if tree.kind == .rockRidge, isCut || OtherNames.isPlain(bytes) {
            report.limit(.continuation, path)
        } else {
            report.differ(path, .name, "“\(name)”", "“\(other.entries[group.first].name)”")
        }
    }

    /// Compares an entry with what the other side has under its name.
    private mutating func compare(_ entry: FileEntry, _ group: OtherNames.Group, in pair: Pair)
        throws
    {
        let path = Self.path(pair.path, entry.name)
        let found = other.entries[group.first]
        if entry.kind == .directory {
            compareDirectory(entry, group, path, depth: pair.depth)
        } else if found.isDirectory {
            report.differ(path, .kind, Self.kind(entry), "a directory")
        } else {
            compareMode(entry, found, path)
            if entry.kind == .file {
                report.files += 1
                try compareBytes(entry, group.parts.map { other.entries[$0] }, path)
            }
        }
    }

    private mutating func compareDirectory(
        _ entry: FileEntry,
        _ group: OtherNames.Group,
        _ path: String,
        depth: Int
    ) {
        var number = other.numbers[group.first]
        if number == nil {
            // One that was relocated is elsewhere on the other side.
            let place = Self.place(of: entry)
            guard tree.kind == .rockRidge, let place, let index = other.directoriesByStart[place]
            else {
                report.differ(path, .kind, "a directory", "a file")
                return
            }
            report.limit(.relocation, path)
            number = other.numbers[index]
        }
        guard let number else { return }
        waiting.append(Pair(entry: entry, number: number, path: path, depth: depth + 1))
    }

    /// Compares what Rock Ridge says of a file's kind.
    private mutating func compareMode(
        _ entry: FileEntry,
        _ found: OpinionLine.Entry,
        _ path: String
    ) {
        // Without a field for it, libiso9660 leaves the mode 0.
        guard tree.kind == .rockRidge, let mode = found.mode, mode & 0o170000 != 0 else { return }
        let kinds: [UInt32: FileKind] = [
            0o140000: .socket, 0o120000: .symlink, 0o100000: .file, 0o060000: .blockDevice,
            0o040000: .directory, 0o020000: .characterDevice, 0o010000: .fifo,
        ]
        let kind = kinds[mode & 0o170000]
        guard kind == entry.kind else {
            report.differ(path, .kind, Self.kind(entry), "a \(kind?.rawValue ?? "file of no kind")")
            return
        }
        guard entry.kind == .symlink, let target = entry.target else { return }
        let other = found.target ?? ""
        guard other != target else { return }
        if target.utf8.starts(with: other.utf8) {
            report.limit(.continuation, path)
        } else {
            report.differ(path, .target, "“\(target)”", "“\(other)”")
        }
    }

    /// Compares a file's size and bytes with those of the parts that the other side lists.
    private mutating func compareBytes(
        _ entry: FileEntry,
        _ parts: [OpinionLine.Entry],
        _ path: String
    ) throws {
        var parts = parts
        let fork = entry.resourceForkExtents.first?.offset.map { $0 / 2048 }
        if parts.count > 1, let fork, let index = parts.firstIndex(where: { $0.start == fork }) {
            report.limit(.resourceFork, path)
            parts.remove(at: index)
        }
        let size = Self.storedSize(entry)
        let otherSize = parts.reduce(0) { $0 + $1.size }
        guard size == otherSize else {
            report.differ(path, .size, "\(size) bytes", "\(otherSize) bytes")
            return
        }
        guard !entry.extents.contains(where: { $0.interleave != nil }) else {
            report.limit(.interleaving, path)
            return
        }
        guard parts.allSatisfy({ $0.sha256 != nil || $0.isShort == true }) else {
            report.sizesOnly.add(path)
            return
        }
        let contents = try FileContents(source, entry)
        do {
            let sums = try Self.sums(of: contents, parts.map(\.size))
            report.summed += 1
            report.summedBytes += size
            for (sum, part) in zip(sums, parts) where sum != part.sha256 {
                let said =
                    part.sha256.map { "SHA-256 \($0)" } ?? "bytes past the end of the image"
                report.differ(path, .content, "SHA-256 \(sum)", said)
            }
        } catch is UnreadableSectors {
            report.unreadable.add(path)
        }
    }

    /// The bytes of a file as they lie on the disc: of what zisofs packed, libiso9660 knows no others.
    static func storedSize(_ entry: FileEntry) -> Int {
        guard entry.compression != nil else { return entry.size }
        return entry.extents.reduce(0) { sum, extent in
            let (total, overflow) = sum.addingReportingOverflow(extent.length)
            return overflow ? .max : total
        }
    }

    /// The sums of a file's parts.
    private static func sums(of contents: FileContents, _ sizes: [Int]) throws -> [String] {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        var sums: [String] = []
        for size in sizes {
            var digest = try Digest(.sha256)
            var left = size
            while left > 0 {
                let wanted = min(left, buffer.count)
                var span = buffer.mutableSpan
                var part = span._mutatingExtracting(..<wanted)
                let count = try contents.read(at: offset, into: &part)
                guard count > 0 else {
                    throw UnreadableSectors(start: 0, count: 1, reason: "the file ends early")
                }
                digest.update(buffer.span.extracting(..<count))
                offset += count
                left -= count
            }
            sums.append(digest.finish().hexadecimal)
        }
        return sums
    }
}
