/// What file systems and partition tables are on a disc or image, and what end each claims.
public struct DiscContent: Codable, Hashable, Sendable {
    /// Everything that was found, in the order ISO 9660, UDF, MBR, GPT, Apple's, dvdisaster's.
    public var claims: [FileSystemClaim]
    /// The largest end that decides, in sectors of 2048 bytes from the beginning; nil without any.
    ///
    /// The claims of ISO 9660, UDF, MBR and GPT decide, and that of error-correction data after them.
    /// It may lie after the source's end.
    public var claimedEnd: Int?
    /// The volume's name: ISO 9660's, else UDF's, else HFS's.
    public var volumeIdentifier: String?
    /// The source's size in sectors, where it knows that.
    public var sectorCount: Int?
    /// The ISO 9660 volume.
    public var iso9660: ISO9660Volume?
    /// The UDF volume.
    public var udf: UDFVolume?
    /// The partition table of the boot sector.
    public var masterBootRecord: MasterBootRecord?
    /// UEFI's partition table.
    public var guidPartitionTable: GUIDPartitionTable?
    /// The partition table of older Macs.
    public var applePartitionMap: ApplePartitionMap?
    /// Apple's file system, at the beginning or in a partition: the first one.
    public var hfs: HFSVolume?
    /// Volumes of Apple's in further partitions.
    public var furtherHFS: [HFSVolume] = []
    /// What lies in the partitions, where the disc has no file system of discs, or one of Apple's.
    public var partitions: [PartitionContent]
    /// What it is besides, or instead of, a disc with a file system; `nil` if nothing tells.
    public var other: OtherContent?
    /// What is wrong with the boot catalogue: one sentence.
    public var bootProblem: String?
    /// The MD5 that was put into an ISO 9660 image.
    public var implantedChecksum: ImplantedChecksum?
    /// The error-correction data that follows what the others claim.
    public var errorCorrection: ErrorCorrection?
    /// Sectors that were looked at and couldn't be read: what they hold isn't known.
    public var unreadableSectors: [Int]
    /// Whether looking ended early, because too many sectors couldn't be read.
    public var isIncomplete: Bool

    /// The trees of files whose roots were found, by the names that the command uses: `iso9660`, `rock-ridge`, `joliet`,
    /// `iso9660-1999`, `high-sierra`, `udf`, `hfs`, `hfs+`, `hfsx`.
    public var trees: [String] {
        var names: [String] = []
        for descriptor in iso9660?.descriptors ?? [] where descriptor.rootProblem == nil {
            switch descriptor.kind {
            case .primary: names.append("iso9660")
            case .joliet: names.append("joliet")
            case .enhanced: names.append("iso9660-1999")
            case .highSierra: names.append("high-sierra")
            case .supplementary: break
            }
            if descriptor.kind == .primary, iso9660?.rockRidge != nil { names.append("rock-ridge") }
        }
        if let udf, !udf.partitions.isEmpty { names.append("udf") }
        if let hfs { names.append(hfs.kind.rawValue) }
        return names
    }

    /// The largest end of a file system, in bytes: of ISO 9660, High Sierra and UDF.
    public var volumeEnd: UInt64? {
        claims.filter { [.iso9660, .highSierra, .udf].contains($0.kind) && $0.decides }
            .compactMap(\.end).max()
    }

    /// ``volumeEnd`` in sectors of 2048 bytes, the last one whole; at most as many as a command can name.
    public var volumeEndSector: Int? {
        volumeEnd.map { Int(min($0 / 2048 + ($0 % 2048 == 0 ? 0 : 1), UInt64(UInt32.max) + 1)) }
    }

    /// The sector of a disc that an image was made to begin at, by its file system's addresses; `nil` if
    /// nothing tells.
    ///
    /// A later session of ISO 9660 counts from the disc's beginning. An image of UDF, HFS or the like
    /// counts from its own, unless ISO 9660 beside it says otherwise.
    public var firstSector: Int? {
        if let before = iso9660?.sectorsBefore { return before }
        if let main = iso9660?.main { return main.rootProblem == nil ? 0 : nil }
        return udf != nil || hfs != nil ? 0 : nil
    }

    /// Why this is no disc, as the rest of a sentence, such as “is a zip archive”; `nil` if it is
    /// one, or may be one.
    ///
    /// What has a file system of discs, or one of Apple's, or is a console's, is a disc. What holds
    /// nothing that is known may be one.
    public var reasonNotADisc: String? {
        let kinds: Set<FileSystemClaim.Kind> = [
            .iso9660, .highSierra, .udf, .hfs, .hfsPlus, .hfsX, .applePartitionMap,
        ]
        guard !claims.contains(where: { kinds.contains($0.kind) }) else { return nil }
        if let other {
            guard !other.isDisc else { return nil }
            return other.kind == .fileSystem
                ? "is an image of a stick, hard disk or floppy, not of a disc: it holds \(other.description)"
                : "is \(other.description), not an image of a disc"
        }
        let tables = claims.filter {
            [.masterBootRecord, .guidPartitionTable].contains($0.kind)
        }
        guard let table = tables.last else { return nil }
        let held = partitions.compactMap(\.description)
        let list = held.isEmpty ? "" : ", " + held.joined(separator: ", ")
        return
            "is an image of a stick or hard disk, not of a disc: it holds a partition table (\(table.kind.displayName))\(list)"
    }

    /// The programs that a computer can be started with.
    public var bootEntries: [BootEntry] { iso9660?.bootCatalog?.entries ?? [] }

    /// Whether something claims sectors that the source doesn't have.
    public var endsBehindSource: Bool {
        guard let claimedEnd, let sectorCount else { return false }
        return claimedEnd > sectorCount
    }
}
