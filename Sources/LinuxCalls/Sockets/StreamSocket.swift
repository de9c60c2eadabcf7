internal import CLinux
import Glibc

/// One end of a connection between two processes, closed with its last reference.
public final class StreamSocket: Sendable {
    let descriptor: CInt

    /// Takes over a descriptor.
    init(adopting descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// Takes over a descriptor that the process was started with, and passes it on to no other.
    public convenience init(inherited descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.init(adopting: descriptor)
    }

    /// Makes two sockets that are connected with each other.
    ///
    /// The corresponding C function is `socketpair`.
    public static func pair() throws(SystemError) -> (StreamSocket, StreamSocket) {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw SystemError("socketpair")
        }
        return (StreamSocket(adopting: ends[0]), StreamSocket(adopting: ends[1]))
    }

    /// Connects to a socket in the file system.
    ///
    /// The corresponding C functions are `socket` and `connect`.
    public convenience init(connectingTo path: String) throws(SystemError) {
        guard let address = socketAddress(path) else {
            throw SystemError(errno: ENAMETOOLONG, call: "connect", path: path)
        }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let error = SystemError("connect", path: path)
            close(descriptor)
            throw error
        }
        self.init(adopting: descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// Waits for a connection to a socket that listens.
    ///
    /// The corresponding C function is `accept4`.
    ///
    /// - Returns: `nil` once that is shut down.
    static func accept(on listener: CInt, path: String) throws(SystemError) -> StreamSocket? {
        while true {
            let accepted = spindle_accept(listener)
            if accepted >= 0 { return StreamSocket(adopting: accepted) }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EINVAL: return nil
            default: throw SystemError("accept", path: path)
            }
        }
    }

    /// Receives what has come, waiting for the first byte of it.
    ///
    /// The corresponding C function is `recv`.
    ///
    /// - Returns: How many bytes came; 0 where the other end has closed the connection.
    public func receive(into buffer: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
        let descriptor = descriptor
        return try unsafe buffer.withUnsafeMutableBytes { bytes throws(SystemError) in
            let count = retryingInterrupts {
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
            }
            guard count >= 0 else { throw SystemError("recv") }
            return count
        }
    }

    /// Waits until something has come or the other end has closed the connection.
    ///
    /// The corresponding C function is `poll`.
    ///
    /// - Returns: False if the time ran out first.
    public func waitForInput(seconds: Double) -> Bool {
        isReadable(descriptor, within: seconds)
    }

    /// Sends all bytes.
    ///
    /// The corresponding C function is `send`, with `MSG_NOSIGNAL`.
    public func send(_ data: Span<UInt8>) throws(SystemError) {
        let descriptor = descriptor
        try unsafe data.withUnsafeBytes { bytes throws(SystemError) in
            var done = 0
            while done < bytes.count {
                let count = retryingInterrupts {
                    unsafe Glibc.send(
                        descriptor,
                        bytes.baseAddress.map { unsafe $0 + done },
                        bytes.count - done,
                        CInt(MSG_NOSIGNAL)
                    )
                }
                guard count >= 0 else { throw SystemError("send") }
                done += count
            }
        }
    }

    /// Asks for buffers of so many bytes; the system may give less.
    ///
    /// The corresponding C function is `setsockopt` with `SO_SNDBUF` and `SO_RCVBUF`.
    public func enlargeBuffers(to size: Int) {
        var size = CInt(clamping: size)
        let length = socklen_t(MemoryLayout<CInt>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, length)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, length)
    }

    /// The abstract name of the other end, without the leading zero byte; absent where it has none.
    ///
    /// The corresponding C function is `getpeername`.
    public var peerName: [UInt8]? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getpeername(descriptor, pointer, &length)
            }
        }
        guard result == 0 else { return nil }
        let bytes = unsafe withUnsafeBytes(of: &address) { unsafe [UInt8]($0) }
        let start = MemoryLayout<sa_family_t>.size
        let end = min(Int(length), bytes.count)
        guard end > start + 1, bytes[start] == 0 else { return nil }
        return [UInt8](bytes[(start + 1)..<end])
    }

    /// Takes no more from the other end, whose writes fail from now on.
    ///
    /// The corresponding C function is `shutdown` with `SHUT_RD`.
    public func endReading() {
        shutdown(descriptor, CInt(SHUT_RD))
    }

    /// Ends the connection both ways; who waits on it is woken.
    ///
    /// The corresponding C function is `shutdown` with `SHUT_RDWR`.
    public func shutDown() {
        shutdown(descriptor, CInt(SHUT_RDWR))
    }

    /// Waits until the other end has closed the connection, or this end is shut down.
    ///
    /// The corresponding C function is `poll`.
    public func waitForHangUp() {
        while !hangsUp(within: -1) {}
    }

    /// Whether the other end has closed the connection.
    ///
    /// The corresponding C function is `poll`.
    public var hasHungUp: Bool { hangsUp(within: 0) }

    private func hangsUp(within milliseconds: CInt) -> Bool {
        // POLLHUP and POLLERR are told unasked; POLLIN would be true from endReading on.
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        let count = unsafe poll(&entry, 1, milliseconds)
        return count > 0 && entry.revents != 0
    }
}

/// The address of a socket in the file system; absent where the path is longer than an address.
func socketAddress(_ path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = [UInt8](path.utf8)
    let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
        guard name.count < room.count, !name.contains(0) else { return false }
        unsafe room.copyBytes(from: name)
        return true
    }
    return fits ? address : nil
}
