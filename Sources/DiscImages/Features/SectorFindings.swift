/// What sectors tell of what a track has.
struct SectorFindings: OptionSet, Sendable {
    let rawValue: UInt16

    static let mode1 = SectorFindings(rawValue: 1)
    static let formlessMode2 = SectorFindings(rawValue: 1 << 1)
    static let form1 = SectorFindings(rawValue: 1 << 2)
    static let form2 = SectorFindings(rawValue: 1 << 3)
    static let subheaders = SectorFindings(rawValue: 1 << 4)
    static let pregapContent = SectorFindings(rawValue: 1 << 5)
    static let pauseContent = SectorFindings(rawValue: 1 << 6)
    static let subchannel = SectorFindings(rawValue: 1 << 7)
    static let irregularSectors = SectorFindings(rawValue: 1 << 8)

    private static let table: [(SectorFindings, DiscFeature)] = [
        (.mode1, .mode1), (.formlessMode2, .formlessMode2), (.form1, .form1), (.form2, .form2),
        (.subheaders, .subheaders), (.pregapContent, .pregapContent),
        (.pauseContent, .pauseContent), (.subchannel, .subchannel),
        (.irregularSectors, .irregularSectors),
    ]

    /// The same as features of a disc.
    var features: [DiscFeature] { Self.table.filter { contains($0.0) }.map(\.1) }
}
