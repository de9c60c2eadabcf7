import LibCodecs

/// A partition's table of runs (“mish”), as an Apple disk image has one for each.
struct DMGTable {
    /// Bytes before the runs.
    static let headerSize = 204
    /// Bytes of a run.
    static let runSize = 40
    /// Bytes of a sector.
    static let sector = 512

    /// What a run is, by its number.
    enum Kind: UInt32 {
        case zeros = 0
        case plain = 1
        /// Not used by the file system: read as zeros, and not counted in the sum.
        case unused = 2
        case adc = 0x8000_0004
        case zlib = 0x8000_0005
        case bzip2 = 0x8000_0006
        case lzfse = 0x8000_0007
        case xz = 0x8000_0008
        case comment = 0x7FFF_FFFE
        case end = 0xFFFF_FFFF

        /// The codec of a library, where one unpacks it.
        var codec: Codec? {
            switch self {
            case .zlib: .zlib
            case .bzip2: .bzip2
            case .xz: .xz
            default: nil
            }
        }

        /// The name that is used in print.
        var displayName: String {
            switch self {
            case .adc: "ADC"
            case .lzfse: "LZFSE"
            default: codec?.displayName ?? rawValue.description
            }
        }
    }

    /// A run of sectors.
    struct Run {
        /// The bytes of the image.
        var range: Range<Int>
        /// What it is.
        var kind: Kind
        /// Where its bytes lie in the file.
        var place: Int
        /// How many there are.
        var count: Int
    }

    /// What the partition is called: “Apple_HFS : 1”; empty where it isn't.
    let name: String
    /// Its runs but for comments, as the table has them.
    let runs: [Run]
    /// The CRC-32 of the partition, where it has one.
    let sum: UInt32?
    /// Its first sector, as the table has it.
    let firstSector: Int
    /// Its sectors.
    let sectorCount: Int
    /// The runs that the sum counts: all but the unused ones.
    var countedRuns: [Run] { runs.filter { $0.kind != .unused } }
    /// That its runs leave sectors out: a sentence; `nil` if they have all.
    let warning: String?

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - fields: The table's bytes.
    ///   - name: The partition's name.
    ///   - number: Its number, for messages.
    ///   - dataOffset: Where the data begin in the file.
    ///   - fileSize: The file's size.
    /// - Throws: ``ImageFormatError`` that names the field that is nonsense.
    init(_ fields: BinaryFields, name: String, number: Int, dataOffset: Int, fileSize: Int) throws {
        self.name = name
        let label = "of partition table \(number)"
        guard try fields.exactly(0, 4, "the mark \(label)") == Array("mish".utf8) else {
            throw fields.error("the mark \(label)", nil, "is not “mish”")
        }
        let first = try fields.u64(8, "the first sector \(label)")
        let all = try fields.u64(16, "the number of sectors \(label)")
        firstSector = first
        sectorCount = all
        let base = try fields.u64(24, "the place of the data \(label)")
        let count = try fields.u32(200, "the number of runs \(label)")
        guard count <= (fields.count - Self.headerSize) / Self.runSize else {
            throw fields.error(
                "the number of runs \(label)",
                nil,
                "is \(count), more than the table has room for"
            )
        }
        let isCRC = try fields.u32(64, "the kind of the checksum \(label)") == 2
        sum = isCRC ? UInt32(try fields.u32(72, "the checksum \(label)")) : nil
        var runs: [Run] = []
        runs.reserveCapacity(count)
        for i in 0..<count {
            let at = Self.headerSize + i * Self.runSize
            let what = "run \(i) \(label)"
            let number = UInt32(try fields.u32(at, what))
            guard let kind = Kind(rawValue: number) else {
                throw fields.error(
                    what,
                    nil,
                    "is of the kind 0x\(String(number, radix: 16)), which is not known"
                )
            }
            if kind == .end { break }
            if kind == .comment { continue }
            let start = try fields.u64(at + 8, "the first sector of \(what)")
            let length = try fields.u64(at + 16, "the number of sectors of \(what)")
            let offset = try fields.u64(at + 24, "the place of \(what)")
            let bytes = try fields.u64(at + 32, "the size of \(what)")
            let limit = 1 << 40
            guard first < limit, start < limit, length < limit else {
                throw fields.error(what, nil, "lies past the end of any disc")
            }
            guard length > 0 else { continue }
            let from = (first + start) * Self.sector
            let range = from..<(from + length * Self.sector)
            if kind == .zeros || kind == .unused {
                runs.append(Run(range: range, kind: kind, place: 0, count: 0))
                continue
            }
            guard offset <= fileSize, base <= fileSize, bytes <= fileSize else {
                throw fields.error(what, nil, "lies past the end of the file")
            }
            if kind == .plain {
                guard bytes >= range.count else {
                    throw fields.error(what, nil, "has \(bytes) bytes for \(length) sectors")
                }
            } else {
                guard range.count <= BlockBytes.largestBlock else {
                    throw fields.error(
                        what,
                        nil,
                        "unpacks to \(range.count) bytes, which is too much"
                    )
                }
            }
            runs.append(
                Run(range: range, kind: kind, place: dataOffset + base + offset, count: bytes)
            )
        }
        self.runs = runs
        let held = runs.reduce(0) { $0 + $1.range.count / Self.sector }
        warning =
            held < all
            ? "Of the \(all) sectors of partition \(number), \(all - held) are in no run; they are read as zeros."
            : nil
    }

    /// That sectors lie between and behind the partitions.
    ///
    /// - Parameters:
    ///   - tables: All tables of an image.
    ///   - sectorCount: The image's sectors.
    /// - Returns: A sentence; `nil` if each sector is in a partition.
    static func warning(of tables: [DMGTable], sectorCount: Int) -> String? {
        func sectors(from first: Int, count: Int) -> Range<Int> {
            let start = min(first, sectorCount)
            return start..<(start + min(count, sectorCount - start))
        }
        let covered = tables.flatMap { table in
            [sectors(from: table.firstSector, count: table.sectorCount)]
                + table.runs.map {
                    sectors(from: $0.range.lowerBound / sector, count: $0.range.count / sector)
                }
        }
        var missing = 0
        var end = 0
        for range in covered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            missing += max(0, range.lowerBound - end)
            end = max(end, range.upperBound)
        }
        missing += sectorCount - end
        return missing > 0
            ? "Of the \(sectorCount) sectors of the image, \(missing) are in no partition; they are read as zeros."
            : nil
    }
}
