/// The memory that an ioctl's argument points to, or the argument itself in eight bytes.
///
/// Places beyond its end read as zero and are not written: its length is what a program sent.
struct ControlArgument {
    /// The bytes.
    var bytes: [UInt8]

    /// One byte.
    subscript(offset: Int) -> UInt8 {
        get { offset < bytes.count ? bytes[offset] : 0 }
        set { if offset < bytes.count { bytes[offset] = newValue } }
    }

    /// A number in the machine's byte order.
    func int32(at offset: Int = 0) -> Int32 {
        Int32(truncatingIfNeeded: number(at: offset, 4))
    }

    /// The argument, where it is a number.
    var integer: Int64 { Int64(bitPattern: number(at: 0, 8)) }

    private func number(at offset: Int, _ length: Int) -> UInt64 {
        (0..<length).reversed().reduce(0) { $0 << 8 | UInt64(self[offset + $1]) }
    }

    /// Puts a number in the machine's byte order.
    mutating func put(_ value: some BinaryInteger, at offset: Int = 0, length: Int) {
        let value = UInt64(truncatingIfNeeded: value)
        for i in 0..<length { self[offset + i] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i)) }
    }

    /// Puts bytes.
    mutating func put(_ values: some Collection<UInt8>, at offset: Int) {
        for (i, value) in values.enumerated() { self[offset + i] = value }
    }
}
