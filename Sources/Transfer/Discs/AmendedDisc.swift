public import DiscModel
public import LinuxCalls

/// A disc of which some sectors are put right as they are read.
///
/// Whatever reads it, a copy or a comparison, reads the same.
public final class AmendedDisc: DiscSource {
    /// Puts a sector right: its bytes as the disc keeps them, how it keeps them, and its address.
    public typealias Amend = (
        _ sector: inout MutableSpan<UInt8>, _ storage: SectorStorage, _ address: Int
    ) -> Void

    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// Its sessions and tracks.
    public var layout: DiscLayout { disc.layout }
    /// Tracks before which a recorder stopped.
    public var linked: Set<Int> { disc.linked }
    private let disc: any DiscSource
    private let amended: [Range<Int>]
    private let amend: Amend

    /// Takes a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - sectors: The sectors that are put right, in runs in the order of the disc.
    ///   - amend: Puts one of them right.
    public init(
        _ disc: any DiscSource,
        amending sectors: [Range<Int>],
        _ amend: @escaping Amend
    ) {
        self.disc = disc
        amended = sectors
        self.amend = amend
    }

    /// What the disc keeps of a sector.
    public func storage(at address: Int) -> SectorStorage { disc.storage(at: address) }

    /// Reads sectors as the disc does, and puts them right.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let storage = storage(at: address)
        let count = try disc.readStored(at: address, into: &buffer)
        let size = storage.form.size
        guard size > 0 else { return count }
        let end = address + min(count, buffer.count / size)
        var next = address
        while let sector = firstAmended(from: next), sector < end {
            let offset = (sector - address) * size
            var part = buffer._mutatingExtracting(offset..<(offset + size))
            amend(&part, storage, sector)
            next = sector + 1
        }
        return count
    }

    /// The first sector from an address on that is put right.
    private func firstAmended(from address: Int) -> Int? {
        let index = amended.firstIndexInOrder { $0.upperBound > address }
        return index < amended.count ? max(address, amended[index].lowerBound) : nil
    }

    /// Reads subchannel as the disc does.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        try disc.readStoredSubchannel(at: address, into: &buffer)
    }

    /// The file in which sectors stand, up to the next one that is put right.
    public func storedBytes(at address: Int) -> FileRange? {
        guard let bytes = disc.storedBytes(at: address) else { return nil }
        guard let sector = firstAmended(from: address) else { return bytes }
        guard sector > address else { return nil }
        return bytes.prefix((sector - address) * storage(at: address).form.size)
    }
}
