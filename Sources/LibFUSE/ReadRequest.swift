internal import CLibFUSE
public import LinuxCalls

/// The kernel's request for bytes of a file, to be answered once, on any thread.
@safe public struct ReadRequest: @unchecked Sendable {
    // Safe to hand on: libfuse answers a request on whatever thread it is told to (fuse_lowlevel.h).
    private let request: fuse_req_t

    init(_ request: fuse_req_t) {
        unsafe self.request = request
    }

    /// Gives bytes; fewer than were asked for mean the file's end.
    ///
    /// The corresponding C function is `fuse_reply_buf`.
    public func answer(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            _ = unsafe fuse_reply_buf(request, start, bytes.count)
        }
    }

    /// Gives bytes of an open file, which the kernel takes from there by itself if it can.
    ///
    /// The corresponding C function is `fuse_reply_data`, with `FUSE_BUF_FD_SEEK`.
    public func answer(_ file: File, at offset: Int, count: Int) {
        _ = unsafe spindle_fuse_reply_file(request, file.descriptor, offset, UInt(count))
    }

    /// Says that the bytes can't be read.
    ///
    /// The corresponding C function is `fuse_reply_err`.
    public func fail(_ error: SystemError) {
        _ = unsafe fuse_reply_err(request, error.errno)
    }
}
