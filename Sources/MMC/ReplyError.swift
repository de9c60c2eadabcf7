/// A drive's reply can't be what the standard says it is.
public struct ReplyError: Error, Hashable, Sendable {
    /// The command that was answered, by its name in the standard.
    public var command: String
    /// What is wrong with the reply.
    public var problem: String

    /// Creates an error.
    public init(_ command: String, _ problem: String) {
        self.command = command
        self.problem = problem
    }
}

extension ReplyError: CustomStringConvertible {
    /// One sentence.
    public var description: String { "The drive's answer to \(command) is unusable: \(problem)." }
}
