import CDriveProtocol
import LinuxCalls

/// The memory of a connection, in which requests arrive and replies are put together.
///
/// A request's payload is behind its header, and a reply's behind its own, so that each goes over
/// the socket in one piece.
struct ChannelBuffer {
    /// The most that a message is long.
    static let limit = DriveReply.length + Int(DRIVE_PAYLOAD_LIMIT)
    /// The place of a request's payload.
    static let requestPayload = DriveRequest.length
    /// The place of a reply's payload.
    static let replyPayload = DriveReply.length

    /// Enough for the commands that most programs send.
    var bytes = [UInt8](repeating: 0, count: 256 * 1024)

    /// A message that is none of the protocol.
    struct Nonsense: Error {}

    /// Makes room for a message.
    mutating func reserve(_ count: Int) {
        guard bytes.count < count else { return }
        var size = bytes.count
        while size < count { size *= 2 }
        let more = min(size, max(count, Self.limit)) - bytes.count
        bytes += [UInt8](repeating: 0, count: more)
    }

    /// Waits for a request and its payload.
    ///
    /// - Returns: `nil` if the connection has ended.
    /// - Throws: Where what comes is no request, or the connection breaks.
    mutating func receive(from socket: StreamSocket, atMost limit: Int) throws -> DriveRequest? {
        var count = 0
        var request: DriveRequest?
        var wanted = DriveRequest.length
        while count < wanted {
            let room = count..<max(wanted, min(bytes.count, limit))
            var span = bytes.mutableSpan
            let received = try Bytes.withPart(of: &span, room) { room throws(SystemError) in
                try socket.receive(into: &room)
            }
            if received == 0 {
                guard count == 0 else { throw Nonsense() }
                return nil
            }
            count += received
            if request == nil, count >= DriveRequest.length {
                guard let parsed = DriveRequest(parsing: bytes.span) else { throw Nonsense() }
                request = parsed
                wanted += parsed.payloadLength
                reserve(wanted)
            }
        }
        // The next request waits for the reply: more is none.
        guard count == wanted, let request else { throw Nonsense() }
        return request
    }

    /// Sends a reply and the payload that lies ready.
    mutating func send(_ reply: DriveReply, to socket: StreamSocket) throws {
        var span = bytes.mutableSpan
        reply.write(to: &span)
        try socket.send(bytes.span.extracting(0..<(DriveReply.length + reply.payloadLength)))
    }
}
