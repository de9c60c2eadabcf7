/// What `mkisofs -boot-info-table` writes into a boot program at its byte 8, for the program itself.
public struct BootInformationTable: Codable, Hashable, Sendable {
    /// The sector that the program is told to find the primary volume descriptor in.
    public var volumeDescriptor: Int
    /// The sector that the program is told it lies in.
    public var start: Int
    /// The program's length in bytes.
    public var length: Int
    /// The sum that it is told to have, over its 32-bit words from byte 64 on.
    public var checksum: UInt32
    /// Whether that sum is right; `nil` if the program is too long to be read here, or can't be.
    public var isChecksumRight: Bool?

    /// The longest program that is read for its sum: ISOLINUX has 40 kB.
    static let longest = 256 * 1024

    /// Reads the table of a program; `nil` if what stands there can't be one.
    ///
    /// Nothing marks it: that the program's own place stands in it is the sign.
    init?(_ bytes: Span<UInt8>, start: Int) {
        volumeDescriptor = Int(bytes.little32(8))
        self.start = Int(bytes.little32(12))
        length = Int(bytes.little32(16))
        checksum = bytes.little32(20)
        guard self.start == start, start > 0, (16...1 << 20).contains(volumeDescriptor),
            length >= 64
        else { return nil }
    }

    /// The sum of a program's words from byte 64 on; a last piece of a word is filled up with zeros.
    static func sum(_ program: Span<UInt8>) -> UInt32 {
        var sum: UInt32 = 0
        for offset in stride(from: 64, to: program.count, by: 4) {
            sum &+= program.little32(offset)
        }
        return sum
    }
}
