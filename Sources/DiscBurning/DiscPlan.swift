public import DiscImages
public import DiscModel
public import LibBurn

/// The sessions and tracks that are to be written, and where they will be on the disc.
///
/// Plain data, which may come from a pipe, are one session of one track. More than that goes onto a
/// CD, and is planned from its layout alone:
/// libburn writes a session at once only as the disc's first one and with tracks of one kind; other
/// sessions it writes track by track (`burn_write_opts_auto_write_type` of libburn 1.5.4). Then each
/// track begins with the drive's own pause of 150 sectors and ends in two sectors of run-out, and
/// only what the write parameters page holds goes with it (MMC-6 §7.5.4).
public struct DiscPlan: Hashable, Sendable {
    /// A track, where it is in the image and where it will be on the disc.
    public struct PlannedTrack: Hashable, Sendable {
        /// The track in the image, with its number and its session's on the disc.
        public var source: Track
        /// The image's sectors that are sent: the track, and of its pregap what the drive does not
        /// make by itself.
        public var payload: Range<Int>
        /// Bytes of the payload; absent until a source of unknown length has ended.
        public var byteCount: Int?
        /// Where index 1 will be on the disc.
        public var start: Int
        /// Zeros behind the track, which keep read-ahead away from run-out or fill a block up.
        public var padding: Int
        /// Sectors of run-out behind those.
        public var runOut: Int

        /// The form in which the sectors are sent, and can be read again.
        public var kind: TrackJob.Kind { source.mode.isData ? .data : .audio }
        /// The sector on the disc that a sector of the image goes to, less that sector.
        public var shift: Int { start - source.start.rawValue }
        /// The sector behind all of it on the disc.
        public var end: Int { start + source.length + padding + runOut }

        /// Plans a track whose payload is known.
        init(source: Track, payload: Range<Int>, start: Int, padding: Int = 0, runOut: Int = 0) {
            self.source = source
            self.payload = payload
            self.start = start
            self.padding = padding
            self.runOut = runOut
            byteCount = payload.count * kind.sectorSize
        }

        /// Plans a track of data, whose last sector need not be full.
        init(dataOf byteCount: Int?, padding: Int, at point: WritePoint) {
            let sectors = ((byteCount ?? 0) + 2047) / 2048
            self.init(
                source: Track(
                    number: point.track,
                    session: point.session,
                    mode: .mode1,
                    start: .zero,
                    length: sectors
                ),
                payload: 0..<sectors,
                start: point.address,
                padding: padding
            )
            self.byteCount = byteCount
        }
    }

    /// A session.
    public struct PlannedSession: Hashable, Sendable {
        /// How its tracks are laid down.
        public var mode: SessionJob.Mode
        /// Its tracks.
        public var tracks: [PlannedTrack]
        /// The media catalogue number.
        public var catalog: String?
        /// The packs of CD-TEXT that go into its lead-in.
        public var cdText: [CDTextPack] = []
        /// Whether further sessions follow.
        public var isFollowed: Bool

        /// Where its lead-out will begin.
        public var leadOut: Int { tracks.last?.end ?? 0 }
    }

    /// The sessions in order.
    public private(set) var sessions: [PlannedSession]
    /// Whether this is one track of data, written as a plain image is.
    public private(set) var isPlainData = false
    /// Where on the disc it begins.
    public private(set) var point: WritePoint

    /// All tracks in order.
    public var tracks: [PlannedTrack] { sessions.flatMap(\.tracks) }
    /// How the first session is laid down.
    public var mode: SessionJob.Mode { sessions.first?.mode ?? .trackAtOnce }
    /// The sectors that the disc must have room for, from where it begins; absent where a track's length
    /// is not known.
    public var sectors: Int? { leadOut.map { max(0, $0 - point.address) } }
    /// Where the last lead-out will begin; likewise.
    public var leadOut: Int? { byteCount.map { _ in sessions.last?.leadOut ?? 0 } }
    /// Bytes of all payloads; likewise.
    public var byteCount: Int? { Self.byteCount(of: tracks) }

    /// The sectors from the first track's beginning to the last one's end.
    var extent: Range<Int> {
        let first = tracks.first?.start ?? 0
        return first..<max(tracks.last.map { $0.start + $0.source.length } ?? 0, first + 1)
    }

    static func byteCount(of tracks: [PlannedTrack]) -> Int? {
        tracks.reduce(0) { sum, track in sum.flatMap { sum in track.byteCount.map { sum + $0 } } }
    }

    /// Sectors of zeros that keep read-ahead away from the run-out of a track of data written at once.
    static let trackPadding = 150
    /// Sectors that link a track written at once to what follows (MMC-6 §4.2.5.3).
    private static let linkSectors = 2

    /// Plans one track of data.
    ///
    /// - Parameters:
    ///   - byteCount: The data's size, which need not be one of whole sectors; absent where that is
    ///     not known.
    ///   - mode: How it is laid down.
    ///   - padding: The sectors of zeros that are sent behind it.
    ///   - point: Where on the disc it begins.
    ///   - keepsOpen: Whether the disc is to take further sessions.
    package init(
        dataOf byteCount: Int?,
        mode: SessionJob.Mode,
        padding: Int,
        at point: WritePoint = .beginning,
        keepsOpen: Bool = false
    ) {
        let track = PlannedTrack(dataOf: byteCount, padding: padding, at: point)
        sessions = [PlannedSession(mode: mode, tracks: [track], isFollowed: keepsOpen)]
        self.point = point
        isPlainData = true
    }

    /// Plans the tracks of a layout.
    ///
    /// - Parameters:
    ///   - layout: The image's sessions and tracks, checked.
    ///   - mode: The mode that is wished for; absent to have it chosen for each session.
    ///   - point: Where on the disc it begins.
    ///   - keepsOpen: Whether the disc is to take further sessions.
    public init(
        _ layout: DiscLayout,
        mode: SessionJob.Mode? = nil,
        at point: WritePoint = .beginning,
        keepsOpen: Bool = false
    ) {
        var sessions: [PlannedSession] = []
        let tracksFurther = point.tracksBefore == 0 ? 0 : point.track - 1
        for (index, session) in layout.sessions.enumerated() {
            let kinds = Set(session.tracks.map(\.mode.isData))
            let canBeAtOnce =
                index == 0 && point.tracksBefore == 0 && kinds.count == 1 && mode != .trackAtOnce
            let number = point.session + index
            let first = sessions.last.map {
                $0.leadOut + CDGaps.fromLeadOut(ofSession: number - 1)
            }
            let tracks = session.tracks.map { track in
                var track = track
                track.number += tracksFurther
                track.session += point.session - 1
                return track
            }
            var planned = PlannedSession(
                mode: canBeAtOnce ? .sessionAtOnce : .trackAtOnce,
                tracks: canBeAtOnce
                    ? Self.atOnce(tracks) : Self.oneByOne(tracks, from: first ?? point.address),
                catalog: session.catalog.flatMap { CatalogNumber($0)?.text },
                isFollowed: keepsOpen || index + 1 < layout.sessions.count
            )
            // libburn writes CD-TEXT with a session of audio only (burn_precheck_write), and has its
            // checksums be right.
            if canBeAtOnce, kinds == [false], session.cdText.allSatisfy(\.isIntact) {
                planned.cdText = session.cdText
            }
            sessions.append(planned)
        }
        self.sessions = sessions
        self.point = point
    }

    /// Tracks of a session at once: they follow each other without a link, and all of a pregap comes
    /// from the image but for the first 150 sectors of the session.
    private static func atOnce(_ tracks: [Track]) -> [PlannedTrack] {
        var position = 0
        return tracks.enumerated().map { index, track in
            let drivesOwn = index == 0 ? CDGaps.firstPause : 0
            let pregap = max(0, track.pregap - drivesOwn)
            let first = track.start.rawValue - pregap
            let planned = PlannedTrack(
                source: track,
                payload: first..<(track.end.rawValue),
                start: position + pregap
            )
            position = planned.end
            return planned
        }
    }

    /// Tracks written one at a time: the drive makes a pause of 150 sectors before each.
    private static func oneByOne(_ tracks: [Track], from first: Int) -> [PlannedTrack] {
        var position = first
        return tracks.map { track in
            let planned = PlannedTrack(
                source: track,
                payload: track.start.rawValue..<track.end.rawValue,
                start: position,
                padding: track.mode.isData ? trackPadding : 0,
                runOut: linkSectors
            )
            position = planned.end + CDGaps.firstPause
            return planned
        }
    }

    /// The same with less padding after its last track, if it needs more sectors than there are.
    public func fitting(into sectors: Int) -> DiscPlan {
        var plan = self
        guard let needed = self.sectors, needed > sectors,
            let session = plan.sessions.indices.last,
            let track = plan.sessions[session].tracks.indices.last
        else { return plan }
        let padding = plan.sessions[session].tracks[track].padding
        plan.sessions[session].tracks[track].padding = max(0, padding - (needed - sectors))
        return plan
    }

    /// The same with its tracks where a disc has them, as far as the recorder decides that.
    ///
    /// Behind the first of tracks that are written one at a time it decides how long pauses and run-out
    /// are: there are recorders that write none, and some that write more.
    public func adopting(_ layout: DiscLayout) -> DiscPlan {
        var plan = self
        let found = layout.tracks.dropFirst(point.tracksBefore)
        guard found.count == tracks.count, let first = tracks.first else { return self }
        for session in plan.sessions.indices where plan.sessions[session].mode == .trackAtOnce {
            for track in plan.sessions[session].tracks.indices {
                let number = plan.sessions[session].tracks[track].source.number
                guard number != first.source.number,
                    let there = found.first(where: { $0.number == number })
                else { continue }
                plan.sessions[session].tracks[track].start = there.start.rawValue
            }
        }
        return plan
    }

    /// The same with the size of the data, if none was known.
    package func measured(_ byteCount: Int) -> DiscPlan {
        var plan = self
        if self.byteCount == nil, let track = tracks.first {
            let measured = PlannedTrack(dataOf: byteCount, padding: track.padding, at: point)
            plan.sessions[0].tracks = [measured]
        }
        return plan
    }

    /// What of a disc is not written in this way.
    public func losses(of inventory: DiscInventory) -> [DiscLoss] {
        var found = inventory.features
        let moved = tracks.filter { $0.shift != 0 }.map(\.source.number)
        if !moved.isEmpty { found[.positions] = Set(moved) }
        return DiscFeature.allCases.compactMap { feature in
            guard let numbers = found[feature], !isHeld(feature) else { return nil }
            let lost = numbers.filter { number in
                sessions.contains { session in
                    session.tracks.contains { track in
                        track.source.number == number && !Self.holds(feature, session, track.source)
                    }
                }
            }
            guard numbers.isEmpty || !lost.isEmpty else { return nil }
            return DiscLoss(feature: feature, tracks: lost.sorted())
        }
    }

    /// Whether what belongs to the whole disc is written.
    private func isHeld(_ feature: DiscFeature) -> Bool {
        let all = tracks.map(\.source.number)
        return switch feature {
        case .tracks, .sessions: true
        case .catalog: sessions.contains { $0.catalog != nil }
        case .cdText, .cdTextLanguages, .cdTextPacks: sessions.contains { !$0.cdText.isEmpty }
        // The drive numbers a later session's tracks on.
        case .trackNumbers: all == Array((all.first ?? 1)...(max(all.last ?? 1, all.first ?? 1)))
        default: false
        }
    }

    /// Whether what belongs to a track is written with it.
    private static func holds(
        _ feature: DiscFeature,
        _ session: PlannedSession,
        _ track: Track
    ) -> Bool {
        switch feature {
        // Of form 1 the 2048 bytes are written, as data of mode 1: libburn writes no other.
        case .audio, .mode1, .form1, .preEmphasis, .copyPermission, .fourChannels: true
        case .isrc: track.isrc.flatMap { RecordingCode($0) } != nil
        case .indexes, .pregapContent: session.mode == .sessionAtOnce
        case .pregaps: session.mode == .sessionAtOnce || track.pregap == CDGaps.firstPause
        default: false
        }
    }
}

extension DiscPlan.PlannedSession {
    /// What libburn is to write.
    func job(_ plan: BurnPlan) -> SessionJob {
        SessionJob(
            mode: mode,
            tracks: tracks.map { track in
                TrackJob(
                    kind: track.kind,
                    payloadSectors: track.byteCount.map { _ in
                        max(0, track.payload.count - plan.resumedSectors)
                    },
                    paddingSectors: track.padding,
                    flags: TrackJob.Flags(rawValue: track.source.flags.rawValue),
                    indexes: mode == .sessionAtOnce ? track.indexes : [:],
                    isrc: track.source.isrc.flatMap { RecordingCode($0)?.text }
                )
            },
            firstTrackNumber: tracks.first?.source.number ?? 1,
            catalog: catalog,
            textPacks: cdText.flatMap(\.bytes),
            isSimulation: plan.isSimulation,
            keepsAppendable: isFollowed,
            speed: plan.speed,
            conditions: plan.conditions,
            startSector: plan.startSector,
            streams: plan.streams
        )
    }
}

extension DiscPlan.PlannedTrack {
    /// Where indexes begin in the payload; index 0 where a pregap is part of it.
    var indexes: [Int: Int] {
        let before = source.start.rawValue - payload.lowerBound
        guard before > 0 || !source.laterIndexes.isEmpty else { return [:] }
        var indexes = [1: before]
        if before > 0 { indexes[0] = 0 }
        for (offset, address) in source.laterIndexes.enumerated() {
            indexes[offset + 2] = address.rawValue - payload.lowerBound
        }
        return indexes
    }
}
