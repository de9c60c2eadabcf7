internal import CLibCdio
import LinuxCalls
import SystemPackage

/// A drive in libcdio's hands, given back when the value ends.
///
/// It is used by one thread at a time: libcdio keeps what it read of the disc in the object, without
/// a lock. What it read of a disc it keeps for good, so a drive is opened again after its disc was
/// changed. The corresponding C type is `CdIo_t`.
public struct CdioDrive: ~Copyable {
    /// The device node.
    public let path: String
    let handle: CdioHandle

    /// Opens a drive, without waiting for a disc and without claiming it.
    ///
    /// The corresponding C function is `cdio_open_am` with the Linux driver.
    ///
    /// - Parameter path: The device node.
    /// - Throws: ``CdioError`` if it can't be opened or is no device.
    public init(path: String) throws(CdioError) {
        guard let handle = CdioHandle(path: path, driver: DRIVER_LINUX, mode: "IOCTL") else {
            let reason = SystemError.last("open", path: path)?.description ?? "\(path) is no device"
            throw CdioError(.cannotOpen, "cdio_open_am", reason)
        }
        self.path = path
        self.handle = handle
    }

    /// Who the drive says it is, and what it says it can do.
    ///
    /// The corresponding C functions are `cdio_get_hwinfo` and `cdio_get_drive_cap`.
    public func device() -> CdioDevice {
        var device = CdioDevice(path: path)
        var hardware = cdio_hwinfo_t()
        if unsafe cdio_get_hwinfo(handle.device, &hardware) {
            device.vendor = Calls.text(of: hardware.psz_vendor)
            device.model = Calls.text(of: hardware.psz_model)
            device.revision = Calls.text(of: hardware.psz_revision)
        }
        var reading: UInt32 = 0
        var writing: UInt32 = 0
        var handling: UInt32 = 0
        unsafe cdio_get_drive_cap(handle.device, &reading, &writing, &handling)
        guard (reading | writing | handling) & Constants.noCapabilities == 0 else { return device }
        device.reading = CdioDevice.Reading(rawValue: reading)
        device.writing = CdioDevice.Writing(rawValue: writing)
        device.handling = CdioDevice.Handling(rawValue: handling).intersection(.told)
        return device
    }

    /// The disc's tracks.
    ///
    /// The corresponding C functions are `cdio_get_first_track_num`, `cdio_get_last_track_num`,
    /// `cdio_get_track_lsn`, `_pregap_lba`, `_last_lsn`, `_format`, `_green`, `_copy_permit`,
    /// `_preemphasis` and `_channels`. libcdio reads the table in minutes, seconds and frames, so the
    /// addresses on discs larger than CDs are not the true ones.
    ///
    /// - Throws: ``CdioError`` if there is no disc or no table.
    public func tableOfContents() throws(CdioError) -> CdioTableOfContents {
        try checkTracks()
        return try handle.tableOfContents()
    }

    /// The kind of disc.
    ///
    /// The corresponding C function is `cdio_get_discmode`.
    public func discMode() -> CdioDiscMode { handle.discMode() }

    /// Where the first track of the last session begins.
    ///
    /// The corresponding C function is `cdio_get_last_session`.
    ///
    /// - Throws: ``CdioError`` if the drive does not say.
    public func lastSessionStart() throws(CdioError) -> Int {
        var start: Int32 = 0
        try CdioError.check("cdio_get_last_session") {
            unsafe cdio_get_last_session(handle.device, &start).rawValue
        }
        return Int(start)
    }

    /// The media catalogue number.
    ///
    /// The corresponding C function is `cdio_get_mcn`, which doesn't tell a drive that can't from a disc
    /// that has none.
    ///
    /// - Returns: `nil` if libcdio gives none.
    public func catalogNumber() -> String? { handle.catalogNumber() }

    /// A track's recording code.
    ///
    /// The corresponding C function is `cdio_get_track_isrc`.
    ///
    /// - Returns: `nil` if libcdio gives none.
    /// - Throws: ``CdioError`` if there is no disc or no table of contents.
    public func recordingCode(track: Int) throws(CdioError) -> String? {
        try checkTracks()
        return handle.recordingCode(track: track)
    }

    /// Whether the disc was changed since the last time this was asked.
    ///
    /// The corresponding C function is `cdio_get_media_changed`.
    ///
    /// - Throws: ``CdioError`` if the system does not say.
    public func isDiscChanged() throws(CdioError) -> Bool {
        var result: Int32 = 0
        try CdioError.check("cdio_get_media_changed") {
            result = unsafe cdio_get_media_changed(handle.device)
            return min(result, DRIVER_OP_SUCCESS.rawValue)
        }
        return result > 0
    }

    /// Has the drive read at a speed.
    ///
    /// The corresponding C function is `cdio_set_speed`.
    ///
    /// - Parameter factor: Times the speed of an audio CD; 0 for the fastest.
    /// - Throws: ``CdioError`` if the drive refuses.
    public func setSpeed(_ factor: Int) throws(CdioError) {
        guard let value = Int32(exactly: factor), value >= 0 else {
            throw CdioError(.badParameter, "cdio_set_speed", "\(factor) is not a speed")
        }
        try CdioError.check("cdio_set_speed") {
            unsafe cdio_set_speed(handle.device, value).rawValue
        }
    }

    /// Opens the tray, and gives the drive back.
    ///
    /// The corresponding C function is `cdio_eject_media`. It unmounts a mounted disc by running
    /// `umount` in a copy of this process, and the copy goes on if there is no such program. So a
    /// drive that is mounted or claimed is not ejected.
    ///
    /// - Throws: ``CdioError`` if the tray stays closed.
    public consuming func eject() throws(CdioError) {
        do throws(SystemError) {
            _ = try File(FilePath(path), .read, exclusive: true, nonBlocking: true)
        } catch {
            throw CdioError(
                error.isBusy ? .busy : .failed,
                "cdio_eject_media",
                error.description
            )
        }
        try handle.eject()
    }

    /// Draws a drive's tray in.
    ///
    /// The corresponding C function is `cdio_close_tray`.
    ///
    /// - Parameter path: The device node.
    /// - Throws: ``CdioError`` if the tray stays open.
    public static func closeTray(path: String) throws(CdioError) {
        CdioLog.silence()
        var driver = DRIVER_LINUX
        try CdioError.check("cdio_close_tray") {
            unsafe cdio_close_tray(path, &driver).rawValue
        }
    }

    /// Fails if there is no table of contents, or its tracks are numbered as no disc's are.
    ///
    /// libcdio has room for 100 entries and goes by the drive's numbers alone (`read_toc_linux`). So
    /// the numbers are looked at before every call that may have it read the table.
    func checkTracks() throws(CdioError) {
        var header = [UInt8](repeating: 0, count: 4)
        let room = header.count
        try CdioError.check("mmc_run_cmd_len(READ TOC)") {
            unsafe Calls.run(
                handle.device,
                cdb: [0x43, 0, 0, 0, 0, 0, 0, 0, UInt8(room), 0],
                direction: SCSI_MMC_DATA_READ,
                data: &header,
                count: room,
                timeout: 10_000
            )
        }
        guard header[2] >= 1, header[2] <= header[3], header[3] <= 99 else {
            throw CdioError(
                .implausible,
                "mmc_run_cmd_len(READ TOC)",
                "the tracks would be numbered from \(header[2]) to \(header[3])"
            )
        }
    }
}

@available(*, unavailable)
extension CdioDrive: Sendable {}
