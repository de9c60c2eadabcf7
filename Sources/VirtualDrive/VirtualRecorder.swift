public import DiscImages
public import MMC

/// An optical recorder in software: it takes the commands of MMC-6 and SPC-4 and works on a virtual
/// disc as a drive works on a disc.
///
/// One caller at a time uses it. No command and no data, whatever their bytes, do more than a drive
/// would: what can't be done is told by sense data.
public final class VirtualRecorder: Transport {
    /// The disc in it.
    public private(set) var disc: VirtualDisc?
    /// Who it says it is.
    public let identity: Inquiry
    /// The sectors that it reads and writes badly.
    public var faults: [Fault]

    var condition = DriveCondition()
    var modePages = ModePageStore()
    var method: (any RecordingMethod)?
    var speeds = SpeedSetting()

    /// The identity of a recorder that nobody gave another.
    public static let standardIdentity = Inquiry(
        vendor: "SPINDLE",
        product: "VIRTUAL RECORDER",
        revision: "1.00"
    )

    /// Switches a recorder on.
    ///
    /// - Parameters:
    ///   - disc: The disc that is in it, opened or made for a drive; none for an empty drive.
    ///   - faults: The sectors that it reads and writes badly.
    ///   - identity: Who it says it is.
    public init(
        disc: VirtualDisc? = nil,
        faults: [Fault] = [],
        identity: Inquiry = standardIdentity
    ) {
        self.faults = faults
        self.identity = identity
        condition.attentions = [Sense(.unitAttention, 0x29, 0x00)]
        if let disc { take(disc) }
    }

    /// Whether the tray is out.
    public var isTrayOpen: Bool { condition.isTrayOpen }

    /// Whether the door is locked by PREVENT ALLOW MEDIUM REMOVAL.
    public var isLocked: Bool { condition.isLocked }

    /// Puts a disc into the tray and shuts it, as a hand does.
    public func insert(_ disc: VirtualDisc) {
        removeDisc()
        condition.isTrayOpen = false
        take(disc)
        condition.becomingReady = 1
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
            condition.becomingReady = 1
        }
    }

    private func take(_ disc: VirtualDisc) {
        self.disc = disc
        method = makeMethod(for: disc)
        method?.arrive()
        condition.mediumHasCome()
        modePages.mediumChanged(to: traits)
    }

    /// Chooses anew how the disc is written, after a format or a blanking may have changed it.
    func chooseMethod() {
        guard let disc else { return }
        method = makeMethod(for: disc)
    }

    private func makeMethod(for disc: VirtualDisc) -> any RecordingMethod {
        switch RecordingScheme(disc.record) {
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
        do {
            let (entry, cdb) = try accept(command.cdb)
            switch entry.action {
            case .plain(let run):
                try run(self, cdb)
                return Completion()
            case .reply(let allocation, let run):
                let reply = try run(self, cdb)
                let count = min(reply.count, allocation.length(in: cdb), buffer.count)
                for i in 0..<count { buffer[i] = reply[i] }
                return Completion(transferred: count)
            case .read(let run):
                let result = run(self, cdb, &buffer)
                return completion(result.sense, transferred: result.transferred)
            case .list(let run):
                try run(self, cdb, [])
                return Completion()
            case .write(let run):
                let nothing: [UInt8] = []
                try run(self, cdb, nothing.span)
                return Completion()
            }
        } catch let sense as Sense {
            return completion(sense)
        } catch {
            // Nothing else is thrown; a drive would speak of its own failure.
            return completion(Sense(.hardwareError, 0x44, 0x00))
        }
    }

    /// Takes a command with data from the host, or with none.
    public func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        do {
            let (entry, cdb) = try accept(command.cdb)
            switch entry.action {
            case .plain(let run):
                try run(self, cdb)
            case .reply(_, let run):
                _ = try run(self, cdb)
            case .read(let run):
                var nothing: [UInt8] = []
                var span = nothing.mutableSpan
                return completion(run(self, cdb, &span).sense)
            case .list(let run):
                var bytes: [UInt8] = []
                bytes.reserveCapacity(data.count)
                for i in data.indices { bytes.append(data[i]) }
                try run(self, cdb, bytes)
            case .write(let run):
                try run(self, cdb, data)
            }
            return Completion(transferred: data.count)
        } catch let sense as Sense {
            return completion(sense)
        } catch {
            // Nothing else is thrown; a drive would speak of its own failure.
            return completion(Sense(.hardwareError, 0x44, 0x00))
        }
    }

    private func completion(_ sense: Sense?, transferred: Int = 0) -> Completion {
        guard let sense else { return Completion(transferred: transferred) }
        var completion = Completion(sense)
        completion.transferred = transferred
        return completion
    }

    /// Finds a command and checks what every command needs (MMC-6 §4.1.8, SPC-4 §5.14).
    private func accept(_ bytes: [UInt8]) throws(Sense) -> (CommandEntry, CDB) {
        guard let opcode = bytes.first, let entry = CommandTable.entries[opcode] else {
            throw Sense(.illegalRequest, 0x20, 0x00)
        }
        if !entry.needs.contains(.despiteAttention) { try condition.reportAttention() }
        if !entry.needs.contains(.duringOperation) { try condition.reportOperation() }
        if entry.needs.contains(.medium) { try condition.requireMedium(disc != nil) }
        return (entry, CDB(bytes))
    }
}
