internal import CLibBurn
internal import LinuxCalls

extension WriteJob {
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
        unsafe burn_write_opts_set_underrun_proof(options, 1)
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
    private let job: WriteJob
    private let disc: OpaquePointer
    private let session: OpaquePointer
    private let track: OpaquePointer
    private let source: UnsafeMutablePointer<burn_source>
    private let options: OpaquePointer
    private let counter: CountingInput

    /// Describes a disc of one session with one track; libburn crashes on one without either.
    init(drive: OpaquePointer, job: WriteJob, input: any BurnInput) throws(BurnError) {
        let counter = CountingInput(input)
        let size = (job.payloadSectors ?? 0) * 2048
        guard let disc = unsafe burn_disc_create(), let session = unsafe burn_session_create(),
            let track = unsafe burn_track_create(), let options = unsafe burn_write_opts_new(drive),
            let source = unsafe BurnSource.make(counter, size: size)
        else { throw BurnError(.unavailable, "libburn has no memory for a disc's description") }
        unsafe self.drive = drive
        self.job = job
        unsafe self.disc = disc
        unsafe self.session = session
        unsafe self.track = track
        unsafe self.source = source
        unsafe self.options = options
        self.counter = counter
        unsafe burn_disc_add_session(disc, session, Constants.endOfList)
        unsafe burn_session_add_track(session, track, Constants.endOfList)
        unsafe burn_track_define_data(
            track,
            0,
            Int32(job.paddingSectors * 2048),
            1,
            Constants.dataSectors
        )
        unsafe burn_track_set_source(track, source)
        unsafe job.configure(options)
    }

    deinit {
        unsafe burn_write_opts_free(options)
        unsafe burn_source_free(source)
        unsafe burn_track_free(track)
        unsafe burn_session_free(session)
        unsafe burn_disc_free(disc)
    }

    /// Checks, writes, waits.
    consuming func run(isCancelled: () -> Bool, observe: (WriteProgress) -> Void)
        throws(BurnError) -> [BurnMessage]
    {
        _ = BurnLibrary.drainMessages()
        try check()
        unsafe burn_drive_set_speed(drive, 0, Int32(clamping: job.speed ?? 0))
        var messages = BurnLibrary.drainMessages()
        unsafe burn_disc_write(options, disc)
        let wasCancelled = wait(isCancelled: isCancelled, observe: observe, messages: &messages)
        messages += BurnLibrary.drainMessages()
        Clock.sleep(seconds: Self.rest)
        if wasCancelled {
            throw BurnError(.cancelled, "The write was stopped", messages: messages)
        }
        let isComplaint = messages.contains(where: \.isComplaint)
        // A last piece of a sector is filled up by libburn, after it was taken and counted.
        let taken = (counter.bytes + 2047) / 2048
        let isShort = job.payloadSectors.map { taken < $0 } ?? (taken == 0)
        guard !isComplaint, !isShort, unsafe burn_drive_wrote_well(drive) == 1 else {
            let context =
                isShort
                ? "libburn stopped after \(taken) sectors"
                : "libburn reports that the write failed"
            throw BurnError(.failed, context, messages: messages, isDelivered: !isShort)
        }
        return messages
    }

    /// Asks libburn whether it can do it, and makes the comparison that libburn does not make: the
    /// job's size against the room on the disc.
    private func check() throws(BurnError) {
        guard job.payloadSectors != 0 else {
            throw BurnError(.refused, "There is nothing to write")
        }
        var reasons = [CChar](repeating: 0, count: Int(BURN_REASONS_LEN))
        guard unsafe burn_precheck_write(options, disc, &reasons, 0) == 1 else {
            let reason = BurnLibrary.string(reasons).split(separator: "\n").joined(separator: "; ")
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
    /// message is waited for, too.
    ///
    /// - Returns: Whether the write was cancelled on the way.
    private func wait(
        isCancelled: () -> Bool,
        observe: (WriteProgress) -> Void,
        messages: inout [BurnMessage]
    ) -> Bool {
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
                observe(WriteProgress(status, progress))
            }
            if hasCancelled || isCancelled() {
                // Before the writer is at work libburn forgets a wish to cancel, so it is repeated.
                hasCancelled = true
                unsafe burn_drive_cancel(drive)
            }
            Clock.sleep(seconds: Self.beat)
        }
    }
}

extension WriteProgress {
    /// libburn's status and counts.
    init(_ status: burn_drive_status, _ progress: burn_progress) {
        self.init(
            phase: Self.phases[status.rawValue] ?? .starting,
            sector: Int(progress.sector),
            sectors: Int(progress.sectors),
            bufferCapacity: Int(progress.buffer_capacity),
            bufferAvailable: Int(progress.buffer_available)
        )
    }

    private static var phases: [UInt32: Phase] {
        [
            BURN_DRIVE_WRITING.rawValue: .writing,
            BURN_DRIVE_WRITING_LEADIN.rawValue: .starting,
            BURN_DRIVE_WRITING_LEADOUT.rawValue: .closing,
            BURN_DRIVE_WRITING_PREGAP.rawValue: .starting,
            BURN_DRIVE_CLOSING_TRACK.rawValue: .closing,
            BURN_DRIVE_CLOSING_SESSION.rawValue: .closing,
            BURN_DRIVE_FORMATTING.rawValue: .formatting,
            BURN_DRIVE_ERASING.rawValue: .erasing,
        ]
    }
}
