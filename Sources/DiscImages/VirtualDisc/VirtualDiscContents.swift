public import DiscModel
public import LinuxCalls
public import Transfer

/// A virtual disc as a disc to read from, with all that it keeps of its sectors.
public final class VirtualDiscContents: DiscSource {
    /// The disc.
    public let disc: VirtualDisc
    /// Sessions and tracks; what was written last, to be linked, counts as part of its track.
    public let layout: DiscLayout

    /// Takes a disc.
    public init(_ disc: VirtualDisc) {
        self.disc = disc
        let recorded = disc.record.layout
        layout = (try? recorded.checked(isCD: disc.record.medium.facts.family == .cd)) ?? recorded
    }

    /// The kind of disc.
    public var medium: MediumKind { disc.record.medium }

    /// What is kept of a sector.
    public func storage(at address: Int) -> SectorStorage {
        guard let track = layout.track(holding: address) else {
            let next = layout.tracks.first { $0.extent.lowerBound > address }
            let end = next?.extent.lowerBound ?? address + 1
            return SectorStorage(mode: .audio, form: .absent, count: end - address)
        }
        let rest = track.extent.upperBound - address
        if disc.record.isOverwritable {
            return SectorStorage(mode: track.mode, form: .user, count: rest)
        }
        guard let record = disc.record.track(holding: address) else {
            // The pause that a drive wrote before a track at once is in no record; the track's sectors
            // behind it are.
            let next = disc.record.tracks.map { $0.start - $0.pregap }.filter { $0 > address }.min()
            let count = next.map { min(rest, $0 - address) } ?? rest
            return SectorStorage(mode: track.mode, form: .absent, count: count)
        }
        let recorded = (record.start - record.pregap)..<(record.start + record.written)
        guard recorded.contains(address) else {
            let count = address < recorded.lowerBound ? recorded.lowerBound - address : rest
            return SectorStorage(mode: track.mode, form: .absent, count: min(rest, count))
        }
        if let link = record.link(at: address) {
            let count = min(rest, link.upperBound - address)
            return SectorStorage(mode: track.mode, form: .absent, count: count)
        }
        let next = record.links?.first { $0 > address } ?? recorded.upperBound
        return SectorStorage(
            mode: track.mode,
            form: record.form == .cooked ? .user : .raw,
            subchannel: record.form == .rawWithSubchannel ? .full : .absent,
            count: min(rest, min(next, recorded.upperBound) - address)
        )
    }

    /// Reads sectors in the form in which they are kept.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let storage = storage(at: address)
        let count = min(buffer.count / max(1, storage.form.size), storage.count)
        guard storage.form != .absent, count > 0 else {
            throw UnreadableSectors(start: address, count: 1, reason: "nothing is recorded there")
        }
        var part = buffer._mutatingExtracting(..<(count * storage.form.size))
        if storage.form == .user {
            try disc.readUserData(at: address, into: &part)
        } else {
            let mode = disc.record.track(holding: address)?.dataMode ?? 1
            try disc.readRaw(at: address, dataMode: mode, into: &part)
        }
        return count
    }

    /// The file in which sectors stand that were recorded as user data only.
    public func storedBytes(at address: Int) -> FileRange? {
        let storage = storage(at: address)
        return storage.form == .user ? disc.userRange(at: address, count: storage.count) : nil
    }

    /// Reads the subchannel of sectors that it was recorded for.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        let count = min(buffer.count / SubchannelQ.interleavedSize, storage(at: address).count)
        guard count > 0 else { return 0 }
        var part = buffer._mutatingExtracting(..<(count * SubchannelQ.interleavedSize))
        try disc.readSubchannel(at: address, into: &part)
        return count
    }
}
