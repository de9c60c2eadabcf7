/// What became of a program.
package struct Outcome: Sendable, CustomStringConvertible {
    /// The program and its arguments.
    package let arguments: [String]
    /// Its exit code, or 128 and the number of the signal that ended it, as a shell says it.
    package let status: Int
    /// The bytes that it printed.
    package let bytes: [UInt8]
    /// What it printed, as text.
    package let output: String
    /// What it wrote to its error output.
    package let errors: String
    /// How long it took.
    package let seconds: Double
    /// Whether it was killed because its time was up.
    package let wasLate: Bool

    /// What it printed, and then what it wrote to its error output.
    package var said: String { output + errors }

    package var description: String {
        let end = wasLate ? "killed after \(seconds) s" : "status \(status) after \(seconds) s"
        let command = arguments.joined(separator: " ")
        return "\(command): \(end)\n\(output.suffix(3000))\n\(errors.suffix(3000))"
    }
}
