/// libburn did not do what it was asked for.
public struct BurnError: Error, Hashable, Sendable, Codable {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable, Codable {
        enum Kind: String, Codable {
            case unavailable, cannotGrab, refused, tooLarge, failed, cancelled, lost
        }
        let kind: Kind

        /// libburn itself can't be used, or already holds a drive in this process.
        public static let unavailable = Code(kind: .unavailable)
        /// The drive could not be taken.
        public static let cannotGrab = Code(kind: .cannotGrab)
        /// The job was refused before anything was written.
        public static let refused = Code(kind: .refused)
        /// The disc has less room than the job needs; nothing was written.
        public static let tooLarge = Code(kind: .tooLarge)
        /// It went wrong on the way, or was never begun.
        public static let failed = Code(kind: .failed)
        /// It was cancelled on the way.
        public static let cancelled = Code(kind: .cancelled)
        /// libburn's own process ended without saying how its work had gone.
        public static let lost = Code(kind: .lost)
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What was tried.
    public var context: String
    /// What libburn said about it, the most telling first.
    public var messages: [BurnMessage]

    /// Whether all of the data went to the drive before it went wrong, as when a session can't be
    /// closed.
    public var isDelivered: Bool
    /// Bytes of payload that the drive was given before it went wrong, at most: those that libburn
    /// had taken.
    public var bytes: Int

    /// Whether a drive spoke of the disc, of itself or of the way to it, and not of what it was asked to
    /// do: any sense key but 5, illegal request, or no answer at all.
    public var tellsOfDiscOrWay: Bool {
        messages.contains { message in
            [1, 2, 3, 4, 6, 7, 8, 9, 0xB].contains { key in
                message.text.contains("[\(String(key, radix: 16, uppercase: true)) ")
            } || message.text.contains("Lost connection")
                || message.text.contains("transfer command")
        }
    }

    /// Whether nothing was wrong but that the drive had something to tell first (a unit attention).
    public var isUnitAttention: Bool {
        let complaints = messages.filter { $0.severity >= .sorry }
        return !complaints.isEmpty && complaints.allSatisfy(\.isUnitAttention)
    }

    /// A disc was stopped between two of its sessions.
    public static let stoppedBetweenSessions = BurnError(
        .cancelled,
        "The write was stopped between two sessions"
    )

    init(
        _ code: Code,
        _ context: String,
        messages: [BurnMessage] = [],
        isDelivered: Bool = false,
        bytes: Int = 0
    ) {
        self.bytes = bytes
        self.isDelivered = isDelivered
        self.code = code
        self.context = context
        self.messages = messages.filter { $0.severity >= .warning }
            .sorted { $0.severity > $1.severity }
    }
}

extension BurnError: CustomStringConvertible {
    /// One sentence, with libburn's own words where there are any.
    public var description: String {
        let said = messages.first.map { " (libburn: \($0.text))" } ?? ""
        return "\(context)\(said)."
    }
}
