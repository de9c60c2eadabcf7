internal import CLibBurn
internal import LinuxCalls

extension SessionJob {
    /// Puts the job's wishes into libburn's options.
    func configure(_ options: OpaquePointer) {
        switch mode {
        case .sessionAtOnce:
            unsafe burn_write_opts_set_write_type(
                options,
                BURN_WRITE_SAO,
                Int32(BURN_BLOCK_SAO.rawValue)
            )
        case .trackAtOnce:
            unsafe burn_write_opts_set_write_type(
                options,
                BURN_WRITE_TAO,
                Int32(BURN_BLOCK_MODE1.rawValue)
            )
        }
        unsafe burn_write_opts_set_multi(options, keepsAppendable ? 1 : 0)
        unsafe burn_write_opts_set_simulate(options, isSimulation ? 1 : 0)
        unsafe burn_write_opts_set_underrun_proof(
            options,
            conditions.protectsFromUnderrun ? 1 : 0
        )
        if let startSector, startSector > 0 {
            unsafe burn_write_opts_set_start_byte(options, off_t(startSector) * 2048)
        }
        unsafe burn_write_opts_set_stream_recording(options, streams ? 1 : 0)
        if let block = conditions.outputBlock {
            unsafe burn_write_opts_set_dvd_obs(options, Int32(block))
        }
        if let catalog, catalog.utf8.count == Constants.catalogLength {
            var digits = Array(catalog.utf8)
            unsafe burn_write_opts_set_mediacatalog(options, &digits)
            unsafe burn_write_opts_set_has_mediacatalog(options, 1)
        }
        if !textPacks.isEmpty {
            var packs = textPacks
            let count = Int32(clamping: packs.count / Constants.textPackSize)
            unsafe burn_write_opts_set_leadin_text(options, &packs, count, 0)
        }
    }
}

extension TrackJob {
    /// libburn's name for what the track is.
    private var mode: Int32 {
        let modifiers: [(Flags, Int32)] = [
            (.preEmphasis, BURN_PREEMPHASIS), (.copyPermitted, BURN_COPY),
            (.fourChannels, BURN_4CH),
        ]
        return modifiers.reduce(kind == .audio ? BURN_AUDIO : Constants.dataSectors) {
            flags.contains($1.0) ? $0 | $1.1 : $0
        }
    }

    /// Describes the track to libburn.
    func configure(_ track: OpaquePointer) {
        unsafe burn_track_define_data(
            track,
            0,
            Int32(clamping: paddingSectors * kind.sectorSize),
            1,
            mode
        )
        for (number, sector) in indexes {
            unsafe burn_track_set_index(
                track,
                Int32(clamping: number),
                UInt32(clamping: sector),
                0
            )
        }
        if let isrc {
            // It writes a zero behind the twelve characters.
            var text = Array(isrc.utf8CString)
            unsafe burn_track_set_isrc_string(track, &text, 0)
        }
    }
}

/// One run of libburn's writer: the disc's description, the options, and the wait for the end.
@safe
struct Writing: ~Copyable {
    /// Seconds to rest after libburn says that it is idle: its worker leaves the list of workers
    /// only after that, and a launch before it is silently lost.
    private static let rest = 0.1
    /// Seconds that an idle drive's writer is given to say that it has ended.
    private static let patience = 10.0
    /// Seconds between two looks at libburn's progress.
    private static let beat = 0.05

    private let drive: OpaquePointer
    private let job: SessionJob
    private let disc: OpaquePointer
    private let session: OpaquePointer
    private let options: OpaquePointer
    private let tracks: [OpaquePointer]
    private let sources: [UnsafeMutablePointer<burn_source>]
    private let counter: CountingInput
    private let control: WriteControl

    /// Describes a disc of one session; libburn crashes on one without a session or a track.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - job: What to write.
    ///   - input: The payloads of all tracks, one after the other.
    ///   - control: Whom it tells, and asks.
    /// - Throws: ``BurnError`` where there is nothing to write, or no memory.
    init(
        drive: OpaquePointer,
        job: SessionJob,
        input: any BurnInput,
        control: WriteControl
    ) throws(BurnError) {
        guard !job.tracks.isEmpty else {
            throw BurnError(.refused, "There is no track to write")
        }
        let counter = CountingInput(input, beforeFirst: control.beforeWriting)
        guard let disc = unsafe burn_disc_create(), let session = unsafe burn_session_create(),
            let options = unsafe burn_write_opts_new(drive)
        else { throw BurnError(.unavailable, "libburn has no memory for a disc's description") }
        var tracks: [OpaquePointer] = unsafe []
        var sources: [UnsafeMutablePointer<burn_source>] = unsafe []
        for track in job.tracks {
            let size = track.payloadSectors.map { $0 * track.kind.sectorSize }
            guard let described = unsafe burn_track_create(),
                let source = unsafe BurnSource.make(counter, byteCount: size)
            else { throw BurnError(.unavailable, "libburn has no memory for a track") }
            unsafe tracks.append(described)
            unsafe sources.append(source)
        }
        unsafe self.drive = drive
        self.job = job
        unsafe self.disc = disc
        unsafe self.session = session
        unsafe self.options = options
        unsafe self.tracks = tracks
        unsafe self.sources = sources
        self.counter = counter
        self.control = control
    }

    /// Says what is to be written.
    private func describe() {
        unsafe burn_disc_add_session(disc, session, Constants.endOfList)
        unsafe burn_session_set_start_tno(session, Int32(clamping: job.firstTrackNumber), 0)
        unsafe job.configure(options)
        for (index, track) in job.tracks.enumerated() {
            unsafe burn_session_add_track(session, tracks[index], Constants.endOfList)
            unsafe track.configure(tracks[index])
            unsafe burn_track_set_source(tracks[index], sources[index])
        }
    }

    deinit {
        unsafe burn_write_opts_free(options)
        unsafe sources.forEach { unsafe burn_source_free($0) }
        unsafe tracks.forEach { unsafe burn_track_free($0) }
        unsafe burn_session_free(session)
        unsafe burn_disc_free(disc)
    }

    /// Checks, writes, waits.
    consuming func run() throws(BurnError) -> [BurnMessage] {
        _ = BurnLibrary.drainMessages()
        describe()
        try check()
        unsafe burn_drive_set_speed(drive, 0, Int32(clamping: job.speed ?? 0))
        var messages = BurnLibrary.drainMessages()
        control.beforeWriting?()
        if control.isCancelled() {
            throw BurnError(.cancelled, "The write was stopped before it began")
        }
        unsafe burn_disc_write(options, disc)
        let wasCancelled = wait(&messages)
        messages += BurnLibrary.drainMessages()
        Clock.sleep(seconds: Self.rest)
        if wasCancelled {
            throw BurnError(
                .cancelled,
                "The write was stopped",
                messages: messages,
                bytes: counter.bytes
            )
        }
        let isComplaint = messages.contains(where: \.isComplaint)
        let isShort = !hasTakenAll
        // After a unit attention libburn gives up, though all may have been done: the disc has to say.
        let wentWell =
            unsafe burn_drive_wrote_well(drive) == 1 || messages.contains(where: \.isUnitAttention)
        guard !isComplaint, !isShort, wentWell else {
            let context =
                isShort
                ? "libburn stopped after \(takenSectors) sectors"
                : "libburn reports that the write failed"
            throw BurnError(
                .failed,
                context,
                messages: messages,
                isDelivered: !isShort,
                bytes: counter.bytes
            )
        }
        return messages
    }

    /// The sectors that libburn took; a last piece of one is filled up after it was counted.
    private var takenSectors: Int {
        var bytes = counter.bytes
        var sectors = 0
        for track in job.tracks {
            let size = track.kind.sectorSize
            let taken = min((bytes + size - 1) / size, track.payloadSectors ?? .max)
            sectors += taken
            bytes -= min(bytes, taken * size)
        }
        return sectors
    }

    /// Whether libburn took all that there is to write.
    private var hasTakenAll: Bool {
        let taken = takenSectors
        return job.payloadSectors.map { taken >= $0 } ?? (taken > 0 && counter.hasEnded)
    }

    /// Asks libburn whether it can do it, and makes the comparison that libburn does not make: the
    /// job's size against the room on the disc.
    private func check() throws(BurnError) {
        guard !job.tracks.contains(where: { $0.payloadSectors == 0 }) else {
            throw BurnError(.refused, "There is nothing to write")
        }
        // What it does not like of codes and texts it says, and would leave out.
        let complaints = BurnLibrary.drainMessages()
        if complaints.contains(where: \.isComplaint) {
            throw BurnError(.refused, "libburn can't describe this job", messages: complaints)
        }
        var reasons = [CChar](repeating: 0, count: Int(BURN_REASONS_LEN))
        guard unsafe burn_precheck_write(options, disc, &reasons, 0) == 1 else {
            // Each reason ends in a comma, for another one to follow.
            let reason = BurnLibrary.string(reasons).split(separator: "\n")
                .map { String($0.reversed().drop { ", ".contains($0) }.reversed()) }
                .joined(separator: "; ")
            throw BurnError(
                .refused,
                "libburn refuses this job: \(reason)",
                messages: BurnLibrary.drainMessages()
            )
        }
        let room = unsafe Int(burn_disc_available_space(drive, options)) / 2048
        // Drives that say 0 of a blank BD have libburn say so, too; whoever planned the job knew better.
        if let needed = job.knownSectors, room > 0, needed > room {
            throw BurnError(
                .tooLarge,
                "The job needs \(needed) sectors and the disc has room for \(room)"
            )
        }
    }

    /// Waits until libburn's writer has ended.
    ///
    /// The drive's status alone does not tell: a cancelled writer goes on for half a second after the
    /// status has become idle, and crashes where the drive is given back meanwhile. So its parting
    /// message is waited for, too. A writer that has all that there is to write only has to end the
    /// recording: to stop it then would cost a disc that is as good as finished.
    ///
    /// - Returns: Whether the write was cancelled on the way.
    private func wait(_ messages: inout [BurnMessage]) -> Bool {
        var hasCancelled = false
        var idleSince: Double?
        while true {
            var progress = burn_progress()
            let status = unsafe burn_drive_get_status(drive, &progress)
            messages += BurnLibrary.drainMessages()
            if status == BURN_DRIVE_IDLE {
                let since = idleSince ?? Clock.seconds
                idleSince = since
                let hasEnded = messages.contains { $0.code == Constants.writerHasEnded }
                let wasRefused = counter.bytes == 0 && messages.contains(where: \.isComplaint)
                if hasEnded || wasRefused || Clock.seconds - since > Self.patience {
                    return hasCancelled
                }
            } else {
                idleSince = nil
                var progress = WriteProgress(status, progress, delivered: counter.bytes)
                progress.hasAll = hasTakenAll
                control.observe(progress)
            }
            if !hasCancelled, control.isCancelled(), !hasTakenAll {
                hasCancelled = true
                control.whenStopping()
            }
            // Before the writer is at work libburn forgets a wish to cancel, so it is repeated.
            if hasCancelled { unsafe burn_drive_cancel(drive) }
            Clock.sleep(seconds: Self.beat)
        }
    }
}

extension WriteProgress {
    /// libburn's status and counts.
    init(_ status: burn_drive_status, _ progress: burn_progress, delivered: Int = 0) {
        self.init(
            phase: Self.phases[status.rawValue] ?? .starting,
            sector: Int(progress.sector),
            sectors: Int(progress.sectors),
            bufferCapacity: Int(progress.buffer_capacity),
            bufferAvailable: Int(progress.buffer_available),
            delivered: delivered
        )
    }

    private static var phases: [UInt32: Phase] {
        [
            BURN_DRIVE_WRITING.rawValue: .writing,
            BURN_DRIVE_WRITING_LEADIN.rawValue: .starting,
            BURN_DRIVE_WRITING_LEADOUT.rawValue: .closing,
            BURN_DRIVE_WRITING_PREGAP.rawValue: .starting,
            BURN_DRIVE_WRITING_SYNC.rawValue: .closing,
            BURN_DRIVE_CLOSING_TRACK.rawValue: .closing,
            BURN_DRIVE_CLOSING_SESSION.rawValue: .closing,
            BURN_DRIVE_FORMATTING.rawValue: .formatting,
            BURN_DRIVE_ERASING.rawValue: .erasing,
        ]
    }
}
