internal import CLinux

/// What the kernel says of a block device.
public enum BlockDevice {
    /// The size that the kernel takes a device to have, in bytes; `nil` for what is no block device.
    ///
    /// The corresponding ioctl is `BLKGETSIZE64`.
    public static func size(_ file: File) -> Int? {
        var bytes: UInt64 = 0
        let result = unsafe spindle_ioctl_pointer(file.descriptor, spindle_BLKGETSIZE64, &bytes)
        return result == 0 ? Int(clamping: bytes) : nil
    }

    /// The most bytes that one command may move; `nil` if the kernel does not say.
    ///
    /// The corresponding ioctl is `BLKSECTGET`, which counts in units of 512 bytes.
    public static func largestTransfer(_ file: File) -> Int? {
        var units: UInt16 = 0
        let result = unsafe spindle_ioctl_pointer(file.descriptor, spindle_BLKSECTGET, &units)
        return result == 0 && units > 0 ? Int(units) * 512 : nil
    }
}
