import Glibc
public import SystemPackage

/// A device node: whose it is, and which device it stands for.
public struct DeviceNode: Hashable, Sendable {
    /// The owner's number.
    public var owner: Int
    /// The group's number.
    public var group: Int
    /// The permissions, the lowest nine bits of the mode.
    public var permissions: Int
    /// The number of the device's driver.
    public var major: Int
    /// The number of the device among those of its driver.
    public var minor: Int
    /// Whether it is a block device, and no character device.
    public var isBlock: Bool

    /// Takes facts as they are.
    public init(
        owner: Int,
        group: Int,
        permissions: Int,
        major: Int,
        minor: Int,
        isBlock: Bool
    ) {
        self.owner = owner
        self.group = group
        self.permissions = permissions
        self.major = major
        self.minor = minor
        self.isBlock = isBlock
    }

    /// Looks at a node, following links.
    ///
    /// The corresponding C function is `stat`.
    ///
    /// - Returns: `nil` if the path names no device.
    public init?(_ path: FilePath) {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe stat($0, &status) }
        guard result == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFBLK || kind == S_IFCHR else { return nil }
        owner = Int(status.st_uid)
        group = Int(status.st_gid)
        permissions = Int(status.st_mode & 0o777)
        isBlock = kind == S_IFBLK
        let numbers = Self.numbers(of: UInt64(status.st_rdev))
        major = Int(numbers.major)
        minor = Int(numbers.minor)
    }

    /// The two numbers of a device, which makedev(3) of the GNU C library puts together.
    public static func numbers(of device: UInt64) -> (major: UInt32, minor: UInt32) {
        (
            UInt32(truncatingIfNeeded: device >> 8 & 0xFFF | device >> 32 & 0xFFFF_F000),
            UInt32(truncatingIfNeeded: device & 0xFF | device >> 12 & 0xFFFF_FF00)
        )
    }

    /// Whether the device is an optical drive, by its number and the kernel's word; `nil` if neither
    /// tells.
    ///
    /// The kernel names a SCSI device's type in `/sys`, 5 for CD and DVD drives (SPC-4 §6.6.2). Drivers'
    /// numbers are those of `Documentation/admin-guide/devices.txt`.
    public var isOpticalDrive: Bool? {
        let folder = FilePath("/sys/dev/\(isBlock ? "block" : "char")/\(major):\(minor)/device")
        if let type = SystemText.read(folder.appending("type")) { return type == "5" }
        if isBlock { return major == 11 ? true : Self.blockDisks.contains(major) ? false : nil }
        return nil
    }

    /// The drivers of disks, memory and the like: RAM, loop, SCSI disks, device mapper, virtio, MMC, NVMe.
    private static let blockDisks: Set<Int> = [1, 7, 8, 9, 65, 66, 67, 179, 252, 253, 254, 259]
}
