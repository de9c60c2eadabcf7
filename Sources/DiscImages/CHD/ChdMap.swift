import DiscModel

/// Where the hunks of a CHD image lie, as its map says.
struct ChdMap {
    /// What the file has of a hunk.
    enum Entry: Hashable {
        /// Packed with one of the header's codecs.
        case packed(codec: Int, offset: Int, length: Int, crc: UInt16)
        /// As it is, with a checksum where the map has one.
        case plain(offset: Int, crc: UInt16?)
        /// The same as another hunk of the file.
        case same(hunk: Int)
        /// In the parent, from a unit on.
        case parent(unit: Int)
        /// Nothing: zeros, or what a parent has there.
        case none
    }

    /// What the checksums of hunks and maps begin with.
    static let sumStart: UInt16 = 0xFFFF

    /// The entries' types in a packed map, as far as they are no codecs.
    enum Code {
        static let plain = 4
        static let same = 5
        static let parent = 6
        static let shortRun = 7
        static let longRun = 8
        /// The same hunk as the entry of this kind before, and the one behind that.
        static let sameAgain = 9
        static let sameNext = 10
        /// The same place in the parent, and the places as with hunks.
        static let parentHere = 11
        static let parentAgain = 12
        static let parentNext = 13
    }

    /// Bytes of the header of a packed map.
    static let headerSize = 16
    /// Bytes of an entry, as the map's checksum counts them.
    static let entrySize = 12

    private let base: any ByteSource
    private let header: ChdHeader
    /// Of a packed map: type and length of each hunk, then place and checksum.
    private var kinds: [UInt32] = []
    private var places: [UInt64] = []

    /// Reads a map.
    ///
    /// - Throws: ``ImageFormatError`` where it is damaged.
    init(_ file: ImageFile, _ header: ChdHeader, _ format: String) throws {
        base = file.bytes
        self.header = header
        let start = header.mapOffset
        guard !header.codecs.isEmpty else {
            guard header.hunks <= (file.bytes.byteCount - start) / 4 else {
                throw ImageFormatError(
                    file.name,
                    format,
                    "the map",
                    at: start,
                    "is cut off: it has \(header.hunks) entries"
                )
            }
            return
        }
        let fields = BinaryFields(
            file.name,
            format,
            try file.bytes.bytes(start..<(start + Self.headerSize)),
            origin: start,
            order: .big
        )
        let length = try fields.u32(0, "the length of the map")
        guard length <= file.bytes.byteCount - start - Self.headerSize else {
            throw fields.error("the length of the map", 0, "is \(length), past the end")
        }
        let first = try fields.u16(4, "the place of the first hunk") << 32 | fields.u32(6, "it")
        let sum = try fields.u16(10, "the checksum of the map")
        let widths = try (0..<3).map { try fields.u8(12 + $0, "the width of a field") }
        guard widths.allSatisfy({ $0 <= 32 }) else {
            throw fields.error("the width of a field", 12, "is larger than 32")
        }
        let body = start + Self.headerSize
        var bits = ChdBits(try file.bytes.bytes(body..<(body + length), limit: 1 << 28))
        guard let codes = Self.codes(&bits, header.hunks) else {
            throw fields.error("the map", Self.headerSize, "is damaged")
        }
        try unpack(codes, &bits, first, widths, fields)
        guard !bits.isBehindEnd, checksum() == UInt16(sum) else {
            throw fields.error("the checksum of the map", 10, "is not that of the map")
        }
    }

    /// The types of all hunks.
    private static func codes(_ bits: inout ChdBits, _ count: Int) -> [UInt8]? {
        guard let code = ChdHuffman.readRuns(&bits, symbols: 16, longest: 8) else { return nil }
        var codes: [UInt8] = []
        var last = 0
        while codes.count < count {
            guard let symbol = code.read(&bits), !bits.isBehindEnd else { return nil }
            var run = 1
            switch symbol {
            case Code.shortRun:
                guard let more = code.read(&bits) else { return nil }
                run = 3 + more
            case Code.longRun:
                guard let high = code.read(&bits), let low = code.read(&bits) else { return nil }
                run = 19 + (high << 4 | low)
            default:
                last = symbol
            }
            codes += repeatElement(UInt8(last), count: min(run, count - codes.count))
        }
        return codes
    }

    private mutating func unpack(
        _ codes: [UInt8],
        _ bits: inout ChdBits,
        _ first: Int,
        _ widths: [Int],
        _ fields: BinaryFields
    ) throws {
        kinds.reserveCapacity(codes.count)
        places.reserveCapacity(codes.count)
        var next = first
        var same = 0
        var parent = 0
        for (hunk, code) in codes.enumerated() {
            var (length, place, crc, kind) = (0, next, 0, Int(code))
            switch Int(code) {
            case 0..<header.codecs.count:
                length = bits.read(widths[0])
                crc = bits.read(16)
                next += length
            case Code.plain:
                length = header.hunk
                crc = bits.read(16)
                next += length
            case Code.same:
                same = bits.read(widths[1])
                place = same
            case Code.sameAgain, Code.sameNext:
                if Int(code) == Code.sameNext { same += 1 }
                (place, kind) = (same, Code.same)
            case Code.parent:
                parent = bits.read(widths[2])
                place = parent
            case Code.parentHere:
                parent = hunk * header.hunk / header.unit
                (place, kind) = (parent, Code.parent)
            case Code.parentAgain, Code.parentNext:
                if Int(code) == Code.parentNext { parent += header.hunk / header.unit }
                (place, kind) = (parent, Code.parent)
            default:
                throw fields.error("the map", Self.headerSize, "gives hunk \(hunk) type \(code)")
            }
            guard length < 1 << 24, place < 1 << 48 else {
                throw fields.error("the map", Self.headerSize, "gives hunk \(hunk) no place")
            }
            if kind == Code.same, place >= hunk {
                throw fields.error(
                    "the map",
                    Self.headerSize,
                    "says that hunk \(hunk) is the same as a later one, \(place)"
                )
            }
            kinds.append(UInt32(kind) << 24 | UInt32(length))
            places.append(UInt64(place) << 16 | UInt64(crc))
        }
    }

    /// The checksum of the map as it is when it is unpacked.
    private func checksum() -> UInt16 {
        var sum = Self.sumStart
        var bytes = [UInt8](repeating: 0, count: Self.entrySize)
        for i in kinds.indices {
            for k in 0..<4 { bytes[k] = UInt8(truncatingIfNeeded: kinds[i] >> (24 - 8 * k)) }
            for k in 0..<8 { bytes[4 + k] = UInt8(truncatingIfNeeded: places[i] >> (56 - 8 * k)) }
            sum = CRC16.sum(of: bytes.span, continuing: sum)
        }
        return sum
    }

    /// The entry of a hunk.
    func entry(_ hunk: Int) throws -> Entry {
        guard !header.codecs.isEmpty else {
            let start = header.mapOffset + 4 * hunk
            let bytes = try base.bytes(start..<(start + 4))
            // An entry counts hunks from the file's beginning.
            let number = bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | Int($1) } : 0
            return number == 0 ? .none : .plain(offset: number * header.hunk, crc: nil)
        }
        let kind = Int(kinds[hunk] >> 24)
        let length = Int(kinds[hunk] & 0xFF_FFFF)
        let place = Int(places[hunk] >> 16)
        let crc = UInt16(truncatingIfNeeded: places[hunk])
        switch kind {
        case Code.plain: return .plain(offset: place, crc: crc)
        case Code.same: return .same(hunk: place)
        case Code.parent: return .parent(unit: place)
        default: return .packed(codec: kind, offset: place, length: length, crc: crc)
        }
    }

    /// Whether any hunk lies in a parent.
    var needsParent: Bool { kinds.contains { $0 >> 24 == Code.parent } }
}
