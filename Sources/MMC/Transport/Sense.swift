/// Sense data: why a command did not simply succeed (SPC-4 §4.5).
///
/// It is an error as well: a drive in software throws it.
public struct Sense: Error, Hashable, Sendable {
    /// The sense key: the class of the trouble (SPC-4 §4.5.6).
    public enum Key: UInt8, Sendable {
        case noSense = 0x0
        case recoveredError = 0x1
        case notReady = 0x2
        case mediumError = 0x3
        case hardwareError = 0x4
        case illegalRequest = 0x5
        case unitAttention = 0x6
        case dataProtect = 0x7
        case blankCheck = 0x8
        case vendorSpecific = 0x9
        case copyAborted = 0xA
        case abortedCommand = 0xB
        case reserved = 0xC
        case volumeOverflow = 0xD
        case miscompare = 0xE
        case completed = 0xF
    }

    /// The sense key.
    public var key: Key
    /// The additional sense code.
    public var asc: UInt8
    /// The additional sense code qualifier.
    public var ascq: UInt8
    /// Whether it tells of an earlier command than the one that reports it.
    public var isDeferred: Bool
    /// The information field, on a medium error the LBA, where it is said to be valid.
    public var information: UInt32?
    /// The progress of a long operation in 65 536ths, where told (SPC-4 §4.5.2.4.4).
    public var progress: UInt16?

    /// The field that the drive does not accept, where told (SPC-4 §4.5.2.4.2).
    public var field: Field?

    /// Where a field lies that a drive does not accept.
    public struct Field: Hashable, Sendable {
        /// Whether it is in the command descriptor block, not in the data sent with it.
        public var isInCommand: Bool
        /// The number of its first byte.
        public var byte: Int
        /// Its highest bit, where told.
        public var bit: Int?

        /// Creates a pointer to a field.
        public init(isInCommand: Bool, byte: Int, bit: Int? = nil) {
            self.isInCommand = isInCommand
            self.byte = byte
            self.bit = bit
        }
    }

    /// Creates sense data.
    public init(
        _ key: Key,
        _ asc: UInt8,
        _ ascq: UInt8,
        isDeferred: Bool = false,
        information: UInt32? = nil,
        progress: UInt16? = nil,
        field: Field? = nil
    ) {
        self.key = key
        self.asc = asc
        self.ascq = ascq
        self.isDeferred = isDeferred
        self.information = information
        self.progress = progress
        self.field = field
    }

    /// Whether key, code and qualifier are these.
    public func matches(_ key: Key, _ asc: UInt8, _ ascq: UInt8? = nil) -> Bool {
        self.key == key && self.asc == asc && (ascq == nil || self.ascq == ascq)
    }

    /// Reads sense data of either format, of any length.
    ///
    /// Real drives cut fixed-format sense short after 10, 12 or 14 bytes, and set further bits
    /// beside the key; a code that is not there counts as zero, a number that is not wholly there as
    /// not told.
    ///
    /// - Returns: `nil` if the bytes are no sense data.
    public init?(parsing bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
        func number(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 << 8 | UInt32(byte(index + $1)) }
        }
        let code = first & 0x7F
        switch code {
        case 0x70, 0x71:
            guard bytes.count >= 3 else { return nil }
            self.init(
                Key(rawValue: byte(2) & 0x0F) ?? .reserved,
                byte(12),
                byte(13),
                isDeferred: code == 0x71
            )
            if first & 0x80 != 0, bytes.count >= 7 { information = number(3) }
            if bytes.count >= 18 { readKeySpecific(bytes[15..<18]) }
        case 0x72, 0x73:
            guard bytes.count >= 4 else { return nil }
            self.init(
                Key(rawValue: byte(1) & 0x0F) ?? .reserved,
                byte(2),
                byte(3),
                isDeferred: code == 0x73
            )
            readDescriptors(bytes)
        default:
            return nil
        }
    }

    /// Reads the descriptors behind the eight bytes of descriptor-format sense (SPC-4 §4.5.2).
    private mutating func readDescriptors(_ bytes: [UInt8]) {
        guard bytes.count >= 8 else { return }
        let end = min(bytes.count, 8 + Int(bytes[7]))
        var start = 8
        while start + 2 <= end {
            let length = 2 + Int(bytes[start + 1])
            guard start + length <= end else { return }
            switch bytes[start] {
            case 0x00 where length >= 12 && bytes[start + 2] & 0x80 != 0:
                information = (8..<12).reduce(0) { $0 << 8 | UInt32(bytes[start + $1]) }
            case 0x02 where length >= 7:
                readKeySpecific(bytes[start + 4..<start + 7])
            default:
                break
            }
            start += length
        }
    }

    /// Reads the three bytes whose meaning depends on the key (SPC-4 §4.5.2.4).
    private mutating func readKeySpecific(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes[0] & 0x80 != 0 else { return }
        let number = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
        switch key {
        case .noSense, .notReady:
            progress = number
        case .illegalRequest:
            field = Field(
                isInCommand: bytes[0] & 0x40 != 0,
                byte: Int(number),
                bit: bytes[0] & 0x08 != 0 ? Int(bytes[0] & 0x07) : nil
            )
        default:
            break
        }
    }

    /// The sense data in the fixed format, 18 bytes (SPC-4 §4.5.3).
    public var fixedFormat: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 18)
        bytes[0] = isDeferred ? 0x71 : 0x70
        bytes[2] = key.rawValue
        bytes[7] = 10
        bytes[12] = asc
        bytes[13] = ascq
        if let information {
            bytes[0] |= 0x80
            for i in 0..<4 { bytes[3 + i] = UInt8(truncatingIfNeeded: information >> (24 - 8 * i)) }
        }
        if let progress {
            bytes[15] = 0x80
            bytes[16] = UInt8(progress >> 8)
            bytes[17] = UInt8(progress & 0xFF)
        } else if let field {
            bytes[15] = 0x80 | (field.isInCommand ? 0x40 : 0)
            if let bit = field.bit { bytes[15] |= 0x08 | UInt8(bit & 7) }
            bytes[16] = UInt8(truncatingIfNeeded: field.byte >> 8)
            bytes[17] = UInt8(truncatingIfNeeded: field.byte)
        }
        return bytes
    }
}

extension Sense: CustomStringConvertible {
    /// Key, code and qualifier in hexadecimal, such as “3/11/05”, and their meaning where known.
    public var description: String { meaning.map { "\(codes), \($0)" } ?? codes }

    /// Key, code and qualifier in hexadecimal, such as “3/11/05”.
    public var codes: String {
        let code = [asc, ascq].map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count < 2 ? "0" + digits : digits
        }
        return "\(String(key.rawValue, radix: 16, uppercase: true))/\(code[0])/\(code[1])"
    }
}
