/// A node's fault can't be understood.
public struct NodeFaultError: Error, Hashable, Sendable {
    /// The specification.
    public var specification: String
    /// What is wrong with it.
    public var problem: String

    init(_ specification: String, _ problem: String) {
        self.specification = specification
        self.problem = problem
    }
}

extension NodeFaultError: CustomStringConvertible {
    /// One sentence.
    public var description: String { "The fault “\(specification)” is unusable: \(problem)." }
}
