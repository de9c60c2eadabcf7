/// How an image is made of a tree.
public struct ISOWriteOptions: Hashable, Sendable {
    /// What stands in the first 32 KiB, for computers that boot from it as from a hard disk.
    public struct SystemArea: Hashable, Sendable {
        /// The bytes, at most 32 KiB.
        public var bytes: [UInt8]
        /// Whether they are an MBR of ISOLINUX, which is told where the first boot file is.
        public var isHybrid: Bool

        /// Creates one.
        public init(bytes: [UInt8], isHybrid: Bool) {
            self.bytes = bytes
            self.isHybrid = isHybrid
        }
    }

    /// The level of interchange of ECMA-119 §10, from 1 to 3; with 3, files may have 4 GiB and more.
    public var level = 3
    /// Whether POSIX names and permissions are recorded (Rock Ridge).
    public var hasRockRidge = true
    /// Whether there is a tree of Joliet.
    public var hasJoliet = true
    /// Whether names of Joliet may have 103 characters in place of 64, against its specification.
    public var hasLongJolietNames = false
    /// Whether there is a tree of HFS Plus.
    public var hasHFSPlus = false
    /// Whether names with the same content share one file number (Rock Ridge 1.12).
    public var keepsHardLinks = true
    /// Whether extended attributes and access control lists are recorded (AAIP).
    public var hasAttributes = false
    /// Whether the MD5 of each file and of the session are recorded, as `xorriso -check_md5` takes them.
    public var recordsMD5 = false
    /// When the volume was made, in seconds since 1970.
    public var time: Int
    /// What must be random else: the numbers of a GPT and of HFS Plus; random if `nil`.
    public var uniqueNumber: [UInt8]?
    /// What stands in the first 32 KiB.
    public var systemArea: SystemArea?
    /// Sectors of zeros at the image's end, which belong to it.
    public var tailSectors = 0

    /// Creates the usual options.
    ///
    /// - Parameter time: When the volume was made, in seconds since 1970.
    public init(time: Int) { self.time = time }
}
