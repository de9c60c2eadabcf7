/// A specification can't be understood: of a fault, or of how a drive treats audio.
public struct FaultError: Error, Hashable, Sendable {
    /// The specification.
    public var specification: String
    /// What is wrong with it.
    public var problem: String

    /// What it is a specification of.
    var noun: String

    init(_ specification: String, _ problem: String, of noun: String = "fault") {
        self.noun = noun
        self.specification = specification
        self.problem = problem
    }
}

extension FaultError: CustomStringConvertible {
    /// One sentence.
    public var description: String { "The \(noun) “\(specification)” is unusable: \(problem)." }
}
