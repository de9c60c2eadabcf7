/// A map file that is none, or contradicts itself.
public struct SalvageMapError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1; `nil` if the file as a whole is meant.
    public var line: Int?
    /// What is wrong with it, as the end of a sentence.
    public var problem: String

    /// Creates an error.
    public init(line: Int? = nil, problem: String) {
        self.line = line
        self.problem = problem
    }

    /// One sentence.
    public var description: String {
        line.map { "Line \($0) of the map \(problem)." } ?? "The map \(problem)."
    }
}
