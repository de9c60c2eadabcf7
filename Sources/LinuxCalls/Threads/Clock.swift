internal import CLinux
import Glibc

/// The system's clock that never jumps.
public enum Clock {
    /// Seconds since some fixed moment.
    ///
    /// The corresponding C function is `clock_gettime` with `CLOCK_MONOTONIC`.
    public static var seconds: Double {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }

    /// Lets the calling thread rest.
    ///
    /// The corresponding C function is `usleep`.
    public static func sleep(seconds: Double) {
        usleep(UInt32(max(0, min(seconds, 3600)) * 1e6))
    }
}
