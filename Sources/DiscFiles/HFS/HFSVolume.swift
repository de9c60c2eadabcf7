/// One of Apple's file systems: at a disc's beginning, or in a partition.
public struct HFSVolume: Codable, Hashable, Sendable {
    /// Which of them: HFS, HFS Plus, or HFSX.
    public var kind: FileSystemClaim.Kind
    /// The volume's name.
    public var name: String?
    /// The byte of the disc that the volume begins at.
    public var start: UInt64
    /// Bytes in an allocation block.
    public var blockSize: Int
    /// The number of allocation blocks.
    public var blockCount: Int
    /// The number of files.
    public var fileCount: Int
    /// The number of folders; of HFS Plus without the root.
    public var folderCount: Int
    /// When it was made, in ISO 8601; local time of its maker.
    public var creationDate: String?
    /// When it was changed last, in ISO 8601.
    public var modificationDate: String?
    /// Whether it is an HFS volume around an HFS Plus volume, for Macs that don't know the latter.
    public var isWrapper: Bool
    /// The byte behind the volume's last one.
    public var end: UInt64

    /// Where the header lies in the volume.
    static let header: UInt64 = 1024

    /// Reads a volume's header.
    ///
    /// Two letters are little to go by, so a field behind each is asked too: the size of HFS's
    /// allocation blocks (Inside Macintosh: Files, chapter 2), the version of the others (TN1150).
    ///
    /// - Parameters:
    ///   - bytes: The header's 512 bytes.
    ///   - start: Where the volume begins.
    init?(_ bytes: Span<UInt8>, start: UInt64) {
        self.start = start
        name = nil
        isWrapper = false
        var first: UInt64 = 0
        if bytes.holds("BD", at: 0), bytes.big32(20) > 0, bytes.big32(20) % 512 == 0 {
            kind = .hfs
            name = bytes.text(at: 37, count: min(27, Int(bytes.byte(36))))
            blockSize = Int(bytes.big32(20))
            blockCount = Int(bytes.big16(18))
            // The alternate header behind the blocks takes two blocks of 512 bytes.
            first = UInt64(bytes.big16(28)) * 512 + 1024
            fileCount = Int(bytes.big32(84))
            folderCount = Int(bytes.big32(88))
            creationDate = DescriptorDate.ofMac(bytes.big32(2))
            modificationDate = DescriptorDate.ofMac(bytes.big32(6))
            isWrapper = bytes.holds("H+", at: 124)
        } else if bytes.holds("H+", at: 0) && bytes.big16(2) == 4
            || bytes.holds("HX", at: 0) && bytes.big16(2) == 5
        {
            kind = bytes.holds("HX", at: 0) ? .hfsX : .hfsPlus
            blockSize = Int(bytes.big32(40))
            blockCount = Int(bytes.big32(44))
            fileCount = Int(bytes.big32(32))
            folderCount = Int(bytes.big32(36))
            creationDate = DescriptorDate.ofMac(bytes.big32(16))
            modificationDate = DescriptorDate.ofMac(bytes.big32(20))
        } else {
            return nil
        }
        let length = FileSystemClaim.end(
            start: 0,
            count: UInt64(blockCount),
            unit: UInt64(blockSize)
        )
        let (rest, isTooFar) = start.addingReportingOverflow(first)
        let (end, isTooLong) = rest.addingReportingOverflow(length)
        self.end = isTooFar || isTooLong ? .max : end
    }

    /// Reads a volume that begins somewhere on a disc; nil where there is none.
    init?(_ probe: ContentProbe, start: UInt64) throws {
        let (place, overflow) = start.addingReportingOverflow(Self.header)
        guard !overflow, let bytes = try probe.bytes(at: place, count: 512) else { return nil }
        self.init(bytes.span, start: start)
        if kind != .hfs { name = try Self.catalogName(probe, bytes.span, self) }
    }

    /// The name of an HFS Plus volume: the root folder's, which is the key of the first record in the
    /// catalogue's first leaf.
    ///
    /// TN1150, “Catalog File” and “B-Trees”; nil where any of it can't be right.
    private static func catalogName(
        _ probe: ContentProbe,
        _ header: Span<UInt8>,
        _ volume: HFSVolume
    ) throws -> String? {
        // The first extent of the catalogue's fork.
        let extent = FileSystemClaim.end(
            start: 0,
            count: UInt64(header.big32(288)),
            unit: UInt64(volume.blockSize)
        )
        let (base, isTooFar) = volume.start.addingReportingOverflow(extent)
        guard !isTooFar, extent > 0, let first = try probe.bytes(at: base, count: 64) else {
            return nil
        }
        let tree = first.span
        let leaf = UInt64(tree.big32(14 + 10))
        let size = Int(tree.big16(14 + 18))
        guard (512...32768).contains(size), size & (size - 1) == 0, leaf > 0 else { return nil }
        let offset = FileSystemClaim.end(start: 0, count: leaf, unit: UInt64(size))
        let (place, isTooLong) = base.addingReportingOverflow(offset)
        guard !isTooLong, let node = try probe.bytes(at: place, count: size) else { return nil }
        let bytes = node.span
        // A leaf, whose first key belongs to the parent of the root, number 1.
        guard bytes.byte(8) == 0xFF, bytes.big32(16) == 1 else { return nil }
        let count = Int(bytes.big16(20))
        guard count <= 255, 22 + count * 2 <= size else { return nil }
        let name = bytes.bigEndianText(at: 22, count: count * 2)
        return name.isEmpty ? nil : name
    }

    /// That it is there; its end never decides.
    var claim: FileSystemClaim {
        var parts = ["header at byte \(start &+ Self.header)"]
        parts.append("\(blockCount) blocks of \(blockSize) bytes")
        if isWrapper { parts.append("around an HFS+ volume") }
        return FileSystemClaim(
            kind: kind,
            name: name,
            end: end,
            decides: false,
            evidence: parts.joined(separator: "; ")
        )
    }
}
