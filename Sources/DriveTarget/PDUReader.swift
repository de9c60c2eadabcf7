import LinuxCalls

/// Takes protocol data units from a connection: no more of any than was agreed.
struct PDUReader {
    private let socket: StreamSocket
    /// The most data that one may bring.
    private let mostData: Int
    private var buffer: [UInt8] = []
    private var start = 0

    init(_ socket: StreamSocket, mostData: Int) {
        self.socket = socket
        self.mostData = mostData
    }

    /// Waits for the next one.
    ///
    /// - Parameter seconds: How long it is waited for more bytes; `nil` for ever.
    /// - Returns: `nil` where the initiator has closed the connection.
    /// - Throws: ``ProtocolError``, and the system's error.
    mutating func next(within seconds: Double? = nil) throws -> PDU? {
        guard let header = try take(PDU.headerSize, within: seconds) else { return nil }
        let length = Int(header[5]) << 16 | Int(header[6]) << 8 | Int(header[7])
        guard length <= mostData else {
            throw ProtocolError("it sent \(length) bytes at once")
        }
        // Additional headers are for commands longer than 16 bytes, which no drive for discs has.
        let additional = Int(header[4]) * 4
        let padded = (length + 3) / 4 * 4
        guard let rest = try take(additional + padded, within: seconds) else {
            throw ProtocolError("it ended within a unit")
        }
        return PDU(header: header, data: Array(rest[additional..<(additional + length)]))
    }

    private mutating func take(_ count: Int, within seconds: Double?) throws -> [UInt8]? {
        while buffer.count - start < count {
            if let seconds, !socket.waitForInput(seconds: seconds) {
                throw ProtocolError("it said nothing for \(Int(seconds)) seconds")
            }
            if start > 0 {
                buffer.removeFirst(start)
                start = 0
            }
            var part = [UInt8](repeating: 0, count: max(1 << 16, count - buffer.count))
            var span = part.mutableSpan
            let got = try socket.receive(into: &span)
            guard got > 0 else {
                guard buffer.isEmpty else { throw ProtocolError("it ended within a unit") }
                return nil
            }
            buffer += part[..<got]
        }
        defer { start += count }
        return Array(buffer[start..<(start + count)])
    }
}
