import Glibc

/// A port that takes connections.
public final class InternetListener: Sendable {
    /// Where it listens; a port of 0 was replaced by the one that the system chose.
    public let address: InternetAddress
    private let descriptor: CInt

    /// Listens.
    ///
    /// The corresponding C functions are `socket`, `bind` and `listen`.
    ///
    /// - Parameter address: Where; port 0 lets the system choose one.
    /// - Throws: ``SystemError`` where nobody may listen there, or somebody does.
    public init(_ address: InternetAddress) throws(SystemError) {
        let (descriptor, result) = unsafe address.withAddress { pointer, size, family in
            let descriptor = socket(
                family,
                CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue),
                0
            )
            guard descriptor >= 0 else { return (descriptor, CInt(-1)) }
            var yes: CInt = 1
            let length = socklen_t(MemoryLayout<CInt>.size)
            // A port whose last connections are still dying can be used again.
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, length)
            return (descriptor, unsafe bind(descriptor, pointer, size))
        }
        guard descriptor >= 0 else { throw SystemError("socket", path: "\(address)") }
        guard result == 0, listen(descriptor, 64) == 0 else {
            let error = SystemError("bind", path: "\(address)")
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        var chosen = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let port = unsafe withUnsafeMutablePointer(to: &chosen) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(descriptor, pointer, &size)
            }
        }
        // The port stands in the same place in addresses of both families.
        self.address =
            port == 0 ? address.with(port: UInt16(bigEndian: chosen.sin6_port)) : address
    }

    deinit { close(descriptor) }

    /// Waits for a connection.
    ///
    /// The corresponding C function is `accept`.
    ///
    /// - Returns: `nil` once it is shut down.
    public func accept() throws(SystemError) -> StreamSocket? {
        try StreamSocket.accept(on: descriptor, path: "\(address)")
    }

    /// Takes no more connections; who waits for one is woken.
    ///
    /// The corresponding C function is `shutdown`.
    public func shutDown() {
        shutdown(descriptor, CInt(SHUT_RDWR))
    }
}

extension StreamSocket {
    /// Connects to a port.
    ///
    /// The corresponding C functions are `socket` and `connect`.
    public convenience init(connectingTo address: InternetAddress) throws(SystemError) {
        let (descriptor, result) = unsafe address.withAddress { pointer, size, family in
            let descriptor = socket(
                family,
                CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue),
                0
            )
            guard descriptor >= 0 else { return (descriptor, CInt(-1)) }
            return (descriptor, unsafe connect(descriptor, pointer, size))
        }
        guard descriptor >= 0 else { throw SystemError("socket", path: "\(address)") }
        guard result == 0 else {
            let error = SystemError("connect", path: "\(address)")
            close(descriptor)
            throw error
        }
        self.init(adopting: descriptor)
    }

    /// Sends what is given at once, and gives up where the other end takes nothing for so long.
    ///
    /// The corresponding C function is `setsockopt` with `TCP_NODELAY` and `SO_SNDTIMEO`.
    public func sendAtOnce(patience seconds: Int) {
        var yes: CInt = 1
        let length = socklen_t(MemoryLayout<CInt>.size)
        unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &yes, length)
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_SNDTIMEO,
            &time,
            socklen_t(MemoryLayout<timeval>.size)
        )
    }

    /// Ends the connection where nothing is heard of the other end for so long, not even that it is there.
    ///
    /// An end that has lost its power or its network says nothing of that. The corresponding C function is
    /// `setsockopt` with `SO_KEEPALIVE`, `TCP_KEEPIDLE`, `TCP_KEEPINTVL` and `TCP_KEEPCNT`.
    ///
    /// - Parameter seconds: How long; in the second half it is asked four times.
    public func endIfGone(for seconds: Int) {
        let half = CInt(clamping: max(8, seconds) / 2)
        let options: [(level: CInt, name: CInt, value: CInt)] = [
            (CInt(IPPROTO_TCP), TCP_KEEPIDLE, half), (CInt(IPPROTO_TCP), TCP_KEEPINTVL, half / 4),
            (CInt(IPPROTO_TCP), TCP_KEEPCNT, 4), (SOL_SOCKET, SO_KEEPALIVE, 1),
        ]
        for (level, name, value) in options {
            var value = value
            let length = socklen_t(MemoryLayout<CInt>.size)
            unsafe setsockopt(descriptor, level, name, &value, length)
        }
    }
}
