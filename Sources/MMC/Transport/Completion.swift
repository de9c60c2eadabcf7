/// How a command ended.
public struct Completion: Hashable, Sendable {
    /// The status byte.
    public var status: SCSIStatus
    /// The sense data as the drive sent them, empty where it sent none.
    public var senseBytes: [UInt8]
    /// Bytes that were moved in the data phase.
    public var transferred: Int

    /// Creates a completion.
    public init(status: SCSIStatus = .good, senseBytes: [UInt8] = [], transferred: Int = 0) {
        self.status = status
        self.senseBytes = senseBytes
        self.transferred = transferred
    }

    /// The completion of a command that the drive refused or could not carry out.
    public init(_ sense: Sense) {
        self.init(status: .checkCondition, senseBytes: sense.fixedFormat)
    }

    /// What the drive said, where it said anything that can be read.
    public var sense: Sense? { Sense(parsing: senseBytes) }

    /// Whether the command did what it was to do: status GOOD, or a recovered error (SPC-4 §4.5.6).
    ///
    /// A deferred error tells of an earlier command, and the one that it ends was not carried out
    /// (SPC-4 §4.5.7).
    public var succeeded: Bool {
        guard status == .checkCondition, let sense else { return status == .good }
        return sense.key == .recoveredError && !sense.isDeferred
    }
}
