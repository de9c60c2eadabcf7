/// What is wrong with a raw data sector, by what it says of itself.
public struct SectorFaults: OptionSet, Hashable, Sendable {
    /// A bit for each fault.
    public let rawValue: UInt8

    /// Creates a set of faults.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It does not begin with the sync pattern (ECMA-130 §14.1).
    public static let sync = SectorFaults(rawValue: 1)
    /// The header gives another address than the sector has, or another mode (ECMA-130 §14.2).
    public static let header = SectorFaults(rawValue: 2)
    /// The error detection code is not that of the data: some byte that it covers is wrong.
    public static let edc = SectorFaults(rawValue: 4)
    /// P or Q parity is not that of the data.
    ///
    /// With a right EDC the data are right all the same.
    public static let ecc = SectorFaults(rawValue: 8)
    /// All bytes are zero, the sync pattern too: there is no sector.
    public static let empty = SectorFaults(rawValue: 16)

    /// Whether data are, or may be, lost.
    public var affectData: Bool { !isDisjoint(with: [.edc, .empty]) }

    /// The names of the faults, as JSON has them: `sync`, `header`, `edc`, `ecc`, `empty`.
    public var names: [String] {
        let all: [(SectorFaults, String)] = [
            (.sync, "sync"), (.header, "header"), (.edc, "edc"), (.ecc, "ecc"), (.empty, "empty"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}
