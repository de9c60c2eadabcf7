internal import CLinux
import Glibc
import SystemPackage

extension File {
    /// Writes bytes at a place, as many as the system takes at once.
    ///
    /// The corresponding C function is `pwrite`.
    ///
    /// - Returns: How many were written; fewer than there are only if there is no room for more.
    /// - Throws: The system's error if none could be written.
    public func writeSome(_ data: Span<UInt8>, at offset: Int) throws(SystemError) -> Int {
        let count = unsafe data.withUnsafeBytes { bytes in
            retryingInterrupts { unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, offset) }
        }
        guard count >= 0 else { throw SystemError("pwrite", path: path.string) }
        return count
    }

    /// Reserves room for a range that may lie behind the file's end, which stays where it is.
    ///
    /// The corresponding C function is `fallocate`, with `FALLOC_FL_KEEP_SIZE`.
    ///
    /// - Throws: The system's error, such as `ENOSPC`; none on a file system that can't reserve room.
    public func reserve(_ range: Range<Int>) throws(SystemError) {
        guard !range.isEmpty else { return }
        let result = retryingInterrupts {
            spindle_reserve(descriptor, range.lowerBound, range.count)
        }
        guard result == 0 || errno == EOPNOTSUPP || errno == ENOSYS else {
            throw SystemError("fallocate", path: path.string)
        }
    }

    /// Sets the file's times.
    ///
    /// The corresponding C function is `futimens`.
    ///
    /// - Parameters:
    ///   - accessed: When it was read last; `nil` leaves the time as it is.
    ///   - modified: When it was changed last; `nil` leaves the time as it is.
    /// - Throws: The system's error.
    public func setTimes(accessed: FileDetails.Time?, modified: FileDetails.Time?)
        throws(SystemError)
    {
        // UTIME_OMIT of fcntl.h.
        let omitted = (1 << 30) - 2
        let times = [accessed, modified].map {
            timespec(tv_sec: $0?.seconds ?? 0, tv_nsec: $0?.nanoseconds ?? omitted)
        }
        guard unsafe futimens(descriptor, times) == 0 else {
            throw SystemError("futimens", path: path.string)
        }
    }

    /// Waits until what was written and the file's times are on the storage.
    ///
    /// The corresponding C function is `fsync`.
    public func synchronizeWithTimes() throws(SystemError) {
        guard retryingInterrupts({ fsync(descriptor) }) == 0 else {
            throw SystemError("fsync", path: path.string)
        }
    }
}
