/// Why sessions and tracks can't be those of a disc.
public struct LayoutProblem: Error, Hashable, Sendable {
    /// What is wrong: a sentence without its full stop.
    public var problem: String

    /// Creates a problem.
    public init(_ problem: String) {
        self.problem = problem
    }
}

extension LayoutProblem: CustomStringConvertible {
    /// One sentence.
    public var description: String { problem + "." }
}
