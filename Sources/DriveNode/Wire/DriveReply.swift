import SystemPackage

/// The reply to a request: the fixed part of it (drive_protocol.h).
struct DriveReply {
    /// Its length on the wire.
    static let length = 96

    /// What the call returns; -1 where it fails.
    var result: Int32 = 0
    /// Why it fails.
    var errorNumber: Int32 = 0
    /// Bytes that follow.
    var payloadLength = 0
    var durationMilliseconds: UInt32 = 0
    var offset: Int64 = 0
    var scsiStatus: UInt8 = 0
    var hostStatus: UInt8 = 0
    var sense: [UInt8] = []

    init(result: Int32 = 0) {
        self.result = result
    }

    /// The reply of a call that fails.
    init(_ error: Errno) {
        result = -1
        errorNumber = error.rawValue
    }

    /// Puts the reply at a buffer's beginning.
    func write(to bytes: inout MutableSpan<UInt8>) {
        func put(_ value: UInt64, at offset: Int, _ length: Int) {
            for i in 0..<length {
                bytes[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(i)))
            }
        }
        put(UInt64(truncatingIfNeeded: result), at: 0, 4)
        put(UInt64(truncatingIfNeeded: errorNumber), at: 4, 4)
        put(UInt64(payloadLength), at: 8, 4)
        put(UInt64(durationMilliseconds), at: 12, 4)
        put(UInt64(bitPattern: offset), at: 16, 8)
        put(0, at: 24, 8)
        bytes[24] = scsiStatus
        bytes[25] = UInt8(min(sense.count, 64))
        bytes[26] = hostStatus
        for i in 0..<64 { bytes[32 + i] = i < sense.count ? sense[i] : 0 }
    }
}
