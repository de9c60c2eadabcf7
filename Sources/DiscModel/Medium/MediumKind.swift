/// A kind of disc, by the name that the command and its JSON use.
///
/// What is true of each kind stands in its ``facts``.
public enum MediumKind: String, CaseIterable, Codable, Sendable {
    case cdROM = "cd-rom"
    case cdR = "cd-r"
    case cdRW = "cd-rw"
    case dvdROM = "dvd-rom"
    case dvdR = "dvd-r"
    case dvdRDualLayer = "dvd-r-dl"
    case dvdRW = "dvd-rw"
    case dvdPlusR = "dvd+r"
    case dvdPlusRDualLayer = "dvd+r-dl"
    case dvdPlusRW = "dvd+rw"
    case dvdRAM = "dvd-ram"
    case bdROM = "bd-rom"
    case bdR = "bd-r"
    case bdRDualLayer = "bd-r-dl"
    case bdRE = "bd-re"
    case bdREDualLayer = "bd-re-dl"

    /// What is true of every disc of this kind.
    public var facts: MediumFacts { MediumFacts.table[self] ?? MediumFacts.unknown }

    /// The name that is printed on the disc.
    public var displayName: String { facts.displayName }
}
