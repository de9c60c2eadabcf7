internal import CLibFUSE
internal import LinuxCalls

/// The table of functions that libfuse calls.
///
/// They are functions at file scope, for they run on threads that serve the kernel, and their context is
/// the session's box.
enum FileOperations {
    /// Seconds for which the kernel may keep what it was told: nothing of it ever changes.
    fileprivate static let patience = 86_400.0
    /// Bytes that are read ahead, as far as the kernel agrees.
    fileprivate static let readAhead: UInt32 = 1 << 20
    /// The longest name that the kernel takes (`FUSE_NAME_MAX`).
    fileprivate static let longestName = 1024

    /// The table.
    static var all: fuse_lowlevel_ops {
        var table = fuse_lowlevel_ops()
        unsafe table.`init` = beginSession
        unsafe table.lookup = lookUp
        unsafe table.forget = forget
        unsafe table.forget_multi = forgetSeveral
        unsafe table.getattr = giveAttributes
        unsafe table.readlink = giveLink
        unsafe table.open = openFile
        unsafe table.opendir = openDirectory
        unsafe table.read = readFile
        unsafe table.readdir = listPlainly
        unsafe table.readdirplus = listFully
        unsafe table.statfs = giveStatistics
        return table
    }

    fileprivate static func server(_ request: fuse_req_t) -> (any FileServer)? {
        guard let context = unsafe fuse_req_userdata(request) else { return nil }
        return unsafe Unmanaged<MountSession.Box>.fromOpaque(context).takeUnretainedValue().server
    }

    fileprivate static func fail(_ request: fuse_req_t, _ error: SystemError) {
        _ = unsafe fuse_reply_err(request, error.errno)
    }

    /// A file's attributes as the C library has them.
    fileprivate static func status(_ attributes: FileAttributes) -> stat {
        var status = stat()
        status.st_ino = UInt(attributes.inode)
        status.st_mode = attributes.mode
        status.st_nlink = UInt(attributes.links)
        status.st_uid = attributes.owner
        status.st_gid = attributes.group
        status.st_size = attributes.size
        status.st_blksize = 128 << 10
        status.st_blocks = attributes.size / 512 + (attributes.size % 512 > 0 ? 1 : 0)
        let (major, minor) = attributes.device
        // makedev of <sys/sysmacros.h>, as the kernel's new_encode_dev has it.
        status.st_rdev = UInt(minor & 0xFF | (major & 0xFFF) << 8 | (minor & 0xFFF00) << 12)
        status.st_mtim = time(attributes.modified)
        status.st_atim = time(attributes.accessed)
        status.st_ctim = time(attributes.changed)
        return status
    }

    private static func time(_ moment: FileAttributes.Moment) -> timespec {
        timespec(tv_sec: moment.seconds, tv_nsec: moment.nanoseconds)
    }

    /// An entry of a directory; `nil` if there is no such file.
    fileprivate static func entry(_ inode: UInt64, _ server: any FileServer) -> fuse_entry_param? {
        guard let attributes = server.attributes(of: inode) else { return nil }
        var entry = fuse_entry_param()
        entry.ino = fuse_ino_t(inode)
        entry.attr = status(attributes)
        entry.attr_timeout = patience
        entry.entry_timeout = patience
        return entry
    }

    /// Fills a buffer with entries of a directory, and sends it.
    fileprivate static func list(
        _ request: fuse_req_t,
        _ directory: UInt64,
        size: Int,
        position: Int,
        isFull: Bool
    ) {
        guard let server = unsafe server(request), size > 0, position >= 0 else {
            return unsafe fail(request, .noSuchFile("readdir"))
        }
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
            var used = 0
            var place = position
            let base = buffer.baseAddress
            func add(_ name: UnsafePointer<CChar>, _ inode: UInt64, isNamed: Bool) -> Bool {
                guard let attributes = server.attributes(of: inode) else { return true }
                var entry = fuse_entry_param()
                entry.attr = status(attributes)
                entry.attr_timeout = patience
                entry.entry_timeout = patience
                // What the kernel should not look up it is told without a number: `.` and `..`.
                entry.ino = isNamed ? fuse_ino_t(inode) : 0
                let target = unsafe base.map { unsafe $0 + used }
                let room = size - used
                let next = place + 1
                let needed =
                    isFull
                    ? unsafe fuse_add_direntry_plus(request, target, room, name, &entry, next)
                    : unsafe fuse_add_direntry(request, target, room, name, &entry.attr, next)
                guard needed <= room else { return false }
                used += needed
                place = next
                return true
            }
            var isOpen = true
            var name = [CChar](repeating: 0, count: longestName + 1)
            guard let parent = server.parent(of: directory) else {
                return unsafe fail(request, .notADirectory("readdir"))
            }
            if place == 0 { isOpen = unsafe add(".", directory, isNamed: false) }
            if isOpen, place == 1 { isOpen = unsafe add("..", parent, isNamed: false) }
            if isOpen {
                server.list(directory, from: place - 2) { bytes, inode in
                    guard bytes.count < longestName else { return true }
                    for i in bytes.indices { name[i] = CChar(bitPattern: bytes[i]) }
                    name[bytes.count] = 0
                    return unsafe add(name, inode, isNamed: true)
                }
            }
            _ = unsafe fuse_reply_buf(request, base, used)
        }
    }
}

private func beginSession(
    _ context: UnsafeMutableRawPointer?,
    _ connection: UnsafeMutablePointer<fuse_conn_info>?
) {
    guard let connection = unsafe connection, let context = unsafe context else { return }
    let useful = spindle_fuse_splice_write | spindle_fuse_cache_links
    unsafe connection.pointee.want |= useful & connection.pointee.capable
    unsafe connection.pointee.want &= ~spindle_fuse_auto_invalidate
    unsafe connection.pointee.max_readahead = FileOperations.readAhead
    unsafe Unmanaged<MountSession.Box>.fromOpaque(context).takeUnretainedValue().begin()
}

private func lookUp(_ request: fuse_req_t?, _ parent: fuse_ino_t, _ name: UnsafePointer<CChar>?) {
    guard let request = unsafe request, let name = unsafe name else { return }
    guard let server = unsafe FileOperations.server(request) else {
        return unsafe FileOperations.fail(request, .noSuchFile("lookup"))
    }
    let bytes = unsafe CMemory.bytes(of: name)
    let found = server.inode(named: unsafe bytes.span, in: UInt64(parent))
    var entry = fuse_entry_param()
    // A name that is not there is kept as well, with the number 0.
    entry.entry_timeout = FileOperations.patience
    if let found, let known = FileOperations.entry(found, server) { entry = known }
    _ = unsafe fuse_reply_entry(request, &entry)
}

private func forget(_ request: fuse_req_t?, _ inode: fuse_ino_t, _ count: UInt64) {
    // Numbers are never given to other files.
    unsafe fuse_reply_none(request)
}

private func forgetSeveral(
    _ request: fuse_req_t?,
    _ count: Int,
    _ files: UnsafeMutablePointer<fuse_forget_data>?
) {
    unsafe fuse_reply_none(request)
}

private func giveAttributes(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    guard let request = unsafe request else { return }
    guard let attributes = unsafe FileOperations.server(request)?.attributes(of: UInt64(inode))
    else {
        return unsafe FileOperations.fail(request, .noSuchFile("getattr"))
    }
    var status = FileOperations.status(attributes)
    _ = unsafe fuse_reply_attr(request, &status, FileOperations.patience)
}

private func giveLink(_ request: fuse_req_t?, _ inode: fuse_ino_t) {
    guard let request = unsafe request else { return }
    guard let target = unsafe FileOperations.server(request)?.linkTarget(of: UInt64(inode)) else {
        return unsafe FileOperations.fail(request, .noSuchFile("readlink"))
    }
    let text = (target + [0]).map { CChar(bitPattern: $0) }
    _ = unsafe fuse_reply_readlink(request, text)
}

/// The kernel then opens files without asking (`FUSE_CAP_NO_OPEN_SUPPORT`), and keeps what it has read.
private func openFile(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    guard let request = unsafe request else { return }
    unsafe FileOperations.fail(request, .unsupported("open"))
}

private func openDirectory(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    guard let request = unsafe request else { return }
    unsafe FileOperations.fail(request, .unsupported("opendir"))
}

private func readFile(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ count: Int,
    _ offset: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    guard let request = unsafe request else { return }
    guard let server = unsafe FileOperations.server(request) else {
        return unsafe FileOperations.fail(request, .noSuchFile("read"))
    }
    server.read(unsafe ReadRequest(request), at: offset, count: count, of: UInt64(inode))
}

private func listPlainly(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ size: Int,
    _ position: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    guard let request = unsafe request else { return }
    unsafe FileOperations.list(
        request,
        UInt64(inode),
        size: size,
        position: position,
        isFull: false
    )
}

private func listFully(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ size: Int,
    _ position: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    guard let request = unsafe request else { return }
    unsafe FileOperations.list(request, UInt64(inode), size: size, position: position, isFull: true)
}

private func giveStatistics(_ request: fuse_req_t?, _ inode: fuse_ino_t) {
    guard let request = unsafe request else { return }
    guard let known = unsafe FileOperations.server(request)?.statistics else {
        return unsafe FileOperations.fail(request, .noSuchFile("statfs"))
    }
    var result = statvfs()
    result.f_bsize = 2048
    result.f_frsize = 2048
    result.f_blocks = UInt(known.bytes / 2048 + (known.bytes % 2048 > 0 ? 1 : 0))
    result.f_files = UInt(known.files)
    result.f_namemax = 255
    _ = unsafe fuse_reply_statfs(request, &result)
}
