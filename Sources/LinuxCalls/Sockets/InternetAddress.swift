internal import CLinux
import Glibc

/// An address of a machine on the internet, and a port on it.
public struct InternetAddress: Hashable, Sendable {
    /// The address in digits, such as `127.0.0.1` or `::1`.
    public let host: String
    /// The port.
    public let port: UInt16
    /// The address's bytes: 4 or 16 of them.
    private let bytes: [UInt8]

    /// Reads an address in digits, and a port after a colon: `127.0.0.1:3260`, `[::1]:3260`; `nil` if the
    /// text is no such address.
    ///
    /// The corresponding C function is `inet_pton`.
    ///
    /// - Parameters:
    ///   - text: The address; names of machines are not looked up.
    ///   - usualPort: The port if the text has none.
    public init?(_ text: String, usualPort: UInt16) {
        var host = text[...]
        var digits: Substring?
        if host.first == "[" {
            guard let end = host.firstIndex(of: "]") else { return nil }
            let rest = host[host.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            digits = rest.isEmpty ? nil : rest.dropFirst()
            host = host[host.index(after: host.startIndex)..<end]
        } else if let colon = host.lastIndex(of: ":"), host.firstIndex(of: ":") == colon {
            digits = host[host.index(after: colon)...]
            host = host[..<colon]
        }
        if let digits {
            guard let port = UInt16(digits) else { return nil }
            self.port = port
        } else {
            port = usualPort
        }
        self.host = String(host)
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: size)
            if unsafe inet_pton(family, self.host, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    private init(host: String, port: UInt16, bytes: [UInt8]) {
        self.host = host
        self.port = port
        self.bytes = bytes
    }

    /// The same machine with another port.
    public func with(port: UInt16) -> InternetAddress {
        InternetAddress(host: host, port: port, bytes: bytes)
    }

    /// Whether only this machine reaches it (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3).
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    /// Lends the address as the C library has it.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t, CInt) -> Result)
        -> Result
    {
        if bytes.count == 4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &address.sin_addr) {
                unsafe $0.copyBytes(from: bytes)
            }
            return unsafe withUnsafePointer(to: address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size), AF_INET)
                }
            }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size), AF_INET6)
            }
        }
    }
}

extension InternetAddress: CustomStringConvertible {
    /// The address and the port.
    public var description: String {
        bytes.count == 4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }
}
