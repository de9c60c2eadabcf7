import CDriveProtocol
public import LinuxCalls
public import MMC

/// A hand at a drive in software: it opens the tray, takes a disc out, puts one in.
public struct DriveHand: Sendable {
    /// Does something at the drive behind a node, while no command is under way.
    ///
    /// It is given the way to the drive that the node was made with, and returns a sentence where it
    /// can't do the deed.
    public var act: @Sendable (any Transport, HandDeed) -> String?

    /// Creates a hand.
    public init(_ act: @escaping @Sendable (any Transport, HandDeed) -> String?) {
        self.act = act
    }

    /// Has the process of a drive do something at it.
    ///
    /// - Parameters:
    ///   - deed: What is to be done; the path of a file is absolute.
    ///   - socket: The socket of the drive's node.
    /// - Returns: A sentence where it could not be done.
    /// - Throws: ``LinuxCalls/SystemError`` where the drive can't be reached.
    public static func ask(_ deed: HandDeed, at socket: String) throws(SystemError) -> String? {
        let connection = try StreamSocket(connectingTo: socket)
        try connection.send(DriveRequest(.channel).bytes.span)
        try connection.send(deed.request.span)
        var bytes = [UInt8](repeating: 0, count: DriveReply.length + 4096)
        var count = 0
        while true {
            let room = count..<bytes.count
            var span = bytes.mutableSpan
            let received = try Bytes.withPart(of: &span, room) {
                room throws(SystemError) in
                try connection.receive(into: &room)
            }
            count += received
            if count >= DriveReply.length {
                let length = Int(bytes.span.number(at: 8) as UInt32)
                let result = Int32(bitPattern: bytes.span.number(at: 0))
                if result == 0 { return nil }
                if count >= min(bytes.count, DriveReply.length + length) {
                    let text = bytes[DriveReply.length..<count]
                    return text.isEmpty
                        ? "The drive does not know how." : String(decoding: text, as: UTF8.self)
                }
            }
            guard received > 0 else { throw SystemError(errno: 19, call: "recv", path: socket) }
        }
    }
}
