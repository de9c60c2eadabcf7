public import DiscModel
public import LinuxCalls
public import Transfer

/// A disc whose audio is put right as it is read.
///
/// Whatever reads it, a copy or a comparison, reads the same.
public final class CorrectedDisc: DiscSource {
    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// Its sessions and tracks.
    public var layout: DiscLayout { disc.layout }
    private let disc: any DiscSource
    /// The bytes that change, by sector, and what is to be added to each, bit by bit.
    private let changes: [Int: [(place: Int, value: UInt8)]]
    /// The sectors in which any do, in order.
    private let sectors: [Int]

    /// Takes a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - toc: Its table of contents.
    ///   - corrections: What changes.
    public init(_ disc: any DiscSource, _ toc: AudioTOC, _ corrections: AudioCorrections) {
        self.disc = disc
        var changes: [Int: [(place: Int, value: UInt8)]] = [:]
        let words = AudioTOC.samplesPerSector * 2
        for word in corrections.words {
            guard let sector = toc.sector(ofSample: word.place / 2) else { continue }
            // Each track begins with a sector, so that the words in a sector are counted from there.
            let place = word.place % words * 2
            changes[sector, default: []] += [
                (place, UInt8(truncatingIfNeeded: word.value)),
                (place + 1, UInt8(truncatingIfNeeded: word.value >> 8)),
            ]
        }
        self.changes = changes
        sectors = changes.keys.sorted()
    }

    /// What the disc keeps of a sector.
    public func storage(at address: Int) -> SectorStorage { disc.storage(at: address) }

    /// Reads sectors as the disc does, and puts them right.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let form = storage(at: address).form
        let count = try disc.readStored(at: address, into: &buffer)
        guard form == .raw else { return count }
        let end = address + min(count, buffer.count / form.size)
        var next = address
        while let sector = firstChanged(from: next), sector < end {
            let base = (sector - address) * form.size
            for change in changes[sector] ?? [] { buffer[base + change.place] ^= change.value }
            next = sector + 1
        }
        return count
    }

    /// The first sector from an address on that changes.
    private func firstChanged(from address: Int) -> Int? {
        var (low, high) = (0, sectors.count)
        while low < high {
            let middle = (low + high) / 2
            if sectors[middle] < address { low = middle + 1 } else { high = middle }
        }
        return low < sectors.count ? sectors[low] : nil
    }

    /// Reads subchannel as the disc does.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        try disc.readStoredSubchannel(at: address, into: &buffer)
    }

    /// The file in which sectors stand, up to the next one that changes.
    public func storedBytes(at address: Int) -> FileRange? {
        guard let bytes = disc.storedBytes(at: address) else { return nil }
        guard let sector = firstChanged(from: address) else { return bytes }
        guard sector > address else { return nil }
        return bytes.prefix((sector - address) * storage(at: address).form.size)
    }
}
