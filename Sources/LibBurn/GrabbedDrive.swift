internal import CLibBurn
internal import LinuxCalls

/// A drive in libburn's hands, given back when the value ends.
///
/// All calls are made on one thread, the one that grabbed the drive: libburn's list of workers has
/// no lock. The corresponding C type is `struct burn_drive`.
@safe
public struct GrabbedDrive: ~Copyable {
    private let infos: UnsafeMutablePointer<burn_drive_info>
    let drive: OpaquePointer

    /// Takes a drive, waits until the disc in it is ready, and looks at the disc.
    ///
    /// The corresponding C function is `burn_drive_scan_and_grab`.
    ///
    /// - Parameters:
    ///   - address: The device node, or libburn's own form of an address such as `stdio:/a/file`.
    ///   - load: Whether an open tray is drawn in.
    /// - Throws: ``BurnError`` where another drive is held in this process, or libburn can't take
    ///   this one.
    public init(address: String, load: Bool) throws(BurnError) {
        try BurnLibrary.claim()
        var infos: UnsafeMutablePointer<burn_drive_info>?
        // Room for BURN_DRIVE_ADR_LEN, which a symbolic link may resolve to.
        var path = Array(address.utf8CString)
        var resolved = [CChar](repeating: 0, count: Int(BURN_DRIVE_ADR_LEN))
        if unsafe burn_drive_convert_fs_adr(&path, &resolved) == 1 { path = resolved }
        let result = unsafe burn_drive_scan_and_grab(&infos, &path, load ? 1 : 0)
        guard result == 1, let found = unsafe infos, let drive = unsafe found.pointee.drive else {
            let messages = BurnLibrary.drainMessages()
            BurnLibrary.release()
            throw BurnError(.cannotGrab, "libburn can't take \(address)", messages: messages)
        }
        unsafe self.infos = found
        unsafe self.drive = drive
        _ = BurnLibrary.drainMessages()
    }

    deinit {
        unsafe burn_drive_release(drive, 0)
        unsafe burn_drive_info_free(infos)
        BurnLibrary.release()
    }

    /// Gives the drive back; what the end of the value does too.
    ///
    /// The corresponding C function is `burn_drive_release`.
    public consuming func release() {}

    /// Writes a session of one track or more and waits until it is closed.
    ///
    /// libburn's launcher returns nothing, and its `burn_drive_wrote_well` says yes to a write that
    /// never began; so this takes any message of severity SORRY or worse, and a count of sectors
    /// that falls short, for a failure. What the disc holds is for the caller to see.
    ///
    /// - Parameters:
    ///   - job: What to write and how.
    ///   - input: The payloads of all tracks, one after the other.
    ///   - control: Whom it tells, and asks.
    /// - Returns: What libburn said on the way.
    /// - Throws: ``BurnError``; its code tells whether anything may have been written.
    public func write(
        _ job: SessionJob,
        input: any BurnInput,
        control: WriteControl
    ) throws(BurnError) -> [BurnMessage] {
        let writing = unsafe try Writing(drive: drive, job: job, input: input, control: control)
        return try writing.run()
    }

    /// The sectors that a job of this kind can still write on the disc.
    ///
    /// The corresponding C function is `burn_disc_available_space`.
    public func availableSectors(for job: SessionJob) -> Int {
        guard let options = unsafe burn_write_opts_new(drive) else { return 0 }
        defer { unsafe burn_write_opts_free(options) }
        unsafe job.configure(options)
        return unsafe Int(burn_disc_available_space(drive, options)) / 2048
    }
}
