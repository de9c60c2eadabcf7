import CDriveProtocol

/// A command that a program sent to a drive that is not in software, and what came of it.
public struct SeenCommand: Hashable, Sendable {
    /// Which way its data went.
    public enum Direction: Hashable, Sendable {
        case none, fromDrive, toDrive
    }

    /// The last component of the node's path.
    public var node: String
    /// The command descriptor block.
    public var cdb: [UInt8]
    /// Which way its data went.
    public var direction: Direction
    /// Bytes that were sent, or that there was room for.
    public var room: Int
    /// Bytes that were moved.
    public var moved: Int
    /// Those bytes; fewer where there are more than a message holds.
    public var data: [UInt8]
    /// The status byte.
    public var status: UInt8
    /// The number that the host's adapter gave: 0 where the command reached the drive, 3 where it
    /// ran out of time.
    public var hostStatus: UInt8
    /// The sense data.
    public var sense: [UInt8]
    /// The error number of the call; 0 where there was none.
    public var errorNumber: Int32
    /// How long it took, in seconds.
    public var took: Double

    private static let outcomeLength = MemoryLayout<drive_outcome>.size

    /// Reads what the interposer tells (DRIVE_TRACE of drive_protocol.h).
    init?(_ request: DriveRequest, _ buffer: ChannelBuffer) {
        let start = ChannelBuffer.requestPayload
        let end = start + request.dataLength
        guard request.operation == .trace, !request.cdb.isEmpty,
            request.dataLength >= Self.outcomeLength, end <= buffer.bytes.count,
            let way = DriveRequest.Direction(rawValue: request.direction)
        else { return nil }
        let bytes = buffer.bytes.span
        node = request.handle.text
        cdb = request.cdb
        direction =
            switch way {
            case .none: .none
            case .fromDrive: .fromDrive
            case .toDrive: .toDrive
            }
        room = Int(request.timeoutMilliseconds)
        errorNumber = Int32(bitPattern: bytes.number(at: start))
        moved = Int(bytes.number(at: start + 4) as UInt32)
        status = bytes[start + 8]
        hostStatus = bytes[start + 9]
        sense = Array(buffer.bytes[(start + 16)..<(start + 16 + min(64, Int(bytes[start + 10])))])
        data = Array(buffer.bytes[(start + Self.outcomeLength)..<end])
        took = Double(max(0, request.number)) / 1e9
    }
}
