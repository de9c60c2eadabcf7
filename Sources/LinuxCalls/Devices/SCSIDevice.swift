internal import CLinux
import Glibc
import SystemPackage

/// The Linux way to hand a SCSI command to a device: the ioctl `SG_IO` (`scsi/sg.h`, version 3).
public enum SCSIDevice {
    /// Which way the data go.
    public enum Direction: Sendable {
        case none, fromDevice, toDevice
    }

    /// How the kernel says that a command ended.
    public struct Result: Sendable {
        /// The SCSI status byte.
        public var status: UInt8
        /// The host adapter's status, 0 for good (`DID_OK`); 3 for a timeout (`DID_TIME_OUT`).
        public var hostStatus: Int
        /// The sense data that came.
        public var sense: [UInt8]
        /// Bytes that were not moved.
        public var residual: Int
    }

    /// Sends a command whose data, if any, come from the device.
    ///
    /// - Parameters:
    ///   - file: The open device.
    ///   - cdb: The command, of at most 255 bytes.
    ///   - buffer: Where the data go; without room for any, the command moves none.
    ///   - timeout: In milliseconds.
    /// - Returns: What came of it, whether or not the device did as it was told.
    /// - Throws: The system's error where the command could not be sent.
    public static func receive(
        _ file: File,
        cdb: [UInt8],
        into buffer: inout MutableSpan<UInt8>,
        timeout: Int
    ) throws(SystemError) -> Result {
        let path = file.path.string
        let descriptor = file.descriptor
        return try unsafe buffer.withUnsafeMutableBytes { bytes throws(SystemError) in
            try unsafe run(
                descriptor,
                path,
                cdb,
                bytes.isEmpty ? .none : .fromDevice,
                bytes.baseAddress,
                bytes.count,
                timeout
            )
        }
    }

    /// Sends a command with data for the device.
    ///
    /// - Parameters:
    ///   - file: The open device.
    ///   - cdb: The command, of at most 255 bytes.
    ///   - data: The data; without any, the command moves none.
    ///   - timeout: In milliseconds.
    /// - Returns: What came of it, whether or not the device did as it was told.
    /// - Throws: The system's error where the command could not be sent.
    public static func send(
        _ file: File,
        cdb: [UInt8],
        from data: Span<UInt8>,
        timeout: Int
    ) throws(SystemError) -> Result {
        let path = file.path.string
        let descriptor = file.descriptor
        return try unsafe data.withUnsafeBytes { bytes throws(SystemError) in
            try unsafe run(
                descriptor,
                path,
                cdb,
                bytes.isEmpty ? .none : .toDevice,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                bytes.count,
                timeout
            )
        }
    }

    private static func run(
        _ descriptor: CInt,
        _ path: String,
        _ cdb: [UInt8],
        _ direction: Direction,
        _ data: UnsafeMutableRawPointer?,
        _ count: Int,
        _ timeout: Int
    ) throws(SystemError) -> Result {
        var cdb = cdb
        var sense = [UInt8](repeating: 0, count: 64)
        var header = unsafe sg_io_hdr_t()
        unsafe header.interface_id = CInt(UInt8(ascii: "S"))
        unsafe header.dxfer_direction =
            switch direction {
            case .none: SG_DXFER_NONE
            case .fromDevice: SG_DXFER_FROM_DEV
            case .toDevice: SG_DXFER_TO_DEV
            }
        unsafe header.cmd_len = UInt8(cdb.count)
        unsafe header.mx_sb_len = UInt8(sense.count)
        unsafe header.dxfer_len = UInt32(count)
        unsafe header.dxferp = data
        unsafe header.timeout = UInt32(clamping: timeout)
        let result = unsafe cdb.withUnsafeMutableBufferPointer { cdb in
            unsafe sense.withUnsafeMutableBufferPointer { sense in
                unsafe header.cmdp = cdb.baseAddress
                unsafe header.sbp = sense.baseAddress
                return unsafe spindle_ioctl_pointer(descriptor, spindle_SG_IO, &header)
            }
        }
        guard result == 0 else { throw SystemError("ioctl SG_IO", path: path) }
        return unsafe Result(
            status: header.status,
            hostStatus: Int(header.host_status),
            sense: Array(sense.prefix(Int(header.sb_len_wr))),
            residual: max(0, min(count, Int(header.resid)))
        )
    }
}
