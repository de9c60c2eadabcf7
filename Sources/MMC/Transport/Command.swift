/// A SCSI command: its descriptor block, which way its data go, and how long it may take.
public struct Command: Sendable, Hashable {
    /// Which way data go, and how many bytes of them.
    public enum DataPhase: Sendable, Hashable {
        /// No data.
        case none
        /// At most so many bytes come from the drive.
        case fromDrive(Int)
        /// So many bytes go to the drive.
        case toDrive(Int)
    }

    /// The command's name in the standard, such as “READ DISC INFORMATION”.
    public var name: String
    /// The command descriptor block: 6, 10, 12 or 16 bytes.
    public var cdb: [UInt8]
    /// Which way its data go.
    public var data: DataPhase
    /// How long the command may take before it counts as hung, where its carrier can keep a time.
    public var timeout: Duration

    /// Creates a command.
    public init(
        _ name: String,
        cdb: [UInt8],
        data: DataPhase = .none,
        timeout: Duration = .seconds(30)
    ) {
        self.name = name
        self.cdb = cdb
        self.data = data
        self.timeout = timeout
    }

    /// The timeout in milliseconds.
    public var milliseconds: Int {
        let (seconds, attoseconds) = timeout.components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
