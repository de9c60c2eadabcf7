internal import CLinux
import Glibc
import SystemPackage

/// What changes when a file is changed or replaced: its identity, its size and its times.
struct FileStamp: Hashable, Sendable {
    /// Which file it is.
    var identity: FileIdentity
    /// Its size in bytes.
    var size: Int
    /// When its content last changed, in nanoseconds since 1970.
    var modified: Int
    /// When its content or what is known of it last changed, in nanoseconds since 1970.
    var changed: Int

    /// Takes the stamp of the file that a path names, following links; `nil` if there is none.
    ///
    /// The corresponding C function is `stat`.
    init?(_ path: FilePath) {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe stat($0, &status) }
        guard result == 0 else { return nil }
        identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        size = Int(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int {
        let (seconds, overflow) = time.tv_sec.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? time.tv_sec : seconds &+ time.tv_nsec
    }
}
