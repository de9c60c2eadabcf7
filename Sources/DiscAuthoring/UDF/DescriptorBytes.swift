import DiscFiles
import DiscModel

/// A descriptor that is being made: bytes, little-endian numbers, and at last the tag over them.
struct DescriptorBytes {
    private(set) var bytes: [UInt8]

    /// Begins with zeros.
    init(count: Int = 2048) { bytes = [UInt8](repeating: 0, count: count) }

    mutating func put(_ value: UInt8, at offset: Int) { bytes[offset] = value }

    mutating func put(_ value: UInt16, at offset: Int) { putLittle(value, at: offset) }

    mutating func put(_ value: UInt32, at offset: Int) { putLittle(value, at: offset) }

    mutating func put(_ value: UInt64, at offset: Int) { putLittle(value, at: offset) }

    private mutating func putLittle<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        for index in 0..<Value.bitWidth / 8 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> Value(index * 8))
        }
    }

    mutating func put(_ values: [UInt8], at offset: Int) {
        bytes.replaceSubrange(offset..<offset + values.count, with: values)
    }

    /// Puts ASCII text.
    mutating func put(text: String, at offset: Int) { put(Array(text.utf8), at: offset) }

    /// Completes the descriptor with its tag; ECMA-167 3/7.2 and 4/7.2.
    ///
    /// - Parameters:
    ///   - identifier: What it is.
    ///   - version: The edition of ECMA-167.
    ///   - location: The block that it goes into.
    ///   - count: The bytes that count, tag included.
    mutating func tag(_ identifier: UInt16, version: UInt16, location: UInt32, count: Int) {
        let body = bytes[16..<count]
        put(identifier, at: 0)
        put(version, at: 2)
        // The serial number tells the volumes apart that a medium has had one after the other (3/7.2.5).
        put(UInt16(1), at: 6)
        put(CRC16.sum(of: body), at: 8)
        put(UInt16(count - 16), at: 10)
        put(location, at: 12)
        bytes[4] = 0
        bytes[4] = bytes[..<16].reduce(0, &+)
    }

    // MARK: - Fields of several bytes

    /// An extent: its length in bytes and its first sector; ECMA-167 3/7.1.
    mutating func put(extent start: Int, count: Int, at offset: Int) {
        put(UInt32(count * 2048), at: offset)
        put(UInt32(start), at: offset + 4)
    }

    /// A long allocation descriptor; ECMA-167 4/14.14.2, and UDF 2.3.10.1 for the last six bytes.
    mutating func put(
        longAt offset: Int,
        length: UInt32,
        block: UInt32,
        partition: UInt16,
        uniqueID: UInt32 = 0
    ) {
        put(length, at: offset)
        put(block, at: offset + 4)
        put(partition, at: offset + 8)
        put(uniqueID, at: offset + 12)
    }

    /// OSTA's character set; UDF 2.1.2.
    mutating func putCharacterSet(at offset: Int) {
        put(text: "OSTA Compressed Unicode", at: offset + 1)
    }

    /// A name in a field of fixed length, whose last byte tells how much of it is used; UDF 2.1.3.
    mutating func put(name: String, at offset: Int, count: Int) {
        guard !name.isEmpty else { return }
        let encoded = OSTAName.field(name, count: count - 1)
        put(encoded, at: offset)
        bytes[offset + count - 1] = UInt8(encoded.count)
    }

    /// A time stamp; ECMA-167 1/7.3.
    mutating func put(_ time: FileTime, at offset: Int) {
        let civil = CivilTime(time)
        // Local time with its distance from Greenwich in minutes, or -2047 for an unknown one.
        let zone = UInt16(bitPattern: Int16(civil.minutesEast ?? -2047)) & 0x0FFF
        put(0x1000 | zone, at: offset)
        put(UInt16(civil.year), at: offset + 2)
        let parts = [
            civil.month, civil.day, civil.hour, civil.minute, civil.second,
            civil.microseconds / 10_000, civil.microseconds / 100 % 100, civil.microseconds % 100,
        ]
        put(parts.map(UInt8.init), at: offset + 4)
    }

    /// The identifier of OSTA's domain with the revision; UDF 2.1.5.3.
    mutating func putDomain(_ revision: UDFRevision, at offset: Int) {
        put(text: "*OSTA UDF Compliant", at: offset + 1)
        put(revision.digits, at: offset + 24)
    }

    /// An identifier that UDF defines, with the revision and the system; UDF 2.1.5.3.
    mutating func put(udf identifier: String, _ revision: UDFRevision, at offset: Int) {
        put(text: identifier, at: offset + 1)
        put(revision.digits, at: offset + 24)
        put(Self.linux, at: offset + 26)
    }

    /// This program's identifier with the system; UDF 2.1.5.3.
    mutating func putImplementation(at offset: Int) {
        put(text: "*Spindle", at: offset + 1)
        put(Self.linux, at: offset + 24)
    }

    /// UNIX, and of these Linux; UDF 6.3.
    private static let linux: [UInt8] = [4, 5]
}
