internal import CLibCdio
public import LinuxCalls
public import MMC

/// The way to a drive through libcdio: its `mmc_run_cmd`, which is the kernel's
/// `CDROM_SEND_PACKET`.
///
/// What it can't do: libcdio 2.1.0 hands no timeout to the kernel, whose 60 s apply, and does not
/// tell how many bytes came. So a command that succeeded counts as having moved all that it was to
/// move; who needs to know better marks the buffer beforehand.
@safe
public final class CdioTransport: Transport {
    /// libcdio's version, such as “2.1.0”.
    public static var libraryVersion: String {
        unsafe String(cString: spindle_cdio_version())
    }

    private let device: OpaquePointer
    private let path: String

    /// Opens a drive's node.
    ///
    /// The corresponding C function is `cdio_open_am` with the Linux driver.
    ///
    /// - Parameters:
    ///   - path: The device node.
    ///   - writable: Whether commands that change the disc will be sent; the kernel lets them
    ///     through only on a node that was opened for writing.
    /// - Throws: The system's error of opening the node.
    public init(path: String, writable: Bool = false) throws(SystemError) {
        CdioLog.silence()
        let mode = writable ? "MMC_RDWR" : "IOCTL"
        SystemError.forgetLast()
        guard let opened = unsafe cdio_open_am(path, DRIVER_LINUX, mode) else {
            throw SystemError.last("open", path: path) ?? .notABlockDevice("open", path: path)
        }
        unsafe device = opened
        self.path = path
    }

    deinit {
        unsafe cdio_destroy(device)
    }

    /// Sends a command whose data, if any, come from the drive.
    ///
    /// The corresponding C function is `mmc_run_cmd_len`.
    public func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        let code = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe Calls.run(
                device,
                cdb: command.cdb,
                direction: bytes.isEmpty ? SCSI_MMC_DATA_NONE : SCSI_MMC_DATA_READ,
                data: bytes.baseAddress,
                count: bytes.count,
                timeout: command.milliseconds
            )
        }
        return try completion(of: command, code: code, moved: buffer.count)
    }

    /// Sends a command with data for the drive.
    ///
    /// The corresponding C function is `mmc_run_cmd_len`.
    public func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        let code = unsafe data.withUnsafeBytes { bytes in
            unsafe Calls.run(
                device,
                cdb: command.cdb,
                direction: bytes.isEmpty ? SCSI_MMC_DATA_NONE : SCSI_MMC_DATA_WRITE,
                data: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                count: bytes.count,
                timeout: command.milliseconds
            )
        }
        return try completion(of: command, code: code, moved: data.count)
    }

    private func completion(of command: Command, code: Int32, moved: Int) throws(TransportError)
        -> Completion
    {
        let error = SystemError.last("CDROM_SEND_PACKET", path: path)
        guard let refusal = CdioError.Code(returned: code) else {
            return Completion(transferred: moved)
        }
        let sense = unsafe Calls.lastSense(device)
        if !sense.isEmpty {
            return Completion(status: .checkCondition, senseBytes: sense)
        }
        guard let error else {
            throw TransportError(.failed, command: command.name, context: refusal.meaning)
        }
        throw TransportError(error, command: command.name)
    }
}
