import CDriveProtocol

/// A request of a program with the node open: the fixed part of it (drive_protocol.h).
package struct DriveRequest {
    /// What is asked for.
    package enum Operation: UInt32 {
        case open = 1
        case channel = 2
        case command = 3
        case read = 4
        case write = 5
        case seek = 6
        case control = 7
        case flags = 8
        case status = 9
        case synchronize = 10
        case lock = 11
        case knows = 12
        case trace = 13
        case hand = 14
    }

    /// Which way a command's data go.
    enum Direction: UInt8 {
        case none = 0
        case fromDrive = 1
        case toDrive = 2
    }

    /// Its length on the wire.
    package static let length = 56

    package let operation: Operation
    package let handle: HandleName
    let number: Int64
    let dataLength: Int
    let timeoutMilliseconds: UInt32
    let direction: UInt8
    /// The process that asks, by its own number for itself.
    let process: Int32
    package let cdb: [UInt8]

    /// Reads a request.
    ///
    /// - Returns: `nil` if the bytes are no request, or one for more data than a request may
    ///   be for.
    package init?(parsing bytes: Span<UInt8>) {
        guard bytes.count >= Self.length, bytes.number(at: 0) == UInt32(DRIVE_MAGIC),
            let operation = Operation(rawValue: bytes.number(at: 4)),
            Int(bytes.number(at: 24) as UInt32) <= Int(DRIVE_PAYLOAD_LIMIT),
            bytes[33] <= UInt8(DRIVE_CDB_LENGTH)
        else { return nil }
        self.operation = operation
        handle = HandleName(rawValue: bytes.number(at: 8))
        number = Int64(bitPattern: bytes.number(at: 16))
        dataLength = Int(bytes.number(at: 24) as UInt32)
        timeoutMilliseconds = bytes.number(at: 28)
        direction = bytes[32]
        process = Int32(bitPattern: bytes.number(at: 36))
        cdb =
            [.command, .trace].contains(operation)
            ? (0..<Int(bytes[33])).map { bytes[40 + $0] } : []
    }

    /// Creates a request for no open node.
    init(_ operation: Operation, number: Int64 = 0, dataLength: Int = 0) {
        self.operation = operation
        handle = HandleName(rawValue: 0)
        self.number = number
        self.dataLength = dataLength
        timeoutMilliseconds = 0
        direction = 0
        process = 0
        cdb = []
    }

    /// The bytes of a request that has no command.
    var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.length)
        func put(_ value: UInt64, at offset: Int, _ length: Int) {
            for i in 0..<length {
                bytes[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(i)))
            }
        }
        put(UInt64(DRIVE_MAGIC), at: 0, 4)
        put(UInt64(operation.rawValue), at: 4, 4)
        put(UInt64(bitPattern: number), at: 16, 8)
        put(UInt64(clamping: dataLength), at: 24, 4)
        return bytes
    }

    /// How many bytes follow the request.
    package var payloadLength: Int {
        switch operation {
        case .write, .control, .trace, .hand: dataLength
        case .command: direction == Direction.toDrive.rawValue ? dataLength : 0
        default: 0
        }
    }
}

extension Span<UInt8> {
    /// A little-endian number, as all machines have them that Swift knows on Linux.
    ///
    /// Its place must be within the bytes.
    func number<Number: FixedWidthInteger & UnsignedInteger>(at offset: Int) -> Number {
        var value: Number = 0
        for i in (0..<MemoryLayout<Number>.size).reversed() {
            value = value << 8 | Number(truncatingIfNeeded: self[offset + i])
        }
        return value
    }
}
