internal import CLibCdio

/// What libcdio finds of a machine's drives.
///
/// libcdio keeps a list of its drivers in globals without a lock: one thread asks at a time.
public enum CdioDevices {
    /// The device nodes of all drives, each drive once.
    ///
    /// The corresponding C function is `cdio_get_devices_with_cap` with `CDIO_FS_MATCH_ALL`.
    public static func paths() -> [String] {
        CdioLog.silence()
        let list = unsafe cdio_get_devices_with_cap(nil, Constants.anyDevice, false)
        guard let list = unsafe list else { return [] }
        defer { unsafe cdio_free_device_list(list) }
        var paths: [String] = []
        var next = unsafe list
        while let path = unsafe next.pointee {
            unsafe paths.append(String(cString: path))
            unsafe next += 1
        }
        return paths
    }

    /// The device node of the drive that libcdio takes if none is named, or `nil` if there is none.
    ///
    /// The corresponding C function is `cdio_get_default_device`.
    public static func defaultPath() -> String? {
        CdioLog.silence()
        return unsafe Calls.taken(cdio_get_default_device(nil))
    }

    /// All drives that can be opened, with what they say of themselves.
    public static func all() -> [CdioDevice] {
        paths().compactMap { try? CdioDrive(path: $0).device() }
    }
}
