public import DiscModel

/// A profile: what kind of disc a drive says is in it (MMC-6 §5.3.1).
public struct Profile: RawRepresentable, Hashable, Sendable {
    /// The profile's number.
    public var rawValue: Int

    /// Creates a profile from its number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// No current profile: there is no disc, or none that the drive knows.
    public static let none = Profile(rawValue: 0x0000)

    /// The kind of disc that this profile stands for; on dual-layer BD the same as on single-layer,
    /// for which BD has no profiles of its own.
    public var medium: MediumKind? { Self.media[rawValue] }

    /// The profile under which a drive shows a kind of disc, in its commonest recording mode.
    public init(_ medium: MediumKind) {
        switch medium {
        case .bdRDualLayer: rawValue = 0x41
        case .bdREDualLayer: rawValue = 0x43
        default:
            rawValue = Self.media.filter { $0.value == medium }.map(\.key).min() ?? 0
        }
    }

    private static let media: [Int: MediumKind] = [
        0x08: .cdROM, 0x09: .cdR, 0x0A: .cdRW,
        0x10: .dvdROM, 0x11: .dvdR, 0x12: .dvdRAM, 0x13: .dvdRW, 0x14: .dvdRW,
        0x15: .dvdRDualLayer, 0x16: .dvdRDualLayer, 0x1A: .dvdPlusRW, 0x1B: .dvdPlusR,
        0x2B: .dvdPlusRDualLayer,
        0x40: .bdROM, 0x41: .bdR, 0x42: .bdR, 0x43: .bdRE,
    ]
}

extension Profile: CustomStringConvertible {
    /// The number in hexadecimal, with the kind of disc.
    public var description: String {
        let number = "profile \(String(rawValue, radix: 16, uppercase: true))h"
        return medium.map { "\(number) (\($0.displayName))" } ?? number
    }
}
