/// What file systems and partition tables are on a disc or image, and what end each claims.
public struct DiscContent: Codable, Hashable, Sendable {
    /// Everything that was found, in the order ISO 9660, UDF, MBR, GPT, Apple's.
    public var claims: [FileSystemClaim]
    /// The largest end that decides, in sectors of 2048 bytes from the beginning; nil without any.
    ///
    /// The claims of ISO 9660, UDF, MBR and GPT decide. It may lie behind the source's end.
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
    /// Apple's file system.
    public var hfs: HFSVolume?
    /// Sectors that were looked at and couldn't be read: what they hold isn't known.
    public var unreadableSectors: [Int]
    /// Whether looking ended early, because too many sectors couldn't be read.
    public var isIncomplete: Bool

    /// The programs that a computer can be started with.
    public var bootEntries: [BootEntry] { iso9660?.bootCatalog?.entries ?? [] }

    /// Whether something claims sectors that the source doesn't have.
    public var endsBehindSource: Bool {
        guard let claimedEnd, let sectorCount else { return false }
        return claimedEnd > sectorCount
    }
}
