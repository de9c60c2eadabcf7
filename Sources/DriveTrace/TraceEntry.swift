public import MMC

/// One command of a trace: a line of its file.
public struct TraceEntry: Hashable, Sendable, Codable {
    /// Who sent the command.
    public enum Sender: String, Hashable, Sendable, Codable {
        /// A program, by SG_IO or CDROM_SEND_PACKET.
        case program
        /// The system, on its own account: to open the node, to read blocks.
        case system
    }

    /// Which way its data went.
    public enum Direction: String, Hashable, Sendable, Codable {
        case none, `in`, out
    }

    /// Why there was no answer.
    public enum Trouble: String, Hashable, Sendable, Codable {
        case gone
        case timedOut = "timed-out"
        case notPermitted = "not-permitted"
        case failed
    }

    /// Its place in the trace, from 1.
    public var number: Int
    /// The drive's node, such as “/dev/sr0”.
    public var drive: String
    /// Who sent it.
    public var sender: Sender
    /// When it began, in seconds from the beginning of the trace.
    public var at: Double
    /// How long it took, in seconds.
    public var took: Double
    private var cdbDigits: HexBytes
    /// Which way its data went.
    public var direction: Direction
    /// Bytes that were sent, or that there was room for.
    public var room: Int
    /// Bytes that were moved.
    public var moved: Int
    private var dataDigits: HexBytes?
    /// The SHA-256 of the moved bytes where they are not held here.
    public var sha256: String?
    /// Bytes were replaced by zeros: they can tell one drive, or one disc, from all others.
    public var isBlanked: Bool?
    /// The status byte; absent where there was no answer.
    public var status: UInt8?
    private var senseDigits: HexBytes?
    /// Why there was no answer.
    public var trouble: Trouble?

    enum CodingKeys: String, CodingKey {
        case number = "n"
        case drive
        case sender = "by"
        case at, took
        case cdbDigits = "cdb"
        case direction, room, moved
        case dataDigits = "data"
        case sha256
        case isBlanked = "blanked"
        case status
        case senseDigits = "sense"
        case trouble = "error"
    }

    /// The command descriptor block.
    public var cdb: [UInt8] {
        get { cdbDigits.bytes }
        set { cdbDigits = HexBytes(newValue) }
    }

    /// The moved bytes, where the trace holds them.
    public var data: [UInt8]? {
        get { dataDigits?.bytes }
        set { dataDigits = newValue.map(HexBytes.init) }
    }

    /// The sense data; empty where there were none.
    public var sense: [UInt8] {
        get { senseDigits?.bytes ?? [] }
        set { senseDigits = newValue.isEmpty ? nil : HexBytes(newValue) }
    }

    /// Creates an entry of a command that has no data and ended well.
    public init(cdb: [UInt8], drive: String = "/dev/sr0", sender: Sender = .program) {
        number = 0
        self.drive = drive
        self.sender = sender
        at = 0
        took = 0
        cdbDigits = HexBytes(cdb)
        direction = .none
        room = 0
        moved = 0
        status = 0
    }

    /// Takes over how a command ended.
    public mutating func take(_ completion: Completion) {
        status = completion.status.rawValue
        sense = completion.senseBytes
        moved = max(0, completion.transferred)
    }

    /// Takes over why a command got no answer.
    public mutating func take(_ error: TransportError) {
        status = nil
        trouble =
            switch error.code {
            case .deviceGone: .gone
            case .timedOut: .timedOut
            case .notPermitted: .notPermitted
            default: .failed
            }
    }
}
