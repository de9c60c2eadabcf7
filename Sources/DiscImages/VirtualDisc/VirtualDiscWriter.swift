import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Records a disc on a virtual one, which is closed then.
///
/// The file gets its name when all is written; until then it ends in “.part”.
final class VirtualDiscWriter: DiscSink {
    let requests: [SectorRequest]
    var unfinished: UnfinishedFiles? { written }
    private let written: UnfinishedFiles
    private let medium: MediumKind
    private let blank: BlankDisc
    private let sessions: [SessionRecord]
    private let tracks: [TrackRecord]
    private var disc: VirtualDisc?

    /// Plans a disc: of the kinds that are written once, the smallest that holds it.
    ///
    /// - Throws: ``VirtualDiscError`` where none does; the system's error where there is a file.
    init(_ source: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws {
        let layout = source.layout
        let isCD = source.medium.facts.family == .cd
        guard let end = layout.leadOut?.rawValue,
            let (medium, blank) = Self.blank(sectors: end, isCD: isCD)
        else {
            throw VirtualDiscError(
                .notMade,
                path: path.string,
                "no disc has room for \(layout.leadOut?.rawValue ?? 0) sectors"
            )
        }
        written = try UnfinishedFiles([path], replaces: options.replaces)
        self.medium = medium
        self.blank = blank
        let stretches = source.stretches()
        var requests: [SectorRequest] = []
        sessions = layout.sessions.map { session in
            let records = session.tracks.map { track in
                let kept = stretches.filter { $0.track.number == track.number }.map(\.storage)
                let hasSubchannel = kept.contains { $0.subchannel != .absent }
                let isSided = isCD && (options.keepsSubchannel ?? hasSubchannel)
                let record = TrackRecord(track, kept, isCD: isCD, isSided: isSided)
                requests.append(
                    SectorRequest(
                        (record.start - record.pregap)..<track.end.rawValue,
                        record.form == .cooked ? .user : .raw,
                        wantsSubchannel: isSided
                    )
                )
                return record
            }
            return SessionRecord(session, tracks: records)
        }
        tracks = sessions.flatMap(\.tracks)
        self.requests = requests
    }

    /// The smallest disc that is written once and has so many sectors.
    private static func blank(sectors: Int, isCD: Bool) -> (MediumKind, BlankDisc)? {
        let kinds = MediumKind.allCases.filter { medium in
            medium.facts.recording == .once && (medium.facts.family == .cd) == isCD
        }
        var discs = kinds.compactMap { kind in BlankDisc(kind).map { (kind, $0) } }
        for minutes in BlankDisc.capacities.keys {
            discs += kinds.compactMap { kind in
                BlankDisc(kind, minutes: minutes).map { (kind, $0) }
            }
        }
        return discs.filter { $0.1.capacity >= sectors }
            .min { ($0.1.capacity, $0.0.rawValue) < ($1.1.capacity, $1.0.rawValue) }
    }

    func begin() throws {
        for file in try written.begin() {
            disc = try VirtualDisc(new: file, medium: medium, blank: blank)
        }
    }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        guard let disc else { return }
        if request.form == .user {
            // What was never written reads as zeros.
            if !Bytes.areZero(sectors) { try disc.writeUserData(sectors, at: address) }
        } else {
            let mode = tracks.first { track in
                address >= track.start - track.pregap && address < track.start + track.written
            }
            try disc.writeRaw(sectors, at: address, dataMode: mode?.dataMode ?? 1)
        }
        if request.wantsSubchannel { try disc.writeSubchannel(subchannel, at: address) }
    }

    func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws -> FileRange?
    {
        guard let disc, request.form == .user else { return nil }
        let sectors = try disc.copyUserData(bytes, at: address) / request.form.size
        return sectors > 0 ? disc.userRange(at: address, count: sectors) : nil
    }

    func complete() throws {
        guard let disc else { return }
        disc.record.sessions = sessions
        disc.record.isFinalized = true
        try disc.store()
        self.disc = nil
        try written.complete()
    }

    func abandon() {
        disc = nil
        written.abandon()
    }

    deinit {
        abandon()
    }
}
