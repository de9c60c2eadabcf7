internal import CLinux
import Glibc
import Synchronization
public import SystemPackage

/// An open file, closed with its last reference.
///
/// Reads and writes name their place, so that several threads may use one file.
public final class File: Sendable {
    /// How a file is opened.
    public enum Mode: Sendable {
        /// For reading.
        case read
        /// For reading and writing.
        case update
        /// For reading and writing; it must not exist yet.
        case createNew
        /// For reading and writing; made where it does not exist, emptied where it does.
        case replace
        /// For reading and writing; made where it does not exist, kept as it is where it does.
        case resume
    }

    /// What kind of file it is.
    public enum Kind: Sendable {
        case regular, blockDevice, characterDevice, directory, pipe, other
    }

    /// The file's path.
    public let path: FilePath
    /// The descriptor.
    public let descriptor: CInt
    private let ownsDescriptor: Bool
    /// Whether this process has claimed it.
    private let isClaimed = Atomic(false)

    /// Opens a file.
    ///
    /// The corresponding C function is `open`, with `O_CLOEXEC`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: How it is opened; a new file never takes the place of a link.
    ///   - exclusive: Whether `O_EXCL` is set, which claims a drive.
    ///   - nonBlocking: Whether `O_NONBLOCK` is set, so that neither a pipe nor a drive is waited for.
    ///   - followsLinks: Whether a link in the path's last place is followed.
    /// - Throws: The system's error.
    public init(
        _ path: FilePath,
        _ mode: Mode,
        exclusive: Bool = false,
        nonBlocking: Bool = false,
        followsLinks: Bool = true
    ) throws(SystemError) {
        var flags = O_CLOEXEC
        switch mode {
        case .read: flags |= O_RDONLY
        case .update: flags |= O_RDWR
        case .createNew: flags |= O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
        case .replace: flags |= O_RDWR | O_CREAT | O_TRUNC
        case .resume: flags |= O_RDWR | O_CREAT
        }
        if exclusive { flags |= O_EXCL }
        if nonBlocking { flags |= O_NONBLOCK }
        if !followsLinks { flags |= O_NOFOLLOW }
        let opened = unsafe path.withPlatformString { path in
            retryingInterrupts { unsafe spindle_open(path, flags, 0o666) }
        }
        guard opened >= 0 else { throw SystemError("open", path: path.string) }
        self.path = path
        descriptor = opened
        ownsDescriptor = true
    }

    /// Takes a descriptor over, to close it with the last reference.
    init(adopting descriptor: CInt, name: FilePath) {
        path = name
        self.descriptor = descriptor
        ownsDescriptor = true
    }

    /// Takes a descriptor that somebody else closes, such as 0 for the standard input.
    public init(borrowing descriptor: CInt, name: String) {
        path = FilePath(name)
        self.descriptor = descriptor
        ownsDescriptor = false
    }

    deinit {
        guard ownsDescriptor else { return }
        // A claim outlives the descriptor in a process that was forked and has not closed its copy yet.
        if isClaimed.load(ordering: .relaxed) { flock(descriptor, LOCK_UN) }
        close(descriptor)
    }

    /// What kind of file it is, and its size in bytes.
    ///
    /// The corresponding C function is `fstat`.
    public func status() throws(SystemError) -> (kind: Kind, size: Int) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw SystemError("fstat", path: path.string)
        }
        return (Kind(mode: status.st_mode), Int(status.st_size))
    }

    /// Reads at a place, as much as the buffer holds or the file has.
    ///
    /// The corresponding C function is `pread`.
    ///
    /// - Parameters:
    ///   - offset: The place, in bytes from the file's beginning.
    ///   - buffer: Filled from its beginning on.
    ///   - limit: At most so many bytes.
    /// - Returns: The number of bytes, fewer than were wanted only at the file's end.
    /// - Throws: The system's error, though bytes before the bad place may have been read.
    public func read(
        at offset: Int,
        into buffer: inout MutableSpan<UInt8>,
        limit: Int = .max
    ) throws(SystemError) -> Int {
        let descriptor = descriptor
        let path = path
        return try unsafe buffer.withUnsafeMutableBytes { bytes throws(SystemError) in
            let wanted = max(0, min(bytes.count, limit))
            var done = 0
            while done < wanted {
                let count = retryingInterrupts {
                    unsafe pread(
                        descriptor,
                        bytes.baseAddress.map { unsafe $0 + done },
                        wanted - done,
                        offset + done
                    )
                }
                guard count >= 0 else { throw SystemError("pread", path: path.string) }
                if count == 0 { break }
                done += count
            }
            return done
        }
    }

    /// Reads on from where the file stands, as pipes are read; fewer bytes than fit mean its end.
    ///
    /// The corresponding C function is `read`.
    public func readOn(into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
        try readOn(into: &buffer, until: nil) ?? 0
    }

    /// Reads on as ``readOn(into:)`` does, and stops where another thread ends the waiting for more.
    ///
    /// The corresponding C functions are `poll` and `read`.
    ///
    /// - Returns: How many bytes came; `nil` if the waiting was ended.
    public func readOn(into buffer: inout MutableSpan<UInt8>, until wakeUp: WakeUp?)
        throws(SystemError) -> Int?
    {
        let descriptor = descriptor
        let path = path
        return try unsafe buffer.withUnsafeMutableBytes { bytes throws(SystemError) in
            var done = 0
            while done < bytes.count {
                if let wakeUp, !wakeUp.waits(for: descriptor) { return nil }
                let count = retryingInterrupts {
                    unsafe Glibc.read(
                        descriptor,
                        bytes.baseAddress.map { unsafe $0 + done },
                        bytes.count - done
                    )
                }
                guard count >= 0 else { throw SystemError("read", path: path.string) }
                if count == 0 { break }
                done += count
            }
            return done
        }
    }

    /// Bytes that one call takes to a file.
    ///
    /// Linux makes as large a piece of its page cache as a call has bytes, and large pieces are of memory
    /// that nothing used lately: in virtual machines that give such memory back, calls of a mebibyte take ten
    /// times as long as these. File systems in programs (FUSE) are asked in pieces of this size.
    private static let call = 128 << 10

    /// Writes all bytes at a place.
    ///
    /// The corresponding C function is `pwrite`.
    public func write(_ data: Span<UInt8>, at offset: Int) throws(SystemError) {
        let descriptor = descriptor
        let path = path
        try unsafe data.withUnsafeBytes { bytes throws(SystemError) in
            var done = 0
            while done < bytes.count {
                let count = retryingInterrupts {
                    unsafe pwrite(
                        descriptor,
                        bytes.baseAddress.map { unsafe $0 + done },
                        min(Self.call, bytes.count - done),
                        offset + done
                    )
                }
                guard count > 0 else { throw SystemError("pwrite", path: path.string) }
                done += count
            }
        }
    }

    /// Writes bytes to a place that holds nothing yet, and leaves holes where pages are all zeros.
    ///
    /// - Returns: Whether the file reaches to the data's end now. It does not if a hole is there, and then
    ///   ``setSize(_:)`` sets its end.
    @discardableResult
    public func writeSparsely(_ data: Span<UInt8>, at offset: Int) throws(SystemError) -> Bool {
        let page = Self.holeSize
        var start = 0
        var place = 0
        // Runs that are not zeros go over in as few calls as there are.
        while place < data.count {
            let next = min(data.count, ((offset + place) / page + 1) * page - offset)
            if Bytes.areZero(data.extracting(place..<next)) {
                if start < place { try write(data.extracting(start..<place), at: offset + start) }
                start = next
            }
            place = next
        }
        guard start < place else { return false }
        try write(data.extracting(start..<place), at: offset + start)
        return true
    }

    /// Writes all bytes on from where the file stands.
    ///
    /// The corresponding C function is `write`.
    public func writeOn(_ data: Span<UInt8>) throws(SystemError) {
        let descriptor = descriptor
        let path = path
        try unsafe data.withUnsafeBytes { bytes throws(SystemError) in
            var done = 0
            while done < bytes.count {
                let count = retryingInterrupts {
                    unsafe Glibc.write(
                        descriptor,
                        bytes.baseAddress.map { unsafe $0 + done },
                        min(Self.call, bytes.count - done)
                    )
                }
                guard count > 0 else { throw SystemError("write", path: path.string) }
                done += count
            }
        }
    }

    /// Makes the file so many bytes long; what is new reads as zeros and takes no room.
    ///
    /// The corresponding C function is `ftruncate`.
    public func setSize(_ bytes: Int) throws(SystemError) {
        guard retryingInterrupts({ ftruncate(descriptor, bytes) }) == 0 else {
            throw SystemError("ftruncate", path: path.string)
        }
    }

    /// Gives the room of a range back; it reads as zeros afterwards.
    ///
    /// The corresponding C function is `fallocate` with `FALLOC_FL_PUNCH_HOLE`.
    public func punchHole(_ range: Range<Int>) throws(SystemError) {
        guard !range.isEmpty else { return }
        let result = retryingInterrupts {
            spindle_punch_hole(descriptor, range.lowerBound, range.count)
        }
        guard result == 0 else { throw SystemError("fallocate", path: path.string) }
    }

    /// Waits until what was written is on the storage.
    ///
    /// Some file systems report a failed write only when the file is closed. So a second descriptor
    /// of it is closed here, and that one's result counts; the file itself stays open, and claimed.
    ///
    /// The corresponding C functions are `fdatasync`, `dup` and `close`.
    public func synchronize() throws(SystemError) {
        guard retryingInterrupts({ fdatasync(descriptor) }) == 0 else {
            throw SystemError("fdatasync", path: path.string)
        }
        let second = dup(descriptor)
        guard second >= 0 else { throw SystemError("dup", path: path.string) }
        // After EINTR the descriptor is closed: it must not be closed again.
        guard close(second) == 0 || errno == EINTR else {
            throw SystemError("close", path: path.string)
        }
    }

    /// Sets the file's permissions: the lowest nine bits and the sticky bit count.
    ///
    /// The corresponding C function is `fchmod`.
    public func setPermissions(_ permissions: UInt32) throws(SystemError) {
        guard retryingInterrupts({ fchmod(descriptor, permissions & 0o1777) }) == 0 else {
            throw SystemError("fchmod", path: path.string)
        }
    }

    /// Claims the file for this process, or says that another has claimed it.
    ///
    /// The corresponding C function is `flock`, exclusive and without waiting.
    ///
    /// - Returns: False where another process holds it.
    public func tryLock() throws(SystemError) -> Bool {
        if retryingInterrupts({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 {
            isClaimed.store(true, ordering: .relaxed)
            return true
        }
        guard errno == EWOULDBLOCK else { throw SystemError("flock", path: path.string) }
        return false
    }
}

extension File {
    /// Marks a file that is worth nothing once nobody writes to it any more.
    private static let mark = "user.spindle.unfinished"

    /// Whether the file is marked as one that is worth nothing once nobody writes to it any more.
    ///
    /// The corresponding C function is `fgetxattr`.
    var isMarkedUnfinished: Bool {
        unsafe spindle_attribute_size(descriptor, Self.mark) >= 0
    }

    /// Marks the file so, or takes the mark away, as far as the file system can do that.
    ///
    /// The corresponding C functions are `fsetxattr` and `fremovexattr`.
    func markUnfinished(_ isUnfinished: Bool) {
        if isUnfinished {
            unsafe _ = spindle_set_attribute(descriptor, Self.mark, "1", 1)
        } else {
            unsafe _ = spindle_remove_attribute(descriptor, Self.mark)
        }
    }
}

extension File.Kind {
    /// The kind in the mode of a file's status.
    init(mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFBLK: self = .blockDevice
        case S_IFCHR: self = .characterDevice
        case S_IFDIR: self = .directory
        case S_IFIFO, S_IFSOCK: self = .pipe
        default: self = .other
        }
    }
}

/// Repeats a call that a signal interrupted.
func retryingInterrupts<Result: BinaryInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Waits until a descriptor can be read, or its end or an error is there, though only for so long.
///
/// - Returns: False if the time ran out first, or a signal came.
func isReadable(_ descriptor: CInt, within seconds: Double) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, CInt(clamping: Int(seconds * 1000))) > 0
}
