/// The packs of CD-TEXT in the R to W of a lead-in, as they come by from sector to sector.
struct LeadInPacks {
    /// The packs, 18 bytes each, as often as they differ.
    private(set) var bytes: [UInt8] = []
    /// Whether packs have come again that were there.
    private var isRepeated = false

    /// As many packs as eight blocks can have.
    private static let most = 2048
    private static let size = 18

    /// Takes the 96 bytes of a sector's subchannel: four packs of 24 six-bit symbols, which make
    /// 18 bytes each (ECMA-130 Annex A, MMC-6 §4.2.3.8); packs are repeated as often as they fit.
    mutating func take(_ subchannel: Span<UInt8>) {
        guard subchannel.indices.contains(where: { subchannel[$0] & 0x3F != 0 }) else { return }
        for start in stride(from: 0, to: subchannel.count - 23, by: 24) where !isRepeated {
            var pack: [UInt8] = []
            for i in stride(from: start, to: start + 24, by: 4) {
                let symbols = (0..<4).map { UInt32(subchannel[i + $0] & 0x3F) }
                let word = symbols.reduce(0) { $0 << 6 | $1 }
                pack += [16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
            }
            // A lead-in without text has empty packs.
            guard pack.contains(where: { $0 != 0 }) else { continue }
            isRepeated =
                bytes.count >= Self.size && bytes[..<Self.size].elementsEqual(pack)
            if !isRepeated, bytes.count < Self.size * Self.most { bytes += pack }
        }
    }
}
