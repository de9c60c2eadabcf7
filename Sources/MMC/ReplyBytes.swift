/// The bytes of a reply, read big-endian with every bound checked.
struct ReplyBytes {
    let command: String
    let bytes: [UInt8]

    init(_ command: String, _ bytes: [UInt8], atLeast minimum: Int = 0) throws(ReplyError) {
        self.command = command
        self.bytes = bytes
        try require(minimum)
    }

    var count: Int { bytes.count }

    func require(_ minimum: Int) throws(ReplyError) {
        guard bytes.count >= minimum else {
            throw ReplyError(command, "it has \(bytes.count) bytes of at least \(minimum)")
        }
    }

    func u8(_ offset: Int) throws(ReplyError) -> UInt8 {
        try require(offset + 1)
        return bytes[offset]
    }

    func u16(_ offset: Int) throws(ReplyError) -> Int {
        Int(try number(offset, length: 2))
    }

    func u24(_ offset: Int) throws(ReplyError) -> Int {
        Int(try number(offset, length: 3))
    }

    func u32(_ offset: Int) throws(ReplyError) -> UInt32 {
        try number(offset, length: 4)
    }

    /// A logical block address: on a CD the lead-in's and pregap's are negative.
    func lba(_ offset: Int) throws(ReplyError) -> Int {
        Int(Int32(bitPattern: try u32(offset)))
    }

    /// Printable ASCII, with the blanks at its end taken off.
    func text(_ range: Range<Int>) throws(ReplyError) -> String {
        try require(range.upperBound)
        let characters = bytes[range].map { (0x20..<0x7F).contains($0) ? $0 : 0x20 }
        let end = characters.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0
        return String(decoding: characters[..<end], as: UTF8.self)
    }

    private func number(_ offset: Int, length: Int) throws(ReplyError) -> UInt32 {
        try require(offset + length)
        return bytes[offset..<offset + length].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Builds replies and parameter lists big-endian.
struct ReplyBuilder {
    private(set) var bytes: [UInt8] = []

    mutating func u8(_ value: Int) {
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func u16(_ value: Int) {
        u8(value >> 8)
        u8(value)
    }

    mutating func u24(_ value: Int) {
        u8(value >> 16)
        u16(value)
    }

    mutating func u32(_ value: Int) {
        u16(value >> 16)
        u16(value)
    }

    mutating func zeros(_ count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: count))
    }

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    /// ASCII in a field of fixed width, filled up with blanks.
    mutating func text(_ text: String, width: Int) {
        let characters = Array(text.utf8.prefix(width))
        bytes.append(contentsOf: characters)
        bytes.append(contentsOf: repeatElement(0x20, count: width - characters.count))
    }

    /// Puts the number of the bytes behind a 16-bit length field at an offset into it.
    mutating func setLength16(at offset: Int) {
        let length = bytes.count - offset - 2
        bytes[offset] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: length)
    }

    /// Puts the number of the bytes behind a 32-bit length field at an offset into it.
    mutating func setLength32(at offset: Int) {
        let length = bytes.count - offset - 4
        for i in 0..<4 { bytes[offset + i] = UInt8(truncatingIfNeeded: length >> (24 - 8 * i)) }
    }
}
