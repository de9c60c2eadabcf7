import LinuxCalls
import Reports

/// Running a program for somebody who waits for it.
enum RunCommand {
    /// Runs a program, and waits for its end.
    ///
    /// - Returns: The program's exit code, as a shell gives it.
    static func run(_ command: [String], environment: [String], meaning: String) throws(Failure)
        -> Int32
    {
        // The terminal sends its signals to the program as well; it alone decides what they mean.
        let terminalSignals: [Signals.Kind] = [.interrupt, .quit]
        let own = terminalSignals.filter { !Signals.isIgnored($0) }
        do throws(SystemError) {
            Signals.ignore(own)
            let child = try ChildProcess(
                arguments: command,
                environment: environment,
                restored: own
            )
            try Signals.watch([.terminate, .hangUp]) { child.send($0) }
            return child.wait().exitCode
        } catch {
            throw Failure(
                .trouble,
                "\(command.first ?? "") can't be run: \(error.reason).",
                meaning: meaning,
                advice: "Check that the program is installed."
            )
        }
    }
}
