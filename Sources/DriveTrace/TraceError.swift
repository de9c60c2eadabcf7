/// A trace can't be used.
public struct TraceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Its file.
    public var path: String
    /// The line, from 1; 0 where it is not one line's matter.
    public var line: Int
    /// What is wrong.
    public var problem: String

    /// One sentence.
    public var description: String {
        line == 0
            ? "\(path) can't be used as a trace: \(problem)."
            : "Line \(line) of the trace \(path) can't be used: \(problem)."
    }
}
