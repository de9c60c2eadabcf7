public import DiscModel
public import LinuxCalls

/// Some of a disc's tracks, at their places on the disc.
public final class DiscPart: DiscSource {
    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// The tracks, in their sessions.
    public let layout: DiscLayout
    /// Tracks before which a recorder stopped.
    public var linked: Set<Int> { disc.linked }
    private let disc: any DiscSource

    /// Takes one session of a disc.
    ///
    /// - Returns: `nil` if the disc has none of that number.
    public init?(_ disc: any DiscSource, session number: Int) {
        self.disc = disc
        var layout = disc.layout
        layout.sessions.removeAll { $0.number != number }
        guard !layout.sessions.isEmpty else { return nil }
        self.layout = layout
    }

    /// Takes one track of a disc, from its index 1 on.
    ///
    /// - Returns: `nil` if the disc has none of that number.
    public init?(_ disc: any DiscSource, track number: Int) {
        self.disc = disc
        var layout = disc.layout
        for s in layout.sessions.indices {
            layout.sessions[s].tracks.removeAll { $0.number != number }
            for t in layout.sessions[s].tracks.indices {
                layout.sessions[s].tracks[t].pregap = 0
                layout.sessions[s].leadOut = layout.sessions[s].tracks[t].end
            }
        }
        layout.sessions.removeAll(where: \.tracks.isEmpty)
        guard !layout.sessions.isEmpty else { return nil }
        self.layout = layout
    }

    /// What is kept of a sector: nothing of those of other tracks.
    public func storage(at address: Int) -> SectorStorage {
        guard let track = layout.track(holding: address) else {
            return SectorStorage(outsideTracksOf: layout, at: address)
        }
        var storage = disc.storage(at: address)
        storage.count = min(storage.count, track.extent.upperBound - address)
        return storage
    }

    /// Reads sectors as the disc does.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        try disc.readStored(at: address, into: &buffer)
    }

    /// Reads sectors as the disc does.
    public func read(
        _ form: SectorForm,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        try disc.read(form, at: address, into: &buffer)
    }

    /// Reads subchannel as the disc does.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        try disc.readStoredSubchannel(at: address, into: &buffer)
    }

    /// The file in which the disc's sectors stand.
    public func storedBytes(at address: Int) -> FileRange? { disc.storedBytes(at: address) }

    /// What makes attempts at the disc.
    public func attempts() -> any DiscAttempts { disc.attempts() }
}
