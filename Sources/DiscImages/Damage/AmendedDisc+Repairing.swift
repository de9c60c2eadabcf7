public import DiscModel
public import LinuxCalls
public import Transfer

/// A disc whose sectors are repaired as they are read, as far as their parity can do that.
///
/// Whatever reads it, a copy or a comparison, reads the same.
public final class RepairedDisc: DiscSource {
    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// Its sessions and tracks.
    public var layout: DiscLayout { disc.layout }
    private let disc: any DiscSource
    /// The sectors that are repaired, in runs in the order of the disc.
    private let repaired: [Range<Int>]

    /// Takes a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - damage: What is wrong with it; what can be repaired is, and nothing else changes.
    public init(_ disc: any DiscSource, _ damage: SectorDamage) {
        self.disc = disc
        repaired = damage.repairable.map(\.sectors)
    }

    /// What the disc keeps of a sector.
    public func storage(at address: Int) -> SectorStorage { disc.storage(at: address) }

    /// Reads sectors as the disc does, and repairs them.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let storage = storage(at: address)
        let count = try disc.readStored(at: address, into: &buffer)
        let size = storage.form.size
        guard size > 0 else { return count }
        let end = address + min(count, buffer.count / size)
        var next = address
        while let sector = firstRepaired(from: next), sector < end {
            let offset = (sector - address) * size
            var part = buffer._mutatingExtracting(offset..<(offset + size))
            repair(&part, storage, at: sector)
            next = sector + 1
        }
        return count
    }

    private func repair(
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

    /// The first sector from an address on that is repaired.
    private func firstRepaired(from address: Int) -> Int? {
        var (low, high) = (0, repaired.count)
        while low < high {
            let middle = (low + high) / 2
            if repaired[middle].upperBound <= address { low = middle + 1 } else { high = middle }
        }
        return low < repaired.count ? max(address, repaired[low].lowerBound) : nil
    }

    /// Reads subchannel as the disc does.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        try disc.readStoredSubchannel(at: address, into: &buffer)
    }

    /// The file in which sectors stand, up to the next one that is repaired.
    public func storedBytes(at address: Int) -> FileRange? {
        guard let bytes = disc.storedBytes(at: address) else { return nil }
        guard let sector = firstRepaired(from: address) else { return bytes }
        guard sector > address else { return nil }
        return bytes.prefix((sector - address) * storage(at: address).form.size)
    }
}
