/// libiso9660 could not do what it was asked for.
public struct ISO9660Error: Error, Hashable, Sendable, CustomStringConvertible {
    /// libiso9660's function.
    public var call: String
    /// What is known of the cause.
    public var context: String

    init(_ call: String, _ context: String) {
        self.call = call
        self.context = context
    }

    /// One sentence.
    public var description: String { "libiso9660's \(call) failed: \(context)." }
}
