/// A file entry, or an extended one: what UDF keeps of a file besides its names.
///
/// ECMA-167 4/14.9 and 4/14.17.
struct UDFFileRecord {
    /// Blocks that the descriptors of a file's extents may go on in.
    private static let mostContinuations = 1 << 14
    /// Entries that stand for each other, on media that are written once (strategy 4096).
    private static let mostIndirections = 64

    /// Where the kinds of entry have their fields.
    private struct Fields {
        let access, modification, creation, attributes: Int
        /// That of the directory of streams; 0 if there is none.
        let streams: Int
    }

    private static let fields: [FileTag.Kind: Fields] = [
        .fileEntry: Fields(access: 72, modification: 84, creation: 0, attributes: 168, streams: 0),
        .extendedFileEntry: Fields(
            access: 80,
            modification: 92,
            creation: 104,
            attributes: 208,
            streams: 152
        ),
    ]

    /// Where it is.
    let address: UDFAddress
    /// The type of file; ECMA-167 4/14.6.6, UDF 2.60 §2.3.5.2.
    let type: UInt8
    /// The file's bytes.
    let size: Int
    /// The byte of the disc that it was read from.
    private let offset: Int
    private let bytes: [UInt8]
    private let fields: Fields

    /// Reads an entry.
    init(at first: UDFAddress, _ addressing: UDFAddressing) throws {
        var address = first
        for _ in 0..<Self.mostIndirections {
            let (bytes, offset) = try addressing.descriptor(at: address)
            let span = bytes.span
            let kind = FileTag.kind(span)
            if kind == .indirectEntry {
                try addressing.checkPlace(of: span, at: address)
                address = UDFAddress(span, longAt: 36)
                continue
            }
            guard let kind, let fields = Self.fields[kind] else {
                throw BrokenStructure("There is no valid file entry in block \(address.block).")
            }
            try addressing.checkPlace(of: span, at: address)
            guard [4, 4096].contains(span.little16(20)) else {
                throw BrokenStructure(
                    "The file entry in block \(address.block) follows strategy \(span.little16(20)), which no disc does."
                )
            }
            let size = span.little64(56)
            guard size <= 1 << 48 else {
                throw BrokenStructure(
                    "The file entry in block \(address.block) gives a size of \(size) bytes."
                )
            }
            self.address = address
            type = span.byte(27)
            self.size = Int(size)
            self.bytes = bytes
            self.offset = offset
            self.fields = fields
            return
        }
        throw BrokenStructure("File entries from block \(first.block) on stand for each other.")
    }

    /// Whether it is the file, or its copy, that holds a metadata partition.
    var isMetadata: Bool { type == 250 || type == 251 }

    /// The names that the file has, as its entry counts them; ECMA-167 4/14.9.6.
    var nameCount: Int { Int(bytes.span.little16(48)) }

    /// The bytes of its block that every file entry has: all but its attributes and the descriptors of its extents.
    var fixedLength: Int {
        let attributes = Int(bytes.span.little32(fields.attributes))
        let extents = Int(bytes.span.little32(fields.attributes + 4))
        return max(0, bytes.count - attributes - extents)
    }

    /// What it is; nil for what isn't shown.
    var kind: FileKind? {
        let kinds: [UInt8: FileKind] = [
            0: .file, 4: .directory, 5: .file, 6: .blockDevice, 7: .characterDevice, 9: .fifo,
            10: .socket, 12: .symlink, 249: .file,
        ]
        return kinds[type]
    }

    /// Where the directory of its named streams is (ECMA-167 4/14.17.16); `nil` if it has none.
    var streamDirectory: UDFAddress? {
        guard fields.streams > 0, bytes.span.little32(fields.streams) & 0x3FFF_FFFF > 0 else {
            return nil
        }
        return UDFAddress(bytes.span, longAt: fields.streams)
    }

    /// Makes an entry of a directory of it, without what has to be read from elsewhere.
    func entry(name: String, kind: FileKind) -> FileEntry {
        let span = bytes.span
        var entry = FileEntry(name: name, kind: kind, identity: address.identity)
        entry.size = kind == .file ? size : 0
        entry.number = address.identity
        let (user, group) = (span.little32(36), span.little32(40))
        entry.userID = user == .max ? nil : user
        entry.groupID = group == .max ? nil : group
        entry.mode = mode(kind)
        entry.accessed = FileTime.ofUDF(span, at: fields.access)
        entry.modified = FileTime.ofUDF(span, at: fields.modification)
        if fields.creation > 0 { entry.created = FileTime.ofUDF(span, at: fields.creation) }
        if [.blockDevice, .characterDevice].contains(kind) { entry.device = device }
        return entry
    }

    /// ECMA-167 4/14.9.5: five bits each for others, the group and the owner, of which the lowest
    /// three are execute, write and read; and the flags for set user, set group and sticky.
    private func mode(_ kind: FileKind) -> UInt32 {
        let span = bytes.span
        let rights = span.little32(44)
        let flags = UInt32(span.little16(34))
        let types: [FileKind: UInt32] = [
            .file: 0o100000, .directory: 0o040000, .symlink: 0o120000, .blockDevice: 0o060000,
            .characterDevice: 0o020000, .fifo: 0o010000, .socket: 0o140000,
        ]
        var mode = (types[kind] ?? 0) | rights & 7 | rights >> 2 & 0o70 | rights >> 4 & 0o700
        for (flag, bit) in [(0x40, 0o4000), (0x80, 0o2000), (0x100, 0o1000)] as [(UInt32, UInt32)]
        where flags & flag != 0 {
            mode |= bit
        }
        return mode
    }

    /// The attribute that keeps a device's numbers; ECMA-167 4/14.10.7.
    private var device: (major: UInt32, minor: UInt32)? {
        let span = bytes.span
        let start = fields.attributes + 8
        let end = min(start + Int(span.little32(fields.attributes)), bytes.count)
        var position = start + 24
        while position + 24 <= end {
            let length = Int(span.little32(position + 8))
            if span.little32(position) == 12 {
                return (span.little32(position + 16), span.little32(position + 20))
            }
            guard length >= 12, length <= end - position else { return nil }
            position += length
        }
        return nil
    }

    // MARK: - Where the bytes are

    /// Where a file's bytes are.
    struct Extents {
        /// Its extents; from the beginning of the file.
        var extents: [FileExtent] = []
        /// A sentence if they don't reach its end.
        var problem: String?
        /// A sentence if they reach it only by the rest of their last block.
        var remark: String?
    }

    /// The file's extents.
    ///
    /// Linux (6.1) appends to a file within its last block without changing the length of the last extent, and reads
    /// such a file as it was written: what follows the extent in its block belongs to the file.
    func extents(_ addressing: UDFAddressing) throws -> Extents {
        let span = bytes.span
        let start = fields.attributes + 8 + Int(span.little32(fields.attributes))
        let length = Int(span.little32(fields.attributes + 4))
        guard start <= bytes.count, length <= bytes.count - start else {
            throw BrokenStructure(
                "The file entry in block \(address.block) is longer than its block."
            )
        }
        let form = span.little16(34) & 7
        if form == 3 {
            // The bytes are in the entry itself.
            guard size > 0 else { return Extents() }
            let held = min(size, length)
            return Extents(
                extents: [FileExtent(offset: offset + start, length: held)],
                problem: held < size ? "its entry holds fewer bytes than its size" : nil
            )
        }
        guard let width = [0: 8, 1: 16, 2: 20][Int(form)] else {
            throw BrokenStructure(
                "The file entry in block \(address.block) describes its extents in no known form."
            )
        }
        var list = ExtentList(size: size)
        try list.read(Array(bytes[start..<start + length]), width: width, of: self, addressing)
        var hops = 0
        var seen: Set<UDFAddress> = []
        while let next = list.next {
            list.next = nil
            hops += 1
            guard hops <= Self.mostContinuations, seen.insert(next).inserted else {
                throw BrokenStructure("A file's extents go on in a circle.")
            }
            let block = try addressing.descriptor(at: next).bytes
            let span = block.span
            guard FileTag.kind(span) == .allocationExtent else {
                throw BrokenStructure(
                    "A file's extents go on in block \(next.block), but not there."
                )
            }
            try addressing.checkPlace(of: span, at: next)
            let count = min(Int(span.little32(20)), block.count - 24)
            try list.read(Array(block[24..<24 + count]), width: width, of: self, addressing)
        }
        let appended = list.takeRestOfBlock(addressing.blockSize)
        let known = size - appended
        return Extents(
            extents: list.extents,
            problem: list.rest > 0 ? "its extents end before its size" : nil,
            remark: appended > 0
                ? "what follows its first \(known) bytes lies after its last extent, in the same block, where Linux appends it"
                : nil
        )
    }

    /// The bytes of a directory, a symlink or a table.
    func contents(_ addressing: UDFAddressing, limit: Int) throws -> [UInt8] {
        guard size <= limit else {
            throw BrokenStructure("A structure of \(size) bytes is larger than any disc has.")
        }
        let found = try extents(addressing)
        if let problem = found.problem {
            throw BrokenStructure("Of the structure in block \(address.block), \(problem).")
        }
        var result: [UInt8] = []
        for extent in found.extents {
            guard let offset = extent.offset else {
                try addressing.reader.charge(extent.length)
                result += [UInt8](repeating: 0, count: extent.length)
                continue
            }
            result += try addressing.bytes(at: offset, count: extent.length)
        }
        return result
    }

    /// Gathers extents from their descriptors; ECMA-167 4/14.14.
    private struct ExtentList {
        var extents: [FileExtent] = []
        /// The bytes of the file that no extent covers yet.
        var rest: Int
        /// The bytes of the last extent, which begins with a block.
        private var lastLength = 0
        /// Where the descriptors go on.
        var next: UDFAddress?

        init(size: Int) { rest = size }

        mutating func read(
            _ bytes: [UInt8],
            width: Int,
            of record: UDFFileRecord,
            _ addressing: UDFAddressing
        ) throws {
            let span = bytes.span
            for offset in stride(from: 0, through: bytes.count - width, by: width) {
                let field = span.little32(offset)
                let length = Int(field & 0x3FFF_FFFF)
                guard length > 0 else { return }
                var address = UDFAddress(map: record.address.map, block: span.little32(offset + 4))
                // The extended form has two more lengths before its address.
                if width == 16 { address = UDFAddress(span, longAt: offset) }
                if width == 20 { address = UDFAddress(span, longAt: offset + 8) }
                let type = field >> 30
                if type == 3 {
                    next = address
                    return
                }
                guard rest > 0 else { return }
                let count = min(length, rest)
                let runs =
                    type == 0
                    ? try addressing.extents(address, length: count)
                    : [FileExtent(offset: nil, length: count)]
                guard extents.count + runs.count <= UDFAddressing.mostExtents else {
                    throw BrokenStructure(
                        "A file is in more than \(UDFAddressing.mostExtents) pieces."
                    )
                }
                for run in runs { append(run) }
                lastLength = length
                rest -= count
            }
        }

        /// Lengthens the last extent to the file's end, if that lies in the extent's last block.
        ///
        /// - Parameter blockSize: The bytes of a block.
        /// - Returns: By how many bytes.
        mutating func takeRestOfBlock(_ blockSize: Int) -> Int {
            guard rest > 0, lastLength % blockSize > 0, rest <= blockSize - lastLength % blockSize,
                extents.last?.offset != nil
            else { return 0 }
            extents[extents.count - 1].length += rest
            defer { rest = 0 }
            return rest
        }

        private mutating func append(_ run: FileExtent) {
            if let last = extents.last, last.offset.map({ $0 + last.length }) == run.offset {
                extents[extents.count - 1].length += run.length
            } else {
                extents.append(run)
            }
        }
    }
}
