/// A protocol data unit of iSCSI (RFC 7143 §11): a header of 48 bytes, and data.
struct PDU: Sendable {
    /// The bytes of a header.
    static let headerSize = 48

    /// What an initiator sends (RFC 7143 §11.2.1.2).
    enum Request: UInt8 {
        case nop = 0x00, command = 0x01, task = 0x02, login = 0x03, text = 0x04, dataOut = 0x05
        case logout = 0x06
    }

    /// What a target answers.
    enum Answer: UInt8 {
        case nop = 0x20, response = 0x21, task = 0x22, login = 0x23, text = 0x24, dataIn = 0x25
        case logout = 0x26, readyToTransfer = 0x31, reject = 0x3F
    }

    /// The header.
    var header: [UInt8]
    /// The data, without what fills them up to four bytes.
    var data: [UInt8]

    /// Takes a header and data that came.
    init(header: [UInt8], data: [UInt8]) {
        self.header = header
        self.data = data
    }

    /// Begins an answer to a request, with its task tag.
    init(_ answer: Answer, to request: PDU) {
        header = [UInt8](repeating: 0, count: Self.headerSize)
        data = []
        header[0] = answer.rawValue
        header[1] = 0x80
        taskTag = request.taskTag
    }

    /// What it asks for; `nil` if no initiator asks for that.
    var request: Request? { Request(rawValue: header[0] & 0x3F) }
    /// Whether it is to be done at once, out of the order of commands.
    var isImmediate: Bool { header[0] & 0x40 != 0 }
    /// Whether it is the last of a sequence.
    var isFinal: Bool { header[1] & 0x80 != 0 }

    /// A number of 32 bits of the header.
    func u32(_ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(header[place + $1]) }
    }

    /// Writes a number of 32 bits into the header.
    mutating func set(_ place: Int, _ number: UInt32) {
        for i in 0..<4 { header[place + i] = UInt8(truncatingIfNeeded: number >> (24 - 8 * i)) }
    }

    /// The initiator's tag of the task.
    var taskTag: UInt32 {
        get { u32(16) }
        set { set(16, newValue) }
    }
    /// The target's tag of a transfer.
    var transferTag: UInt32 {
        get { u32(20) }
        set { set(20, newValue) }
    }
    /// The number of the command, of a request.
    var commandNumber: UInt32 { u32(24) }
    /// The number of the logical unit in its simplest form (SAM-5 §4.7.7); `nil` if it has another one.
    var unit: Int? {
        guard header[8] == 0, header[10..<16].allSatisfy({ $0 == 0 }) else { return nil }
        return Int(header[9])
    }

    /// All of it as it goes over the wire.
    var encoded: [UInt8] {
        var bytes = header
        bytes[4] = 0
        for i in 0..<3 { bytes[5 + i] = UInt8(truncatingIfNeeded: data.count >> (16 - 8 * i)) }
        bytes += data
        while bytes.count % 4 != 0 { bytes.append(0) }
        return bytes
    }

    /// A tag that stands for none.
    static let noTag: UInt32 = 0xFFFF_FFFF
}

/// An initiator broke the rules of iSCSI, so that its connection is ended.
struct ProtocolError: Error {
    /// What it did: a part of a sentence.
    let what: String

    init(_ what: String) { self.what = what }
}
