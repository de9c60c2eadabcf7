/// Who a drive says it is (SPC-4 §6.4.2, standard INQUIRY data).
public struct Inquiry: Hashable, Sendable, Codable {
    /// The peripheral device type of an optical drive.
    public static let opticalDrive = 0x05

    /// The peripheral device type: 5 for optical drives.
    public var deviceType: Int
    /// The maker, at most 8 characters.
    public var vendor: String
    /// The model, at most 16 characters.
    public var product: String
    /// The firmware's revision, at most 4 characters.
    public var revision: String

    /// Creates an identity.
    public init(
        vendor: String,
        product: String,
        revision: String,
        deviceType: Int = opticalDrive
    ) {
        self.deviceType = deviceType
        self.vendor = vendor
        self.product = product
        self.revision = revision
    }

    /// Reads standard INQUIRY data.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("INQUIRY", bytes, atLeast: 36)
        deviceType = Int(try reply.u8(0) & 0x1F)
        vendor = try reply.text(8..<16)
        product = try reply.text(16..<32)
        revision = try reply.text(32..<36)
    }

    /// The data as a drive sends them: 36 bytes.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.append([UInt8(deviceType & 0x1F), 0x80, 0x05, 0x32, 31, 0, 0, 0])
        reply.text(vendor, width: 8)
        reply.text(product, width: 16)
        reply.text(revision, width: 4)
        return reply.bytes
    }
}
