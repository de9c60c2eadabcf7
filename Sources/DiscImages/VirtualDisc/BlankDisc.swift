public import DiscModel

/// What a blank disc of a kind is like when it leaves its wrapping.
///
/// The numbers are those of real discs: capacities and identities as drives report them.
public struct BlankDisc: Sendable {
    /// The sectors of its user area.
    public var capacity: Int
    /// What the disc says of itself.
    public var identity: DiscIdentity
    /// How it is formatted, where it is sold formatted.
    public var format: FormatRecord?

    /// The usual disc of a kind; nothing for pressed discs, which are never blank.
    public init?(_ medium: MediumKind) {
        guard let disc = Self.table[medium] else { return nil }
        self = disc
    }

    /// The CD of a playing time; nothing for times that are not made.
    public init?(_ medium: MediumKind, minutes: Int) {
        guard medium.facts.family == .cd, let disc = BlankDisc(medium),
            let capacity = Self.capacities[minutes]
        else { return nil }
        self = disc
        self.capacity = capacity
    }

    init(_ capacity: Int, _ identity: DiscIdentity, format: FormatRecord? = nil) {
        self.capacity = capacity
        self.identity = identity
        self.format = format
    }

    /// Last possible lead-outs by playing time: 74:43:00, 79:59:71 and 89:59:74.
    static let capacities = [74: 336_075, 80: 359_846, 90: 404_849]

    private static func frames(_ minute: Int, _ second: Int, _ frame: Int) -> Int {
        (minute * 60 + second) * 75 + frame
    }

    private static let table: [MediumKind: BlankDisc] = [
        .cdR: BlankDisc(359_846, DiscIdentity(leadIn: frames(97, 26, 66))),
        .cdRW: BlankDisc(359_849, DiscIdentity(leadIn: frames(97, 34, 24))),
        .dvdR: BlankDisc(2_298_496, DiscIdentity(manufacturer: "MCC 03RG20")),
        .dvdRDualLayer: BlankDisc(4_171_712, DiscIdentity(manufacturer: "MKM 01RD30")),
        .dvdRW: BlankDisc(2_298_496, DiscIdentity(manufacturer: "TDK502sakuM3")),
        .dvdPlusR: BlankDisc(
            2_295_104,
            DiscIdentity(manufacturer: "CMC MAG", type: "M01", revision: 48)
        ),
        .dvdPlusRDualLayer: BlankDisc(
            4_173_824,
            DiscIdentity(manufacturer: "MKM", type: "003", revision: 0)
        ),
        .dvdPlusRW: BlankDisc(
            2_295_104,
            DiscIdentity(manufacturer: "RITEK", type: "004", revision: 48)
        ),
        .dvdRAM: BlankDisc(
            2_295_072,
            DiscIdentity(),
            format: FormatRecord(type: 0, sectors: 2_236_704, parameter: 2048, hasSpares: true)
        ),
        .bdR: BlankDisc(12_219_392, DiscIdentity(manufacturer: "VERBAT", type: "IMe")),
        .bdRDualLayer: BlankDisc(24_438_784, DiscIdentity(manufacturer: "VERBAT", type: "IMf")),
        .bdRE: BlankDisc(12_219_392, DiscIdentity(manufacturer: "CMCMAG", type: "CN2")),
        .bdREDualLayer: BlankDisc(24_438_784, DiscIdentity(manufacturer: "TDKBLD", type: "WBA")),
    ]
}
