/// The current profile and the features of a drive (MMC-6 §6.6, GET CONFIGURATION).
public struct Configuration: Hashable, Sendable {
    /// The profile of the disc that is in the drive.
    public var currentProfile: Profile
    /// The features that the reply lists.
    public var features: [Feature]

    /// Creates a configuration.
    public init(currentProfile: Profile, features: [Feature]) {
        self.currentProfile = currentProfile
        self.features = features
    }

    /// Reads a reply; one with a profile that can't be is an error; a last feature that was cut short by the allocation length is left out.
    public init(parsing bytes: [UInt8]) throws(ReplyError) {
        let reply = try ReplyBytes("GET CONFIGURATION", bytes, atLeast: 8)
        currentProfile = Profile(rawValue: try reply.u16(6))
        // All that a standard has are below 100h, but for the one of what no standard has.
        guard currentProfile.rawValue < 0x100 || currentProfile.rawValue == 0xFFFF else {
            throw ReplyError("GET CONFIGURATION", "there is no \(currentProfile)")
        }
        features = []
        let told = 4 + Int(try reply.u32(0))
        let end = min(reply.count, told)
        isCut = told > reply.count
        var start = 8
        while start + 4 <= end {
            let length = 4 + Int(try reply.u8(start + 3))
            guard start + length <= end else { break }
            features.append(
                Feature(
                    code: try reply.u16(start),
                    version: Int(try reply.u8(start + 2) >> 2 & 0x0F),
                    isPersistent: try reply.u8(start + 2) & 0x02 != 0,
                    isCurrent: try reply.u8(start + 2) & 0x01 != 0,
                    data: Array(bytes[start + 4..<start + length])
                )
            )
            start += length
        }
    }

    /// Whether the drive has more features than came: a bridge may cut the reply short.
    public private(set) var isCut = false

    /// Takes in what came of the features that follow.
    public mutating func append(_ others: Configuration) {
        features += others.features
        isCut = others.isCut
    }

    /// The reply as a drive sends it.
    public var encoded: [UInt8] {
        var reply = ReplyBuilder()
        reply.zeros(6)
        reply.u16(currentProfile.rawValue)
        for feature in features { reply.append(feature.encoded) }
        reply.setLength32(at: 0)
        return reply.bytes
    }

    /// The feature of a code, where listed.
    public func feature(_ code: Int) -> Feature? {
        features.first { $0.code == code }
    }

    /// The profiles that the drive knows, whatever is in it (MMC-6 §5.3.1, feature 0000h).
    public var profiles: [Profile] { listedProfiles.map(\.profile) }

    /// Those of them that fit the disc in it: drives were seen to have several (q-030 of the recorded
    /// quirks).
    public var currentProfiles: [Profile] { listedProfiles.filter(\.isCurrent).map(\.profile) }

    private var listedProfiles: [(profile: Profile, isCurrent: Bool)] {
        guard let list = feature(0)?.data else { return [] }
        return stride(from: 0, to: list.count - list.count % 4, by: 4).map {
            let number = Int(list[$0]) << 8 | Int(list[$0 + 1])
            let isCurrent = list[$0 + 2] & 0x01 != 0
            return (profile: Profile(rawValue: number), isCurrent: isCurrent)
        }
    }
}
