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
    /// When it was made, in ISO 8601 without a zone: local time, wherever that was.
    ///
    /// Inside Macintosh: Files, 2-61; TN1150, “Volume Header”, where it is the only local time.
    public var creationDate: String?
    /// When it was changed last, in ISO 8601: of HFS in local time, of HFS Plus in Greenwich's.
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
            creationDate = DescriptorDate.ofMac(bytes.big32(2), isLocal: true)
            modificationDate = DescriptorDate.ofMac(bytes.big32(6), isLocal: true)
            isWrapper = bytes.holds("H+", at: 124)
        } else if bytes.holds("H+", at: 0) && bytes.big16(2) == 4
            || bytes.holds("HX", at: 0) && bytes.big16(2) == 5
        {
            kind = bytes.holds("HX", at: 0) ? .hfsX : .hfsPlus
            blockSize = Int(bytes.big32(40))
            blockCount = Int(bytes.big32(44))
            fileCount = Int(bytes.big32(32))
            folderCount = Int(bytes.big32(36))
            creationDate = DescriptorDate.ofMac(bytes.big32(16), isLocal: true)
            modificationDate = DescriptorDate.ofMac(bytes.big32(20), isLocal: false)
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

    /// Reads a volume that begins somewhere on a disc; `nil` if there is none.
    init?(_ probe: ContentProbe, start: UInt64) throws {
        let (place, overflow) = start.addingReportingOverflow(Self.header)
        guard !overflow, let bytes = try probe.bytes(at: place, count: 512) else { return nil }
        self.init(bytes.span, start: start)
        guard kind != .hfs, let place = Int(exactly: start) else { return }
        do {
            name = Self.printable(try HFSCatalog(probe, at: place).rootName())
        } catch is BrokenStructure {
            // A broken catalogue costs the name, which is nowhere else.
            name = nil
        }
    }

    /// A name without what could steer a terminal; `nil` if it is empty.
    private static func printable(_ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        let bytes = name.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return bytes.span.bigEndianText(at: 0, count: bytes.count)
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
