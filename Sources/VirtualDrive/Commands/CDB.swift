import MMC

/// A command descriptor block, read with every bound checked: what is missing counts as zero.
struct CDB {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var opcode: Int { u8(0) }

    func u8(_ offset: Int) -> Int {
        offset < bytes.count ? Int(bytes[offset]) : 0
    }

    func bit(_ offset: Int, _ bit: Int) -> Bool {
        u8(offset) >> bit & 1 != 0
    }

    func u16(_ offset: Int) -> Int { u8(offset) << 8 | u8(offset + 1) }

    func u24(_ offset: Int) -> Int { u8(offset) << 16 | u16(offset + 1) }

    func u32(_ offset: Int) -> Int { u16(offset) << 16 | u16(offset + 2) }

    /// A logical block address, which on a CD may lie before the first user sector.
    func lba(_ offset: Int) -> Int {
        Int(Int32(truncatingIfNeeded: u32(offset)))
    }

    /// The refusal of a field (SPC-4 §4.5.2.4.2).
    func invalid(_ byte: Int, bit: Int? = nil) -> Sense {
        Sense(
            .illegalRequest,
            0x24,
            0x00,
            field: Sense.Field(isInCommand: true, byte: byte, bit: bit)
        )
    }
}

extension Sense {
    /// The refusal of a field in the data that came with a command.
    static func invalidParameter(_ byte: Int, bit: Int? = nil) -> Sense {
        Sense(
            .illegalRequest,
            0x26,
            0x00,
            field: Sense.Field(isInCommand: false, byte: byte, bit: bit)
        )
    }

    /// The data that came with a command have the wrong length.
    static let wrongParameterLength = Sense(.illegalRequest, 0x1A, 0x00)
    /// An address lies outside the disc.
    static let outOfRange = Sense(.illegalRequest, 0x21, 0x00)
    /// An address is not where the drive writes next.
    static let notNextWritable = Sense(.illegalRequest, 0x21, 0x02)
    /// The sectors are not of the kind that was asked for.
    static let wrongKindOfSector = Sense(.illegalRequest, 0x64, 0x00)
    /// The disc, or its state, does not take this.
    static let incompatibleMedium = Sense(.illegalRequest, 0x30, 0x05)
    /// Another command should have come first.
    static let wrongSequence = Sense(.illegalRequest, 0x2C, 0x00)
    /// The disc can hold no more.
    static let endOfUserArea = Sense(.illegalRequest, 0x63, 0x00)
    /// The disc is not formatted.
    static let notFormatted = Sense(.illegalRequest, 0x30, 0x10)
    /// The drive could not keep what was written.
    static let writeError = Sense(.mediumError, 0x0C, 0x00)
}
