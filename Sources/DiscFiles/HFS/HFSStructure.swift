/// Where an HFS or HFS Plus volume keeps what.
///
/// Inside Macintosh: Files, chapter 2; Apple's Technical Note TN1150.
struct HFSStructure {
    /// Whether it is HFS Plus, or HFSX.
    let isPlus: Bool
    /// Bytes in an allocation block.
    let blockSize: Int
    /// The byte of the disc that allocation block 0 begins at.
    let firstBlock: Int
    /// The number of allocation blocks.
    let blockCount: Int
    /// The file that lists all files.
    let catalog: HFSFork
    /// The file that lists the extents for which a file's own record has no room.
    let overflow: HFSFork
    /// The file with the attributes of files, which only HFS Plus has.
    let attributes: HFSFork?
    /// The volume's name, which only HFS keeps here.
    let name: String?
    /// When the volume was changed last.
    let modified: FileTime?

    /// Reads a volume's header, 1024 bytes behind its beginning.
    init(_ reader: any StructureBytes, at start: Int) throws {
        let header = try reader.structure(at: start + 1024, count: 512)
        let bytes = header.span
        // An HFS volume may be nothing but a wrapper around one of HFS Plus.
        if bytes.holds("BD", at: 0), bytes.holds("H+", at: 124) {
            let unit = Int(bytes.big32(20))
            let first = start + Int(bytes.big16(28)) * 512
            let inner = first + Int(bytes.big16(126)) * unit
            guard inner > start else { throw Self.broken(start) }
            let embedded = try reader.structure(at: inner + 1024, count: 512)
            guard embedded.span.holds("H+", at: 0) else { throw Self.broken(inner) }
            try self.init(plus: embedded.span, at: inner)
        } else if bytes.holds("BD", at: 0) {
            try self.init(hfs: bytes, at: start)
        } else if bytes.holds("H+", at: 0) || bytes.holds("HX", at: 0) {
            try self.init(plus: bytes, at: start)
        } else {
            throw Self.broken(start)
        }
    }

    private init(hfs bytes: Span<UInt8>, at start: Int) throws {
        isPlus = false
        blockSize = Int(bytes.big32(20))
        guard blockSize >= 512, blockSize % 512 == 0, blockSize <= 1 << 30 else {
            throw Self.broken(start)
        }
        firstBlock = start + Int(bytes.big16(28)) * 512
        blockCount = Int(bytes.big16(18))
        overflow = HFSFork(hfs: bytes, size: Int(bytes.big32(130)), extents: 134)
        catalog = HFSFork(hfs: bytes, size: Int(bytes.big32(146)), extents: 150)
        attributes = nil
        let length = min(27, Int(bytes.byte(36)))
        name = MacRoman.decoded((0..<length).map { bytes.byte(37 + $0) })
        modified = FileTime.ofMac(bytes.big32(6), isLocal: true)
    }

    private init(plus bytes: Span<UInt8>, at start: Int) throws {
        isPlus = true
        blockSize = Int(bytes.big32(40))
        guard blockSize >= 512, blockSize % 512 == 0, blockSize <= 1 << 30 else {
            throw Self.broken(start)
        }
        firstBlock = start
        blockCount = Int(bytes.big32(44))
        overflow = HFSFork(plus: bytes, at: 192)
        catalog = HFSFork(plus: bytes, at: 272)
        attributes = HFSFork(plus: bytes, at: 352)
        name = nil
        modified = FileTime.ofMac(bytes.big32(20), isLocal: false)
    }

    private static func broken(_ start: Int) -> BrokenStructure {
        BrokenStructure("There is no valid header of an HFS volume at byte \(start + 1024).")
    }

    /// The bytes of runs of allocation blocks, up to a number of bytes.
    ///
    /// - Throws: ``BrokenStructure`` where a run is outside the volume.
    func extents(_ runs: [(start: Int, count: Int)], limit: Int) throws -> [FileExtent] {
        var rest = limit
        var extents: [FileExtent] = []
        for run in runs where run.count > 0 && rest > 0 {
            guard run.start + run.count <= blockCount else {
                throw BrokenStructure(
                    "Allocation block \(run.start + run.count - 1) is named, but the volume has \(blockCount)."
                )
            }
            let length = min(rest, run.count * blockSize)
            extents.append(
                FileExtent(offset: firstBlock + run.start * blockSize, length: length)
            )
            rest -= length
        }
        return extents
    }
}
