internal import CLinux
import Glibc

/// Ends the waiting of threads that wait for a file, once and for good.
///
/// The corresponding C function is `pipe2`; what is in the pipe wakes those who `poll` it.
public final class WakeUp: Sendable {
    private let reader: CInt
    private let writer: CInt

    /// Makes one that has woken nobody yet.
    ///
    /// - Throws: The system's error if it has no descriptors to give.
    public init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe spindle_pipe(&ends) == 0 else { throw SystemError("pipe2") }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Wakes those who wait, and those who would wait later.
    public func wake() {
        var byte: UInt8 = 1
        _ = retryingInterrupts { unsafe Glibc.write(writer, &byte, 1) }
    }

    /// Waits until a file has something to read, its end or an error.
    ///
    /// The corresponding C function is `poll`.
    ///
    /// - Returns: False if somebody ended the waiting.
    func waits(for descriptor: CInt) -> Bool {
        var entries = [
            pollfd(fd: reader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = retryingInterrupts { unsafe poll(&entries, 2, -1) }
        return entries[0].revents == 0
    }
}
