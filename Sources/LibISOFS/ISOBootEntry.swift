/// A file of an image that a computer boots from (El Torito 1.0).
public struct ISOBootEntry: Hashable, Sendable {
    /// What starts it.
    public enum Platform: UInt8, Sendable {
        /// The BIOS of a PC.
        case bios = 0x00
        /// EFI firmware; the file is an image of a FAT file system.
        case efi = 0xEF
    }

    /// The file's path in the tree, from the root with a slash in front.
    public var path: [UInt8]
    /// What starts it.
    public var platform: Platform
    /// How many sectors of 512 bytes are loaded; all of the file if `nil`.
    public var loadedSectors: Int16?
    /// Whether the boot information table is written into the file's bytes 8 to 63, as ISOLINUX needs
    /// it.
    public var hasInformationTable = false
    /// Whether the partition tables of a hybrid image name it, too.
    public var isPartition = false

    /// Creates an entry.
    public init(path: [UInt8], platform: Platform) {
        self.path = path
        self.platform = platform
    }
}
