import DiscModel
import LinuxCalls
public import Transfer

extension AmendedDisc {
    /// Takes a disc whose sectors are repaired, as far as their parity can do that.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - damage: What is wrong with it; what can be repaired is, and nothing else changes.
    public convenience init(_ disc: any DiscSource, repairing damage: SectorDamage) {
        self.init(disc, amending: damage.repairable.map(\.sectors)) { sector, storage, address in
            Self.repair(&sector, storage, at: address)
        }
    }

    private static func repair(
        _ stored: inout MutableSpan<UInt8>,
        _ storage: SectorStorage,
        at address: Int
    ) {
        let range = storage.form.range(in: storage.mode)
        guard stored.count == range.count else { return }
        var whole = InlineArray<2352, UInt8>(repeating: 0)
        var sector = whole.mutableSpan
        Bytes.copy(stored.span, to: &sector, at: range.lowerBound)
        RawSector.complete(&sector, from: storage.form, of: storage.mode, at: LBA(address))
        guard case .done = RawSector.repair(&sector, in: storage.mode, at: LBA(address)) else {
            return
        }
        Bytes.copy(sector.span.extracting(range), to: &stored)
    }
}
