import DiscFiles
import DiscModel
import LinuxCalls
public import Transfer

/// An image with UDF that is made of a tree while it is read: no file holds it.
///
/// All places are known before the first byte is read. Any sector can be asked for at any time, so that
/// it can be burned, converted and mounted as an image in a file is. One thread at a time uses it.
public final class UDFImage: SectorSource {
    /// A name on the disc that is not the name that the tree has, or that few readers show as it is.
    public struct Rename: Hashable, Sendable {
        /// Why.
        public enum Reason: String, Hashable, Sendable {
            /// It was longer than 254 characters, or 127 if one is beyond ISO 8859-1.
            case tooLong = "too-long"
            /// It was not UTF-8; each byte is taken as a character of ISO 8859-1.
            case notUnicode = "not-unicode"
            /// It had a character that UDF does not allow.
            case forbiddenCharacter = "forbidden-character"
            /// It was the same as another one when both were changed.
            case sameName = "same-name"
            /// It is unchanged, but has characters that Unicode 2.0 did not have: old readers show each as
            /// two unknown ones.
            case pairedCharacter = "paired-character"
            /// The target of a symbolic link has a name that had to be changed.
            case changedTarget = "changed-target"
        }

        /// The path in the tree.
        public var path: String
        /// The name on the disc; of a link with a changed target, the target in the tree.
        public var name: String
        /// Why.
        public var reason: Reason
    }

    /// Something that a player would refuse, or do badly.
    public struct Finding: Hashable, Sendable {
        /// Whether players are known to refuse the disc, rather than only some of them.
        public var isFatal: Bool
        /// What it is about.
        public var path: String
        /// One sentence.
        public var sentence: String

        init(isFatal: Bool = true, _ path: String, _ sentence: String) {
            self.isFatal = isFatal
            self.path = path
            self.sentence = sentence
        }
    }

    /// Files that are kept open.
    private static let mostOpened = 8

    private enum Content {
        case bytes([UInt8])
        case structures
        case bridge(ISOBridge)
        case file(Int)
    }

    /// A run of sectors.
    private struct Run {
        var start: Int
        var count: Int
        var content: Content
    }

    /// What it is like.
    public var options: UDFImageOptions { layout.options }
    /// The names that are not those of the tree.
    public var renames: [Rename] { layout.renames }
    /// What players would refuse; empty unless the options name players.
    public var findings: [Finding] { layout.findings }

    /// Bytes in a sector.
    public let sectorSize = 2048
    /// The number of sectors, a multiple of 16 (UDF 1.02) or 32.
    public var sectorCount: Int? { layout.sectorCount }
    /// The size in bytes.
    public var byteCount: Int { layout.sectorCount * sectorSize }

    private let layout: UDFLayout
    private let structures: FileStructures
    /// In the order of their sectors; what lies between them is zeros.
    private var runs: [Run] = []
    /// The files that were read last, the newest one at the end.
    private var opened: [(node: Int, bytes: any FileBytes)] = []

    /// Lays out a tree.
    ///
    /// - Parameters:
    ///   - tree: The files.
    ///   - options: What the image is to be like.
    /// - Throws: ``AuthoringError`` if it can't be made; that a name must change is no error, but is
    ///   said in ``renames``.
    public init(_ tree: AuthoredTree, _ options: UDFImageOptions) throws(AuthoringError) {
        layout = try UDFLayout(tree, options)
        structures = FileStructures(layout)
        for (start, bytes) in VolumeStructures(layout).runs {
            runs.append(Run(start: start, count: bytes.count / 2048, content: .bytes(bytes)))
        }
        for start in [layout.structureStart, layout.mirrorStart].compactMap(\.self) {
            runs.append(Run(start: start, count: layout.structureBlocks, content: .structures))
        }
        if let bridge = layout.bridge {
            for range in bridge.ranges where !range.isEmpty {
                runs.append(
                    Run(start: range.lowerBound, count: range.count, content: .bridge(bridge))
                )
            }
        }
        for node in layout.files {
            let count = (layout.sizes[node] + 2047) / 2048
            let start = Int(layout.dataStarts[node])
            runs.append(Run(start: start, count: count, content: .file(node)))
        }
        runs.sort { $0.start < $1.start }
    }

    /// The first sector of a file; `nil` if the path names no file with bytes.
    ///
    /// - Parameter path: Names of the tree with slashes between them.
    /// - Returns: The sector, counted from the beginning of the image.
    public func firstSector(of path: String) -> Int? {
        guard let node = layout.file(path), layout.sizes[node] > 0 else { return nil }
        return Int(layout.dataStarts[node])
    }

    /// Reads sectors.
    ///
    /// - Throws: ``AuthoringError`` if a file can't be read, or changed since it was found.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard start >= 0, start < layout.sectorCount else { return 0 }
        let count = min(buffer.count / sectorSize, layout.sectorCount - start)
        Bytes.fill(&buffer, 0..<count * sectorSize, with: 0)
        var index = firstRun(endingAfter: start)
        while index < runs.count, runs[index].start < start + count {
            let run = runs[index]
            let first = max(start, run.start)
            let last = min(start + count, run.start + run.count)
            if first < last {
                var part = buffer._mutatingExtracting(
                    (first - start) * sectorSize..<(last - start) * sectorSize
                )
                try fill(&part, from: run, at: first - run.start)
            }
            index += 1
        }
        return count
    }

    /// The first run that ends behind a sector.
    private func firstRun(endingAfter sector: Int) -> Int {
        runs.firstIndexInOrder { $0.start + $0.count > sector }
    }

    private func fill(_ target: inout MutableSpan<UInt8>, from run: Run, at first: Int) throws {
        switch run.content {
        case .bytes(let bytes):
            Bytes.copy(bytes.span.extracting((first * sectorSize)...), to: &target)
        case .structures:
            for index in 0..<target.count / sectorSize {
                put(structures.block(first + index), at: index, into: &target)
            }
        case .bridge(let bridge):
            for index in 0..<target.count / sectorSize {
                put(bridge.sector(run.start + first + index), at: index, into: &target)
            }
        case .file(let node):
            try readFile(node, at: first * sectorSize, into: &target)
        }
    }

    private func put(_ bytes: [UInt8], at index: Int, into target: inout MutableSpan<UInt8>) {
        let offset = index * sectorSize
        let count = min(bytes.count, sectorSize)
        Bytes.copy(bytes.span.extracting(..<count), to: &target, at: offset)
    }

    // MARK: - Files

    private func readFile(
        _ node: Int,
        at offset: Int,
        into target: inout MutableSpan<UInt8>
    ) throws {
        let wanted = min(target.count, layout.sizes[node] - offset)
        do {
            let bytes = try open(node)
            var done = 0
            while done < wanted {
                var part = target._mutatingExtracting(done..<wanted)
                let count = try bytes.read(at: offset + done, into: &part)
                guard count > 0, count <= wanted - done else {
                    throw AuthoringError(
                        .changed,
                        path: layout.path(node),
                        "It ends earlier than it did when the disc was laid out."
                    )
                }
                done += count
            }
        } catch let error as SystemError {
            throw AuthoringError(
                .unreadable,
                path: error.path ?? layout.path(node),
                "It can't be read: \(error.reason)."
            )
        }
    }

    private func open(_ node: Int) throws -> any FileBytes {
        if let index = opened.lastIndex(where: { $0.node == node }) {
            let known = opened.remove(at: index)
            opened.append(known)
            return known.bytes
        }
        guard let content = layout.tree.nodes[node].content else {
            throw AuthoringError(.wrongKind, path: layout.path(node), "It is no file.")
        }
        let bytes = try content.open()
        guard bytes.count == layout.sizes[node] else {
            throw AuthoringError(
                .changed,
                path: layout.path(node),
                "Its size is not what it was when the disc was laid out."
            )
        }
        if opened.count >= Self.mostOpened { opened.removeFirst() }
        opened.append((node, bytes))
        return bytes
    }
}
