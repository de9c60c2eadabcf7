/// A command could not be brought to a drive, or no answer came back.
public struct TransportError: Error, Hashable, Sendable {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable {
        enum Kind { case deviceGone, timedOut, notPermitted, failed }
        let kind: Kind

        /// The drive is no longer there: unplugged, or its bus was reset.
        public static let deviceGone = Code(kind: .deviceGone)
        /// The drive did not answer in time.
        public static let timedOut = Code(kind: .timedOut)
        /// The system does not let this user send commands.
        public static let notPermitted = Code(kind: .notPermitted)
        /// Anything else; the context says what.
        public static let failed = Code(kind: .failed)
    }

    /// What kind of trouble it is.
    public var code: Code
    /// The command's name.
    public var command: String
    /// What the system said.
    public var context: String

    /// Creates an error.
    public init(_ code: Code, command: String, context: String) {
        self.code = code
        self.command = command
        self.context = context
    }
}

extension TransportError: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        switch code {
        case .deviceGone: "The drive went away during \(command): \(context)."
        case .timedOut: "The drive did not answer \(command) in time: \(context)."
        case .notPermitted: "The system does not let \(command) through: \(context)."
        default: "\(command) could not be sent to the drive: \(context)."
        }
    }
}
