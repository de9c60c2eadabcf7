import Glibc

/// A socket in the file system that takes connections; its file goes with it.
public final class ListeningSocket: Sendable {
    private let descriptor: CInt
    private let path: String

    /// Makes a socket's file, which must not exist yet, and listens.
    ///
    /// The corresponding C functions are `socket`, `bind` and `listen`.
    ///
    /// - Parameter path: At most 107 bytes, which is as much as an address holds.
    /// - Throws: ``SystemError`` where the file can't be made, or is there already.
    public init(path: String) throws(SystemError) {
        let descriptor = socket(
            AF_UNIX,
            CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        guard descriptor >= 0 else { throw SystemError("socket") }
        guard let address = socketAddress(path) else {
            close(descriptor)
            throw SystemError(errno: ENAMETOOLONG, call: "bind", path: path)
        }
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let error = SystemError("bind", path: path)
            close(descriptor)
            throw error
        }
        guard listen(descriptor, 128) == 0 else {
            let error = SystemError("listen", path: path)
            unsafe unlink(path)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        unsafe unlink(path)
        close(descriptor)
    }

    /// Waits for a connection.
    ///
    /// The corresponding C function is `accept`.
    ///
    /// - Returns: Nothing once the socket is shut down.
    public func accept() throws(SystemError) -> StreamSocket? {
        try StreamSocket.accept(on: descriptor, path: path)
    }

    /// Takes no more connections; who waits for one is woken.
    ///
    /// The corresponding C function is `shutdown`.
    public func shutDown() {
        shutdown(descriptor, CInt(SHUT_RDWR))
    }
}
