internal import CLibFUSE
internal import LinuxCalls

/// The table of functions that libfuse calls.
///
/// They are functions at file scope, for they run on threads that serve the kernel, and their context is
/// the session's box.
enum FileOperations {
    /// Bytes that are read ahead, as far as the kernel agrees.
    fileprivate static let readAhead: UInt32 = 1 << 20
    /// The longest name that the kernel takes (`FUSE_NAME_MAX`).
    fileprivate static let longestName = 1024

    /// The table of a file system that is only read.
    static var reading: fuse_lowlevel_ops {
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

    /// The table of a file system that is written to as well.
    static var writing: fuse_lowlevel_ops {
        var table = reading
        unsafe table.setattr = setAttributes
        unsafe table.mknod = makeFile
        unsafe table.mkdir = makeDirectory
        unsafe table.symlink = makeLink
        unsafe table.link = linkFile
        unsafe table.unlink = removeFile
        unsafe table.rmdir = removeDirectory
        unsafe table.rename = moveFile
        unsafe table.write = writeFile
        unsafe table.fsync = synchronize
        unsafe table.fsyncdir = synchronize
        return table
    }

    /// Has the session's server answer a request; an error that is thrown is the answer.
    fileprivate static func answer(
        _ request: fuse_req_t?,
        _ body: (fuse_req_t, any FileServer) throws(SystemError) -> Void
    ) {
        guard let request = unsafe request else { return }
        do throws(SystemError) {
            guard let context = unsafe fuse_req_userdata(request) else {
                throw .unsupported("fuse")
            }
            let box = unsafe Unmanaged<MountSession.Box>.fromOpaque(context).takeUnretainedValue()
            try unsafe body(request, box.server)
        } catch {
            _ = unsafe fuse_reply_err(request, error.errno)
        }
    }

    /// Has the session's server answer a request that changes something.
    fileprivate static func change(
        _ request: fuse_req_t?,
        _ body: (fuse_req_t, any WritableFileServer) throws(SystemError) -> Void
    ) {
        unsafe answer(request) { request, server throws(SystemError) in
            guard let server = server as? any WritableFileServer else {
                throw .unsupported("fuse")
            }
            try unsafe body(request, server)
        }
    }

    /// A name that libfuse hands over.
    fileprivate static func bytes(_ name: UnsafePointer<CChar>?) throws(SystemError) -> [UInt8] {
        guard let name = unsafe name else { throw .invalid("fuse") }
        return unsafe Array(CMemory.bytes(of: name))
    }

    // MARK: Answers

    /// A file's attributes as the C library has them.
    private static func status(_ attributes: FileAttributes) -> stat {
        var status = stat()
        status.st_ino = UInt(attributes.inode)
        status.st_mode = attributes.mode
        status.st_nlink = UInt(attributes.links)
        status.st_uid = attributes.owner
        status.st_gid = attributes.group
        status.st_size = attributes.size
        status.st_blksize = 128 << 10
        let bytes = attributes.allocatedSize ?? attributes.size
        status.st_blocks = bytes / 512 + (bytes % 512 > 0 ? 1 : 0)
        let (major, minor) = attributes.device
        // makedev of <sys/sysmacros.h>, as the kernel's new_encode_dev has it.
        status.st_rdev = UInt(minor & 0xFF | (major & 0xFFF) << 8 | (minor & 0xFFF00) << 12)
        let times = [attributes.accessed, attributes.modified, attributes.changed].flatMap {
            [$0.seconds, $0.nanoseconds]
        }
        unsafe spindle_fuse_put_times(&status, times)
        return status
    }

    /// An entry of a directory; `nil` if there is no such file.
    private static func entry(_ inode: UInt64, _ server: any FileServer) -> fuse_entry_param? {
        guard let attributes = server.attributes(of: inode) else { return nil }
        var entry = fuse_entry_param()
        entry.ino = fuse_ino_t(inode)
        entry.attr = status(attributes)
        entry.attr_timeout = server.patience
        entry.entry_timeout = server.patience
        return entry
    }

    /// Tells the kernel of a file by its number, which it knows from then on.
    fileprivate static func reply(
        _ request: fuse_req_t,
        _ inode: UInt64,
        _ server: any FileServer
    ) throws(SystemError) {
        server.remember(inode)
        guard var entry = entry(inode, server) else {
            server.forget(inode, count: 1)
            throw .noSuchFile("lookup")
        }
        _ = unsafe fuse_reply_entry(request, &entry)
    }

    /// Tells the kernel that there is no file of a name; it keeps that as well, with the number 0.
    fileprivate static func replyNothing(_ request: fuse_req_t, _ server: any FileServer) {
        var entry = fuse_entry_param()
        entry.entry_timeout = server.patience
        _ = unsafe fuse_reply_entry(request, &entry)
    }

    /// Tells the kernel what `stat` tells of a file.
    fileprivate static func replyAttributes(
        _ request: fuse_req_t,
        _ inode: fuse_ino_t,
        _ server: any FileServer
    ) throws(SystemError) {
        guard let attributes = server.attributes(of: UInt64(inode)) else {
            throw .noSuchFile("getattr")
        }
        var status = status(attributes)
        _ = unsafe fuse_reply_attr(request, &status, server.patience)
    }

    /// Fills a buffer with entries of a directory, and sends it.
    ///
    /// The kernel's offsets are 1 behind `.`, 2 behind `..`, and 2 more than the server's places behind
    /// all others.
    fileprivate static func list(
        _ request: fuse_req_t?,
        _ directory: fuse_ino_t,
        size: Int,
        position: Int,
        isFull: Bool
    ) {
        unsafe answer(request) { request, server throws(SystemError) in
            let directory = UInt64(directory)
            guard size > 0, position >= 0 else { throw .invalid("readdir") }
            guard let parent = server.parent(of: directory) else {
                throw .notADirectory("readdir")
            }
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
                var used = 0
                let base = buffer.baseAddress
                func add(
                    _ name: UnsafePointer<CChar>,
                    _ inode: UInt64,
                    next: Int,
                    isNamed: Bool
                ) -> Bool {
                    guard var entry = entry(inode, server) else { return true }
                    // What the kernel should not look up it is told without a number: `.` and `..`.
                    if !isNamed { entry.ino = 0 }
                    let target = unsafe base.map { unsafe $0 + used }
                    let room = size - used
                    let needed =
                        isFull
                        ? unsafe fuse_add_direntry_plus(request, target, room, name, &entry, next)
                        : unsafe fuse_add_direntry(request, target, room, name, &entry.attr, next)
                    guard needed <= room else { return false }
                    if isFull, isNamed { server.remember(inode) }
                    used += needed
                    return true
                }
                var isOpen = true
                var name = [CChar](repeating: 0, count: longestName + 1)
                if position == 0 { isOpen = unsafe add(".", directory, next: 1, isNamed: false) }
                if isOpen, position <= 1 {
                    isOpen = unsafe add("..", parent, next: 2, isNamed: false)
                }
                if isOpen {
                    server.list(directory, after: max(0, position - 2)) { bytes, inode, place in
                        guard bytes.count < longestName else { return true }
                        for i in bytes.indices { name[i] = CChar(bitPattern: bytes[i]) }
                        name[bytes.count] = 0
                        return unsafe add(name, inode, next: place + 2, isNamed: true)
                    }
                }
                _ = unsafe fuse_reply_buf(request, base, used)
            }
        }
    }

    /// Makes a file for the program that asks for it, and tells the kernel of it.
    fileprivate static func make(
        _ request: fuse_req_t?,
        _ file: NewFile,
        _ name: UnsafePointer<CChar>?,
        in directory: fuse_ino_t
    ) {
        unsafe change(request) { request, server throws(SystemError) in
            guard let user = unsafe fuse_req_ctx(request) else { throw .unsupported("fuse") }
            let inode = try server.make(
                file,
                named: unsafe bytes(name),
                in: UInt64(directory),
                by: unsafe (user.pointee.uid, user.pointee.gid)
            )
            try unsafe reply(request, inode, server)
        }
    }

    /// Takes a name away.
    fileprivate static func remove(
        _ request: fuse_req_t?,
        _ name: UnsafePointer<CChar>?,
        from directory: fuse_ino_t,
        isDirectory: Bool
    ) {
        unsafe change(request) { request, server throws(SystemError) in
            try server.remove(
                unsafe bytes(name),
                from: UInt64(directory),
                isDirectory: isDirectory
            )
            _ = unsafe fuse_reply_err(request, 0)
        }
    }

    /// What the kernel wants changed of a file's attributes.
    fileprivate static func change(_ wanted: stat, _ fields: CInt) -> AttributeChange {
        var wanted = wanted
        var times = [0, 0, 0, 0]
        unsafe spindle_fuse_get_times(&wanted, &times)
        func has(_ field: CInt) -> Bool { fields & field != 0 }
        func moment(_ place: Int, isSet: Bool, isNow: Bool) -> FileAttributes.Moment? {
            if isNow { return .now }
            return isSet
                ? FileAttributes.Moment(seconds: times[place], nanoseconds: times[place + 1])
                : nil
        }
        var change = AttributeChange()
        if has(spindle_fuse_set_mode) { change.permissions = wanted.st_mode & 0o7777 }
        if has(spindle_fuse_set_owner) { change.owner = wanted.st_uid }
        if has(spindle_fuse_set_group) { change.group = wanted.st_gid }
        if has(spindle_fuse_set_size) { change.size = wanted.st_size }
        change.accessed = moment(
            0,
            isSet: has(spindle_fuse_set_accessed),
            isNow: has(spindle_fuse_set_accessed_now)
        )
        change.modified = moment(
            2,
            isSet: has(spindle_fuse_set_modified),
            isNow: has(spindle_fuse_set_modified_now)
        )
        return change
    }
}

private func beginSession(
    _ context: UnsafeMutableRawPointer?,
    _ connection: UnsafeMutablePointer<fuse_conn_info>?
) {
    guard let connection = unsafe connection, let context = unsafe context else { return }
    let useful = spindle_fuse_splice_write | spindle_fuse_cache_links
    unsafe connection.pointee.want |= useful & connection.pointee.capable
    // Files are opened without a word, so that an open can't cut a file off; that is asked for apart. Nor
    // does a server know when the bits of set-user-ID have to go.
    let harmful =
        spindle_fuse_auto_invalidate | spindle_fuse_open_truncates | spindle_fuse_ends_privileges
    unsafe connection.pointee.want &= ~harmful
    unsafe connection.pointee.max_readahead = FileOperations.readAhead
    unsafe Unmanaged<MountSession.Box>.fromOpaque(context).takeUnretainedValue().begin()
}

// MARK: Reading

private func lookUp(_ request: fuse_req_t?, _ parent: fuse_ino_t, _ name: UnsafePointer<CChar>?) {
    unsafe FileOperations.answer(request) { request, server throws(SystemError) in
        let name = try unsafe FileOperations.bytes(name)
        guard let found = server.inode(named: name.span, in: UInt64(parent)) else {
            return unsafe FileOperations.replyNothing(request, server)
        }
        try unsafe FileOperations.reply(request, found, server)
    }
}

private func forget(_ request: fuse_req_t?, _ inode: fuse_ino_t, _ count: UInt64) {
    unsafe FileOperations.answer(request) { request, server in
        server.forget(UInt64(inode), count: count)
        unsafe fuse_reply_none(request)
    }
}

private func forgetSeveral(
    _ request: fuse_req_t?,
    _ count: Int,
    _ files: UnsafeMutablePointer<fuse_forget_data>?
) {
    unsafe FileOperations.answer(request) { request, server in
        let list = unsafe UnsafeBufferPointer(start: files, count: count)
        for index in 0..<count {
            let file = unsafe list[index]
            server.forget(UInt64(file.ino), count: file.nlookup)
        }
        unsafe fuse_reply_none(request)
    }
}

private func giveAttributes(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.answer(request) { request, server throws(SystemError) in
        try unsafe FileOperations.replyAttributes(request, inode, server)
    }
}

private func giveLink(_ request: fuse_req_t?, _ inode: fuse_ino_t) {
    unsafe FileOperations.answer(request) { request, server throws(SystemError) in
        guard let target = server.linkTarget(of: UInt64(inode)) else {
            throw .noSuchFile("readlink")
        }
        let text = (target + [0]).map { CChar(bitPattern: $0) }
        _ = unsafe fuse_reply_readlink(request, text)
    }
}

/// The kernel then opens files without asking (`FUSE_CAP_NO_OPEN_SUPPORT`), and keeps what it has read.
private func openFile(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.answer(request) { _, _ throws(SystemError) in throw .unsupported("open") }
}

/// Of a file system that is only read, the kernel then opens directories without asking, and keeps what
/// is in them.
private func openDirectory(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.answer(request) { request, server throws(SystemError) in
        guard server is any WritableFileServer, let info = unsafe info else {
            throw .unsupported("opendir")
        }
        _ = unsafe fuse_reply_open(request, info)
    }
}

private func readFile(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ count: Int,
    _ offset: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.answer(request) { request, server in
        server.read(unsafe ReadRequest(request), at: offset, count: count, of: UInt64(inode))
    }
}

private func listPlainly(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ size: Int,
    _ position: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.list(request, inode, size: size, position: position, isFull: false)
}

private func listFully(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ size: Int,
    _ position: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.list(request, inode, size: size, position: position, isFull: true)
}

private func giveStatistics(_ request: fuse_req_t?, _ inode: fuse_ino_t) {
    unsafe FileOperations.answer(request) { request, server in
        let known = server.statistics
        var result = statvfs()
        result.f_bsize = 2048
        result.f_frsize = 2048
        result.f_blocks = UInt(known.bytes / 2048 + (known.bytes % 2048 > 0 ? 1 : 0))
        result.f_bfree = UInt(max(0, known.freeBytes) / 2048)
        result.f_bavail = result.f_bfree
        result.f_files = UInt(known.files)
        result.f_namemax = 255
        _ = unsafe fuse_reply_statfs(request, &result)
    }
}

// MARK: Writing

private func setAttributes(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ wanted: UnsafeMutablePointer<stat>?,
    _ fields: CInt,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.change(request) { request, server throws(SystemError) in
        guard let wanted = unsafe wanted?.pointee else { throw .invalid("setattr") }
        try server.change(FileOperations.change(wanted, fields), of: UInt64(inode))
        try unsafe FileOperations.replyAttributes(request, inode, server)
    }
}

private func makeFile(
    _ request: fuse_req_t?,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?,
    _ mode: mode_t,
    _ device: dev_t
) {
    // S_IFMT and S_IFREG of <sys/stat.h>.
    guard mode & 0o170000 == 0o100000 else {
        // An image that is made of the overlay would not have devices and pipes.
        return unsafe FileOperations.answer(request) { _, _ throws(SystemError) in
            throw .notPermitted("mknod")
        }
    }
    unsafe FileOperations.make(request, .file(permissions: mode & 0o7777), name, in: parent)
}

private func makeDirectory(
    _ request: fuse_req_t?,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?,
    _ mode: mode_t
) {
    unsafe FileOperations.make(request, .directory(permissions: mode & 0o7777), name, in: parent)
}

private func makeLink(
    _ request: fuse_req_t?,
    _ target: UnsafePointer<CChar>?,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?
) {
    let bytes = (try? unsafe FileOperations.bytes(target)) ?? []
    unsafe FileOperations.make(request, .link(target: bytes), name, in: parent)
}

private func linkFile(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?
) {
    unsafe FileOperations.change(request) { request, server throws(SystemError) in
        try server.link(
            UInt64(inode),
            named: unsafe FileOperations.bytes(name),
            in: UInt64(parent)
        )
        try unsafe FileOperations.reply(request, UInt64(inode), server)
    }
}

private func removeFile(
    _ request: fuse_req_t?,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?
) {
    unsafe FileOperations.remove(request, name, from: parent, isDirectory: false)
}

private func removeDirectory(
    _ request: fuse_req_t?,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?
) {
    unsafe FileOperations.remove(request, name, from: parent, isDirectory: true)
}

private func moveFile(
    _ request: fuse_req_t?,
    _ parent: fuse_ino_t,
    _ name: UnsafePointer<CChar>?,
    _ newParent: fuse_ino_t,
    _ newName: UnsafePointer<CChar>?,
    _ flags: UInt32
) {
    unsafe FileOperations.change(request) { request, server throws(SystemError) in
        let manner: MoveManner
        switch flags {
        case 0: manner = .replace
        // RENAME_NOREPLACE and RENAME_EXCHANGE of <linux/fs.h>.
        case 1: manner = .keep
        case 2: manner = .exchange
        default: throw .invalid("rename")
        }
        try server.move(
            unsafe FileOperations.bytes(name),
            from: UInt64(parent),
            to: unsafe FileOperations.bytes(newName),
            in: UInt64(newParent),
            manner
        )
        _ = unsafe fuse_reply_err(request, 0)
    }
}

private func writeFile(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ bytes: UnsafePointer<CChar>?,
    _ count: Int,
    _ offset: off_t,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.change(request) { request, server throws(SystemError) in
        let memory = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
        let buffer = unsafe memory.assumingMemoryBound(to: UInt8.self)
        let written = try server.write(unsafe buffer.span, at: offset, to: UInt64(inode))
        _ = unsafe fuse_reply_write(request, written)
    }
}

private func synchronize(
    _ request: fuse_req_t?,
    _ inode: fuse_ino_t,
    _ onlyData: CInt,
    _ info: UnsafeMutablePointer<fuse_file_info>?
) {
    unsafe FileOperations.change(request) { request, server throws(SystemError) in
        try server.synchronize(UInt64(inode))
        _ = unsafe fuse_reply_err(request, 0)
    }
}
