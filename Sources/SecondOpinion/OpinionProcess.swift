private import FoundationEssentials
public import LinuxCalls
public import SystemPackage

/// The process in which another library looks at what a stranger made.
public enum OpinionProcess {
    /// The program's name.
    public static let program = "spindle-second-opinion"
    /// Bytes of a line that are taken: CD-TEXT of 99 tracks in eight languages is the longest.
    static let longestLine = 1 << 23
    /// Bytes that are taken in all.
    static let mostBytes = 1 << 29
    /// Seconds that the program has to end after its last line, and to be gone after it was killed.
    private static let graceSeconds = 2.0

    /// Where the program is: beside this one, or in `../lib/spindle` or `../libexec/spindle` from there.
    ///
    /// - Returns: `nil` if it is not installed.
    public static func find() -> FilePath? {
        guard let own = FileSystem.linkTarget("/proc/self/exe") else { return nil }
        let directory = own.removingLastComponent()
        let prefix = directory.removingLastComponent()
        return [
            directory.appending(program),
            prefix.appending("lib/spindle").appending(program),
            prefix.appending("libexec/spindle").appending(program),
        ].first { FileSystem.exists($0) }
    }

    /// Asks, and hands on the lines of the answer as they come.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - take: Is given each line but the last; it returns false for a line that can't be.
    /// - Throws: ``OpinionError`` if there is no whole answer.
    public static func ask(
        _ question: OpinionQuestion,
        take: (OpinionLine) -> Bool
    ) throws(OpinionError) {
        guard let path = find() else {
            throw OpinionError(
                .missing,
                "\(program), which asks \(question.library), is not installed."
            )
        }
        let child: ChildProcess
        let output: StreamSocket
        do {
            let (own, other) = try StreamSocket.pair()
            output = own
            child = try ChildProcess(
                arguments: [path.text] + question.limits.arguments
                    + [String(Processes.ownNumber)] + question.arguments,
                environment: question.keepsEnvironment ? Environment.all : Environment.bare,
                directory: question.directory,
                input: question.input,
                output: other
            )
        } catch {
            throw OpinionError(.cannotStart, "\(program) can't be started: \(error).")
        }
        let result = Result { () throws(OpinionError) in
            try read(output, question, take: take)
        }
        // Nobody waits for what it still has to say.
        output.shutDown()
        if case .failure = result { child.killGroup() }
        let ending = child.end(within: graceSeconds)
        if case .failure(let error) = result {
            throw error.code == .gaveUp ? explained(error, ending, question) : error
        }
        guard ending == .exited(0) else {
            throw explained(OpinionError(.gaveUp, ""), ending, question)
        }
    }

    /// Reads lines until the last one.
    private static func read(
        _ output: StreamSocket,
        _ question: OpinionQuestion,
        take: (OpinionLine) -> Bool
    ) throws(OpinionError) {
        let deadline = Clock.seconds + question.seconds
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var pending: [UInt8] = []
        var total = 0
        while true {
            let left = deadline - Clock.seconds
            guard left > 0, output.waitForInput(seconds: left) else {
                throw OpinionError(
                    .gaveUp,
                    "\(question.library) gave up: it had no answer within \(Int(question.seconds)) seconds."
                )
            }
            var span = buffer.mutableSpan
            // An end that was killed is an end.
            let count = (try? output.receive(into: &span)) ?? 0
            guard count > 0 else { throw OpinionError(.gaveUp, "") }
            total += count
            var rest = buffer[..<count]
            while let end = rest.firstIndex(of: 0x0A) {
                pending += rest[..<end]
                rest = rest[(end + 1)...]
                if try isLast(pending, question, take: take) { return }
                pending.removeAll(keepingCapacity: true)
            }
            pending += rest
            guard pending.count <= longestLine, total <= mostBytes else {
                throw OpinionError(.gaveUp, "\(question.library) gave up: its answer has no end.")
            }
        }
    }

    /// Hands a line on.
    ///
    /// - Returns: Whether it was the last one.
    private static func isLast(
        _ bytes: [UInt8],
        _ question: OpinionQuestion,
        take: (OpinionLine) -> Bool
    ) throws(OpinionError) -> Bool {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let line = try? decoder.decode(OpinionLine.self, from: Data(bytes)) else {
            throw OpinionError(.gaveUp, "\(question.library) gave up: its answer can't be read.")
        }
        switch line.kind {
        case .end: return true
        case .failed:
            throw OpinionError(.refused, line.reason ?? "\(question.library) can't read it.")
        default:
            guard take(line) else {
                throw OpinionError(
                    .gaveUp,
                    "\(question.library) gave up: its answer is impossible."
                )
            }
            return false
        }
    }

    /// The error of a program that ended early, by how it ended.
    private static func explained(
        _ error: OpinionError,
        _ ending: ChildProcess.Ending?,
        _ question: OpinionQuestion
    ) -> OpinionError {
        guard error.description.isEmpty else { return error }
        let how =
            switch ending {
            case .signalled(let number): "its process was ended by signal \(number)"
            case .exited(let code): "its process ended with code \(code)"
            case nil: "its process hangs"
            }
        return OpinionError(.gaveUp, "\(question.library) gave up: \(how).")
    }
}

extension ProcessLimits {
    /// The limits as arguments of the program.
    var arguments: [String] { [String(memory), String(seconds), String(files)] }

    /// Takes limits from arguments of the program.
    ///
    /// The result is `nil` if they are none.
    public init?(arguments: ArraySlice<String>) {
        let numbers = arguments.compactMap { Int($0) }
        guard arguments.count == 3, numbers.count == 3 else { return nil }
        self.init(memory: numbers[0], seconds: numbers[1], files: numbers[2])
    }
}
