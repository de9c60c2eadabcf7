public import DiscImages
public import MMC

/// An optical recorder in software: it takes the commands of MMC-6 and SPC-4 and works on a virtual
/// disc as a drive works on a disc.
///
/// One caller at a time uses it. No command and no data, whatever their bytes, do more than a drive
/// would: what can't be done is told by sense data.
public final class VirtualRecorder: TimedTransport {
    /// The disc in it.
    public private(set) var disc: VirtualDisc?
    /// What model of drive it is.
    public let profile: DriveProfile
    /// What it does otherwise than others: the quirks of its model, and those it was given.
    public let quirks: Set<Quirk>
    /// How it treats audio.
    public let audio: AudioTraits
    /// How long it has worked; zero if its clock does not run.
    public let stopwatch = DriveStopwatch()
    /// Its power, for those who cut it from another thread.
    public let power = DrivePower()

    let quirkFacts: [QuirkFacts]
    var ledger: FaultLedger
    var trouble = DriveTrouble()
    var clock: DriveClock
    var condition = DriveCondition()
    var modePages = ModePageStore()
    var method: (any RecordingMethod)?
    var speeds = SpeedSetting()
    var sound = SoundMemory()
    /// The disc as it came, where the drive shows that until the tray is moved.
    private(set) var oldRecord: DiscRecord?

    /// Switches a recorder on.
    ///
    /// - Parameters:
    ///   - disc: The disc that is in it, opened or made for a drive; none for an empty drive.
    ///   - faults: What goes wrong in it.
    ///   - profile: What model of drive it is.
    ///   - quirks: What it does otherwise than its model.
    ///   - audio: How it treats audio; as its model does where absent.
    ///   - clock: What becomes of the time that its work would take.
    ///   - hostTime: The time that its host goes by, in seconds: the laser goes on while the host
    ///     thinks. Absent where the system's time is meant, or none.
    public init(
        disc: VirtualDisc? = nil,
        faults: [Fault] = [],
        profile: DriveProfile = .plain,
        quirks: Set<Quirk> = [],
        audio: AudioTraits? = nil,
        clock: ClockMode = .none,
        hostTime: (@Sendable () -> Double)? = nil
    ) {
        ledger = FaultLedger(faults)
        self.profile = profile
        self.audio = audio ?? profile.audio
        self.quirks = profile.quirks.union(quirks)
        quirkFacts = Quirk.allCases.filter(self.quirks.contains).compactMap(QuirkFacts.of)
        self.clock = DriveClock(
            mode: clock,
            mechanics: profile.mechanics,
            power: power,
            hostTime: hostTime
        )
        condition.polls = self.quirks.contains(.slowFixation) ? 40 : DriveCondition.usualPolls
        condition.attentions = [Sense(.unitAttention, 0x29, 0x00)]
        if let disc {
            take(disc)
            load(usually: [])
        }
    }

    /// What goes wrong in it; counts begin again where it is set.
    public var faults: [Fault] {
        get { ledger.faults }
        set { ledger = FaultLedger(newValue) }
    }

    /// How long the command that came last has taken the drive; zero if its clock does not
    /// run.
    public var driveTime: Duration { .seconds(clock.command) }

    /// Whether the tray is out.
    public var isTrayOpen: Bool { condition.isTrayOpen }

    /// Whether the door is locked by PREVENT ALLOW MEDIUM REMOVAL.
    public var isLocked: Bool { condition.isLocked }

    /// Puts a disc into the tray and shuts it, as a hand does.
    public func insert(_ disc: VirtualDisc) {
        removeDisc()
        condition.isTrayOpen = false
        take(disc)
        load()
    }

    /// Opens the tray and takes the disc out, as a hand does where the door is not locked.
    ///
    /// - Returns: The disc that was in it.
    @discardableResult
    public func removeDisc() -> VirtualDisc? {
        let removed = disc
        openTray()
        disc = nil
        return removed
    }

    /// Presses the button: the tray comes out with the disc in it, where no program has locked the
    /// door; else the host hears of the wish by an event.
    ///
    /// - Returns: Whether the tray is out.
    public func pressEject() -> Bool {
        if condition.isTrayOpen { return true }
        guard !condition.isLocked else {
            condition.requestEject()
            return false
        }
        openTray()
        return true
    }

    /// Pushes the tray in, with what lies in it.
    public func pushTray() {
        closeTray()
    }

    /// Runs the tray out; the disc stays in it.
    func openTray() {
        method?.leave()
        method = nil
        condition.mediumIsGone()
    }

    /// Draws the tray in.
    func closeTray() {
        guard condition.isTrayOpen else { return }
        condition.isTrayOpen = false
        if let disc {
            take(disc)
            load()
        }
    }

    private func take(_ disc: VirtualDisc) {
        self.disc = disc
        trouble = DriveTrouble(isGone: trouble.isGone)
        clock.mediumChanged()
        sound.forget()
        oldRecord = has(.showsOldState) ? disc.record : nil
        method = makeMethod(for: disc)
        method?.arrive()
        condition.mediumHasCome()
        modePages.mediumChanged(to: traits)
    }

    /// Has the drive say for a while that the disc that came is not ready.
    private func load(usually usual: [Sense] = [Sense(.notReady, 0x04, 0x01)]) {
        condition.loading = usual.map { DriveCondition.Poll(sense: $0, seconds: 0) }
        if has(.staggeredLoad) {
            let codes: [(Sense.Key, UInt8, UInt8)] = [
                (.notReady, 0x3A, 0x00), (.notReady, 0x04, 0x00), (.notReady, 0x04, 0x01),
                (.unitAttention, 0x28, 0x00),
            ]
            condition.attentions.removeAll { $0.asc == 0x28 }
            condition.loading = codes.map {
                DriveCondition.Poll(sense: Sense($0.0, $0.1, $0.2), seconds: 1)
            }
        }
        for fault in ledger.loading() {
            let poll = DriveCondition.Poll(
                sense: fault.sense,
                seconds: fault.seconds / Double(max(1, fault.polls))
            )
            condition.loading += Array(repeating: poll, count: min(fault.polls, 1_000_000))
        }
        if !usual.isEmpty { clock.add(clock.mechanics.load) }
    }

    /// The host resets the bus: the drive forgets the writing that is under way.
    func resetBus() {
        method?.interrupt(lost: 0)
        startAnew()
    }

    /// The drive loses its power, and comes back.
    ///
    /// - Parameter lost: The sectors that were sent last and are not on the disc.
    func cutPower(lost: Int) {
        method?.interrupt(lost: lost)
        modePages = ModePageStore()
        speeds = SpeedSetting()
        condition.isLocked = false
        condition.isPersistentlyLocked = false
        startAnew()
    }

    private func startAnew() {
        if let disc, !condition.isTrayOpen {
            take(disc)
            load()
        }
        condition.attentions = [Sense(.unitAttention, 0x29, 0x00)]
    }

    /// Chooses again how the disc is written, after a format or a blanking may have changed it.
    func chooseMethod() {
        guard let disc else { return }
        method = makeMethod(for: disc)
    }

    private func makeMethod(for disc: VirtualDisc) -> any RecordingMethod {
        guard profile.writes(disc.record) else { return ReadOnlyMedium(self, disc) }
        return switch RecordingScheme(disc.record) {
        case .readOnly: ReadOnlyMedium(self, disc)
        case .cd: CDRecording(self, disc)
        case .sequential: SequentialRecording(self, disc)
        case .overwrite: OverwriteRecording(self, disc)
        }
    }

    /// Takes a command whose data, if any, go to the host.
    public func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        let cdb = CDB(command.cdb)
        clock.begin()
        defer { finish() }
        let strikes = try begin(command, cdb)
        var completion = Completion()
        do {
            let entry = try accept(cdb, strikes)
            switch entry.action {
            case .plain(let run):
                try run(self, cdb)
            case .reply(let allocation, let run):
                let reply = edited(try run(self, cdb), cdb)
                let count = min(reply.count, allocation.length(in: cdb), buffer.count)
                for i in 0..<count { buffer[i] = reply[i] }
                completion.transferred = count
            case .read(let run):
                let result = run(self, cdb, &buffer)
                completion = ended(result.sense ?? strikes.afterwards, cdb)
                completion.transferred = result.transferred
            case .list(let run):
                try run(self, cdb, [])
            case .write(let run):
                let nothing: [UInt8] = []
                try run(self, cdb, nothing.span)
            }
            if completion.status == .good, let sense = strikes.afterwards {
                completion = ended(sense, cdb)
            }
        } catch let sense as Sense {
            completion = ended(sense, cdb)
        } catch {
            completion = ended(Self.ownFailure, cdb)
        }
        spoilReply(strikes.replies, &completion, &buffer)
        return completion
    }

    /// Takes a command with data from the host, or with none.
    public func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        let cdb = CDB(command.cdb)
        clock.begin()
        defer { finish() }
        let strikes = try begin(command, cdb)
        do {
            let entry = try accept(cdb, strikes)
            switch entry.action {
            case .plain(let run):
                try run(self, cdb)
            case .reply(_, let run):
                _ = try run(self, cdb)
            case .read(let run):
                var nothing: [UInt8] = []
                var span = nothing.mutableSpan
                return ended(run(self, cdb, &span).sense ?? strikes.afterwards, cdb)
            case .list(let run):
                var bytes: [UInt8] = []
                bytes.reserveCapacity(data.count)
                for i in data.indices { bytes.append(data[i]) }
                try run(self, cdb, bytes)
            case .write(let run):
                if !strikes.isSwallowed { try run(self, cdb, data) }
            }
            var completion = ended(strikes.afterwards, cdb)
            completion.transferred = data.count
            return completion
        } catch let sense as Sense {
            return ended(sense, cdb)
        } catch {
            return ended(Self.ownFailure, cdb)
        }
    }

    /// What a drive says of a failure of its own.
    private static let ownFailure = Sense(.hardwareError, 0x44, 0x00)

    /// How a command ends.
    private func ended(_ sense: Sense?, _ cdb: CDB) -> Completion {
        guard let sense else { return Completion() }
        let isWriting = CommandTable.writing.contains(UInt8(truncatingIfNeeded: cdb.opcode))
        if isWriting, ![.notReady, .unitAttention].contains(sense.key) {
            condition.hasFailedWriting = true
        }
        return Completion(status: .checkCondition, senseBytes: senseBytes(sense, cdb))
    }

    private func begin(_ command: Command, _ cdb: CDB) throws(TransportError) -> CommandStrikes {
        guard !trouble.isGone else {
            throw TransportError(
                .deviceGone,
                command: command.name,
                context: "the drive was unplugged"
            )
        }
        if quirks.isEmpty, ledger.isEmpty, audio.beyond != .hang { return CommandStrikes() }
        try hangByQuirk(command, cdb)
        return try strike(command, cdb)
    }

    /// Ends a command's time.
    private func finish() {
        clock.finish()
        if clock.isRunning { stopwatch.add(clock.command) }
    }

    /// Finds a command and checks what every command needs (MMC-6 §4.1.8, SPC-4 §5.14).
    private func accept(_ cdb: CDB, _ strikes: CommandStrikes) throws(Sense) -> CommandEntry {
        let opcode = UInt8(truncatingIfNeeded: cdb.opcode)
        guard !cdb.bytes.isEmpty, let entry = CommandTable.entries[opcode] else {
            // A fault may be about a command that only other drives know, such as PLAY AUDIO.
            throw strikes.refusal ?? Sense(.illegalRequest, 0x20, 0x00)
        }
        if !entry.needs.contains(.despiteAttention) { try condition.reportAttention() }
        // Some drives say too early that they are ready; a flush waits for what they are about, and
        // only START STOP UNIT tells the truth (growisofs 7.1 relies on both).
        let early: [UInt8: Bool] =
            has(.readyTooEarly) ? [0x00: true, 0x35: true, 0x1B: false] : [:]
        let isExempt = early[opcode] ?? entry.needs.contains(.duringOperation)
        if !isExempt {
            do { try condition.reportOperation() } catch {
                var sense = error
                // They call it an operation, whatever it is.
                if has(.readyTooEarly) { sense.ascq = 0x07 }
                throw sense
            }
        }
        if entry.needs.contains(.medium) { try requireMedium() }
        if !quirks.isEmpty {
            try refuseByQuirk(cdb)
            if CommandTable.writing.contains(opcode) { try checkWriting() }
        }
        if let refusal = strikes.refusal { throw refusal }
        return entry
    }

    /// Checks that there is a disc, that the drive can use it, and that it is ready.
    func requireMedium() throws(Sense) {
        let isPresent = disc != nil && !has(.missesDisc)
        do {
            try condition.requirePresence(isPresent)
        } catch {
            throw has(.noTrayState) ? Sense(.notReady, 0x3A, 0x00) : error
        }
        if let poll = condition.takePoll() {
            clock.add(poll.seconds)
            throw poll.sense
        }
        guard traits != nil else { throw Sense(.notReady, 0x30, 0x00) }
    }
}
