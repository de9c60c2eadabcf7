import MMC

/// What a drive is busy with and what it has to tell, apart from the disc itself.
struct DriveCondition {
    /// Something that goes on after its command has ended.
    struct Operation {
        /// What commands are told meanwhile.
        var sense: Sense
        /// How often it is yet to be told.
        var polls: Int
        /// How often it was to be told in all.
        var total: Int
    }

    /// Unit attentions that wait to be told, one with each command (SPC-4 §5.14).
    var attentions: [Sense] = []
    var isTrayOpen = false
    var isLocked = false
    /// Whether the door stays locked whatever the host's other commands (persistent prevent).
    var isPersistentlyLocked = false
    /// What is yet told of a disc that has come and is not ready.
    struct Poll {
        var sense: Sense
        /// The drive's time until it is told.
        var seconds: Double
    }

    /// What is yet told because the disc is not ready.
    var loading: [Poll] = []
    /// How many polls a long operation takes.
    var polls = usualPolls
    /// Whether a WRITE has failed since the disc came.
    var hasFailedWriting = false
    /// The WRITE commands that came since the disc did.
    var writes = 0
    /// The sector that was read last, or that a seek led to; `nil` if nothing was read of the disc.
    var head: Int?
    /// How far a format in the background is, in eighths.
    var backgroundProgress = 0
    private(set) var operation: Operation?
    /// The media event that waits to be fetched: 0 for none (MMC-6 table 318).
    private var event = 0

    /// How many polls a long operation usually takes.
    static let usualPolls = 2

    /// Media events.
    private enum Event {
        static let ejectRequest = 1
        static let newMedium = 2
        static let removal = 3
    }

    mutating func mediumHasCome() {
        operation = nil
        hasFailedWriting = false
        writes = 0
        head = nil
        event = Event.newMedium
        let changed = Sense(.unitAttention, 0x28, 0x00)
        attentions.removeAll { $0 == changed }
        attentions.append(changed)
    }

    mutating func mediumIsGone() {
        isTrayOpen = true
        loading = []
        operation = nil
        event = Event.removal
        attentions.removeAll { $0.asc == 0x28 }
    }

    /// Lets an operation go on after its command.
    mutating func begin(_ asc: UInt8, _ ascq: UInt8) {
        operation = Operation(
            sense: Sense(.notReady, asc, ascq),
            polls: polls,
            total: polls
        )
    }

    mutating func reportAttention() throws(Sense) {
        guard !attentions.isEmpty else { return }
        throw attentions.removeFirst()
    }

    /// Refuses a command while an operation goes on, which then has come further.
    mutating func reportOperation() throws(Sense) {
        if let sense = advanceOperation() { throw sense }
    }

    /// Tells of an operation that goes on, which then has come further.
    mutating func advanceOperation() -> Sense? {
        guard var current = operation else { return nil }
        guard current.polls > 0 else {
            operation = nil
            return nil
        }
        var sense = current.sense
        // Progress stays at its beginning in drives that take very long.
        let done = current.total > Self.usualPolls ? 0 : current.total - current.polls
        sense.progress = UInt16(clamping: 0x10000 * done / max(1, current.total))
        current.polls -= 1
        operation = current
        return sense
    }

    func requirePresence(_ isPresent: Bool) throws(Sense) {
        if isTrayOpen { throw Sense(.notReady, 0x3A, 0x02) }
        guard isPresent else { throw Sense(.notReady, 0x3A, 0x01) }
    }

    /// What is told of a disc that is not ready; it comes nearer with each time.
    mutating func takePoll() -> Poll? {
        loading.isEmpty ? nil : loading.removeFirst()
    }

    /// The button was pressed while the door was locked: the host is asked (MMC-6 table 318).
    mutating func requestEject() {
        if event == 0 { event = Event.ejectRequest }
    }

    /// The event that waits; it is told once.
    mutating func takeEvent(isPresent: Bool) -> DriveEvent {
        defer { event = 0 }
        return DriveEvent(
            code: event,
            isMediumPresent: isPresent && !isTrayOpen,
            isTrayOpen: isTrayOpen
        )
    }
}
