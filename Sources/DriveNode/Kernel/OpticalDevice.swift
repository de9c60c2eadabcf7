import LinuxCalls
import MMC
import SystemPackage

/// What Linux keeps of an optical drive: the block device, sr and the uniform CD-ROM driver.
///
/// It does to the recorder behind the node what those do to a drive, and gives programs the same
/// errors. One thread uses it at a time.
final class OpticalDevice {
    /// Bytes of a sector, of a page, and of the kernel's unit of size.
    static let sectorLength = 2048
    static let pageLength = 4096
    static let sizeUnit = 512

    /// The drive, as the node was given it.
    let drive: any Transport
    /// The way to it.
    let transport: any Transport
    let options: DriveNode.Options
    /// The time of the run; absent where it is the system's.
    let clock: RunClock?
    /// The open nodes.
    var handles: [HandleName: NodeHandle] = [:]

    /// The size, in bytes; until a capacity is known, the guess of drivers/scsi/sr.c.
    var size = 0x1F_FFFF * OpticalDevice.sizeUnit
    var cache = BlockCache()
    /// Pages of a window that could not be read at once: Linux tries each of them by itself.
    var doubtfulPages = 0..<0

    /// The disc has been changed: nothing is read or written until the node is opened again.
    var isChanged = true
    var isMediumPresent = false
    /// What CDROM_MEDIA_CHANGED has still to tell.
    var hasUntoldChange = false
    /// The disc has been written through the node, and not finished since.
    var isDirty = false
    /// The capabilities, once the drive was asked.
    var knownCapabilities: DriverCapabilities?
    /// The current profile, as at the last opening for data.
    var profile: UInt16 = 0xFFFF
    /// Where the last session begins; 0 with a single session.
    var lastSession: Int32 = 0
    /// CDO_USE_FFLAGS, CDO_AUTO_CLOSE and CDO_LOCK, the defaults of drivers/cdrom/cdrom.c.
    var behaviour: DriverOptions = [.useFlags, .autoClose, .lock]
    /// CDROM_LOCKDOOR holds the door.
    var keepsLocked = false
    /// SG_SET_TIMEOUT, in hundredths of a second.
    var timeout: Int32 = 6000
    var reservedSize: Int32 = 128 * 1024
    /// BLKRASET, in units of 512 bytes.
    var readAheadSize: Int64 = 256
    var debugs = false

    init(transport: any Transport, options: DriveNode.Options, clock: RunClock? = nil) {
        drive = transport
        self.transport = clock.map { ClockedTransport(transport, clock: $0) } ?? transport
        self.options = options
        self.clock = clock
    }

    /// The time that the kernel's waits go by, in seconds.
    var now: Double { clock?.seconds ?? Clock.seconds }

    /// Waits as the kernel does; where the run's time is counted, that takes none of the system's.
    func pause(seconds: Double) {
        if let clock { clock.advance(seconds: seconds) } else { Clock.sleep(seconds: seconds) }
    }

    /// A process uses an open node.
    func note(_ process: Int32, using handle: NodeHandle) {
        guard let clock, handle.users.insert(process).inserted else { return }
        clock.note(ObjectIdentifier(handle), users: handle.users)
    }

    /// The handle of a name.
    func handle(_ name: HandleName) throws(Errno) -> NodeHandle {
        guard let handle = handles[name] else { throw .badDescriptor }
        return handle
    }

    /// The capabilities, asked for once: register_cdrom follows the drive's discovery.
    var capabilities: DriverCapabilities {
        if let knownCapabilities { return knownCapabilities }
        // MODE SENSE (10), capabilities page.
        let cdb: [UInt8] = [0x5A, 0x08, 0x2A, 0, 0, 0, 0, 0, 128, 0]
        guard let bytes = try? fetch("MODE SENSE", cdb, 128), bytes.count > 8 else {
            return DriverCapabilities(page: []).union([.cdR, .dvd])
        }
        let start = 8 + Int(bytes[6]) << 8 + Int(bytes[7])
        let page = start < bytes.count ? bytes[start...] : []
        let capabilities = DriverCapabilities(page: page)
        knownCapabilities = capabilities
        return capabilities
    }
}
