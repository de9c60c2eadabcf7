public import DiscModel

/// What is known of a virtual disc besides its sectors: its kind, and how far it is recorded.
///
/// This is the file's metadata, kept as JSON.
public struct DiscRecord: Codable, Hashable, Sendable {
    /// The kind of disc.
    public var medium: MediumKind
    /// The sectors of its user area: on a CD up to the last possible start of the lead-out, on DVD
    /// and BD all that the disc can hold.
    public var capacity: Int
    /// What the disc says of itself and of its maker.
    public var identity: DiscIdentity
    /// The sessions in order; the last may still be open.
    public var sessions: [SessionRecord]
    /// Whether no further session can follow.
    public var isFinalized: Bool
    /// How the disc is formatted, where it is a kind that is.
    public var format: FormatRecord?
    /// Whether it was blanked without being wiped: such a DVD-RW can only be written in one go
    /// (MMC-6 §6.2.3.3; seen on every drive of libburn's and growisofs' authors).
    public var isMinimallyBlanked: Bool
    /// The sectors of the first of two layers, where a host has chosen them.
    public var firstLayerSectors: Int?

    /// Creates the record of a blank disc.
    public init(medium: MediumKind, capacity: Int, identity: DiscIdentity) {
        self.medium = medium
        self.capacity = capacity
        self.identity = identity
        sessions = []
        isFinalized = false
        format = nil
        isMinimallyBlanked = false
    }

    /// All tracks in order.
    public var tracks: [TrackRecord] { sessions.flatMap(\.tracks) }

    /// The session that is still open, where one is.
    public var openSession: SessionRecord? {
        sessions.last.flatMap { $0.isClosed ? nil : $0 }
    }

    /// The sessions that are closed.
    public var closedSessions: [SessionRecord] { sessions.filter(\.isClosed) }

    /// Whether any sector can be written at any time.
    public var isOverwritable: Bool {
        switch medium.facts.recording {
        case .overwritable: true
        case .blankable: format != nil && medium.facts.family == .dvd
        case .once, .readOnly: false
        }
    }

    /// The track that holds a sector, its pregap included.
    public func track(holding lba: Int) -> TrackRecord? {
        for session in sessions {
            for track in session.tracks
            where lba >= track.start - track.pregap && lba < track.start + track.extent {
                return track
            }
        }
        return nil
    }

    /// How far the disc is recorded.
    public var state: DiscState {
        if isOverwritable { return formattedState }
        // On a CD nothing can be added to a track that was left open, unless it is in packets.
        let isCD = medium.facts.family == .cd
        let isLost: (TrackRecord) -> Bool = { track in
            !track.isClosed && (track.isDamaged || isCD && !track.isPacket)
        }
        if tracks.contains(where: isLost) { return .damaged }
        if isFinalized { return .complete }
        return sessions.isEmpty ? .blank : .appendable
    }

    /// Overwritable discs are blank while they are not formatted; then they always take more.
    private var formattedState: DiscState {
        guard let format, format.sectors > 0 || !sessions.isEmpty else { return .blank }
        return format.isGrowing && sessions.isEmpty ? .blank : .complete
    }

    /// The closed sessions and their tracks, as a table of contents shows them.
    ///
    /// An overwritable disc shows one track over all of its formatted area.
    public var layout: DiscLayout {
        if let format, isOverwritable {
            return format.sectors > 0 ? DiscLayout(sectors: format.sectors) : DiscLayout()
        }
        return DiscLayout(
            sessions: closedSessions.map { session in
                var closed = DiscLayout.Session(
                    number: session.number,
                    tracks: session.tracks.map { $0.track(session: session.number) },
                    leadOut: LBA(session.leadOut ?? 0)
                )
                closed.kind =
                    SessionKind(code: UInt8(truncatingIfNeeded: session.discType)) ?? .cdROM
                closed.catalog = session.catalog
                closed.cdText = CDTextPack.packs(in: session.cdText ?? [])
                return closed
            }
        )
    }
}

extension DiscRecord {
    /// The sectors of a packet on a formatted CD-RW (Orange Book part III; MMC-6 §6.5.4.2.7).
    public static let packetOfCDRW = 32

    /// The sectors that a CD-RW can hold in packets.
    public var sectorsInPackets: Int {
        let packets = (capacity + TrackRecord.link) / (Self.packetOfCDRW + TrackRecord.link)
        return max(0, packets) * Self.packetOfCDRW
    }

    /// Lays out a CD-RW as its format has it: one track of empty packets, in one session.
    public mutating func formatInPackets(control: Int, dataMode: Int) {
        guard let format else { return }
        var track = TrackRecord(
            number: 1,
            start: 0,
            control: control,
            dataMode: dataMode,
            isPacket: true
        )
        track.packetSize = Self.packetOfCDRW
        track.written = format.sectors
        track.isClosed = true
        var session = SessionRecord(number: 1, tracks: [track])
        session.leadOut = track.end
        sessions = [session]
        isFinalized = true
    }
}
