import LinuxCalls
import SpindleJobs
import Synchronization
import SystemPackage
import TerminalProgress

/// The one place where things are printed: data on the standard output, all else on the standard
/// error.
final class Output: Sendable {
    private struct State {
        /// Whether a progress line stands on the terminal, to be written over.
        var hasLine = false
        /// The sectors of the job, as its plan has them.
        var sectors: Int?
        /// The job's steps, as its plan has them, and what they took.
        var steps = JobSteps(nil)
        /// What the steps of an earlier plan took, as of a copy's rip.
        var earlier: [PhaseTime] = []
        var lastPlain = -Double.infinity
        /// Since when nothing was shown, by the clock; `nil` if that is not told.
        var looksSince: Double?
        /// When that was told last, in lines.
        var lastLook = -Double.infinity
        /// Of several drives, what each is at, by their nodes.
        var drives: [String: String] = [:]
        /// Why data could not be printed, the first time that it was so.
        var lost: SystemError?
    }

    /// Seconds between two lines of plain progress.
    private static let plainInterval = 5.0

    private let json: Bool
    private let quiet: Bool
    private let verbose: Bool
    private let progress: ProgressStyle
    /// Whether the verb shows progress.
    private let hasOwnStyle: Bool
    /// Whether a line on the standard error can be written over.
    private let errorIsTerminal = Terminal.isTerminal(.error) && !Page.isDumb
    private let state = Mutex(State())

    /// Whether a person reads it, and not a program.
    var isForPeople: Bool { !json }

    init(_ options: some OutputChoices) {
        json = options.json
        quiet = options.quiet
        verbose = options.work.verbose
        progress =
            options.work.progress
            ?? Settings.current.setting(.progress).flatMap { ProgressStyle(rawValue: $0.value) }
            ?? .auto
        hasOwnStyle = true
    }

    /// The output of a verb that shows no progress.
    init(_ options: ResultOptions) {
        json = options.json
        quiet = options.quiet
        verbose = false
        progress = .none
        hasOwnStyle = false
    }

    /// The output of a verb that answers a question.
    ///
    /// - Parameter json: Whether a program reads it; by default a person does.
    init(json: Bool = false) {
        self.json = json
        quiet = false
        verbose = false
        progress = .none
        hasOwnStyle = false
    }

    /// Prints the answer to a question.
    ///
    /// - Parameters:
    ///   - document: The answer as JSON has it.
    ///   - lines: The same for a person.
    /// - Throws: ``Reports/Failure`` where the output did not take it.
    func answer(_ document: some Encodable, lines: () -> [String]) throws(Failure) {
        if json { data(json: JSON.encode(document)) } else { data(lines()) }
        try checkData()
    }

    /// Prints an event of a verb that goes on until it is stopped.
    ///
    /// - Parameters:
    ///   - event: What kind of event it is.
    ///   - body: What belongs to it in the JSON.
    ///   - lines: The same for a person.
    /// - Throws: ``Reports/Failure`` where the output did not take it.
    func tell(_ event: String, _ body: some Encodable, lines: () -> [String]) throws(Failure) {
        if json {
            let head = "{\"event\":\"\(event)\",\"version\":\(JobEvent.version),"
            let time = "\"time\":\(JSON.encode(Timestamp.now)),"
            data(json: head + time + JSON.encode(body).dropFirst())
        } else {
            data(lines())
        }
        try checkData()
    }

    /// Prints the result of a command that was refused before it had options for its output.
    func show(refusal: Failure, of verb: String) {
        let result = JobEvent.result(JobResult(refusal, verb: verb))
        data(json: result.json(at: Timestamp.now))
    }

    /// Prints a text that the parser of the command line has made.
    ///
    /// - Parameters:
    ///   - text: The text, of several lines.
    ///   - arguments: The arguments, which it may repeat.
    ///   - isAnswer: Whether it is what was asked for, such as help.
    /// - Throws: ``Reports/Failure`` where the output did not take what was asked for.
    func show(_ text: String, containing arguments: [String], isAnswer: Bool) throws(Failure) {
        if isAnswer {
            // Help and the like is this program's own, and repeats nothing.
            write(text + "\n")
        } else {
            Terminal.write(ShownText.lines(text, containing: arguments) + "\n", to: .error)
        }
        try checkData()
    }

    /// Prints a document that was asked for in JSON.
    ///
    /// - Parameter document: The document.
    /// - Throws: ``Reports/Failure`` where the output did not take it.
    func show(json document: some Encodable) throws(Failure) {
        data(json: JSON.encode(document))
        try checkData()
    }

    /// Looks back at whether all data could be printed.
    ///
    /// A program that was started without a standard output has nobody who waits for it, and its work
    /// counts.
    ///
    /// - Throws: ``Reports/Failure`` if they could not, as when the disk is full.
    func checkData() throws(Failure) {
        guard let error = state.withLock({ $0.lost }), !error.isBadDescriptor else { return }
        try Self.check(error)
    }

    /// Looks at why data could not be printed.
    ///
    /// - Parameter error: What the system said.
    /// - Throws: ``Reports/Failure``, but where the reader has had enough, as `head` does.
    static func check(_ error: SystemError) throws(Failure) {
        guard !error.isBrokenPipe else { return }
        throw Failure(
            .trouble,
            "The answer could not be written: \(error.reason).",
            meaning: "Output was cut short.",
            advice: "Check the output destination and run the command again."
        )
    }

    /// Shows an event of a job.
    func show(_ event: JobEvent) {
        let event = timed(event)
        if json {
            data(json: event.json(at: Timestamp.now))
            return
        }
        switch event {
        case .plan(let plan):
            state.withLock { $0.sectors = plan.sectors }
            if !quiet { note(PlanText.lines(plan)) }
        case .progress(let progress):
            if !quiet { show(progress) }
        case .message(let message):
            if shows(message) || (message.severity == .note && !quiet) {
                note(["\(message.origin): \(message.text)"])
            }
        case .result(let result):
            clearLine()
            let lines = ResultText.lines(result, of: state.withLock { $0.sectors })
            if result.exitCode == 0 {
                if !quiet { data(lines, headed: result.status) }
            } else {
                note(lines, headed: result.status)
            }
            if !quiet, let times = ResultText.times(result) { note([times]) }
        }
    }

    /// An event with what this process knows of the job's steps and times.
    private func timed(_ event: JobEvent) -> JobEvent {
        state.withLock { state in
            switch event {
            case .plan(let plan):
                state.earlier += state.steps.phases
                state.steps = JobSteps(plan)
                return event
            case .progress(let progress):
                return .progress(state.steps.take(progress))
            case .message:
                return event
            case .result(var result):
                let phases = state.earlier + state.steps.phases
                result.phases = phases.isEmpty ? nil : phases
                return .result(result)
            }
        }
    }

    /// Whether a message is for everybody.
    ///
    /// What libraries say is in the JSON and the log, and here with `--verbose`: the result says what
    /// it means.
    private func shows(_ message: JobMessage) -> Bool {
        verbose || (message.severity == .warning && message.origin == JobMessage.ownOrigin)
    }

    /// Shows an event of one of several drives.
    func show(_ event: JobEvent, of drive: FilePath) {
        guard !json else { return data(json: event.json(at: Timestamp.now, ofDrive: drive.string)) }
        switch event {
        case .plan(let plan):
            if !quiet { note(PlanText.lines(plan).map { "\(drive): \($0)" }) }
        case .progress(let counts):
            guard !quiet, progress != .none else { return }
            let share = counts.fraction.map { " \(Int($0 * 100)) %" } ?? ""
            show("\(drive) \(counts.phase.rawValue)\(share)", of: drive)
        case .message(let message):
            if shows(message) {
                note(["\(drive): \(message.origin): \(message.text)"])
            }
        case .result(let result):
            if !quiet { note(ResultText.lines(result).map { "\(drive): \($0)" }) }
        }
    }

    /// Shows what all drives are at, in one line.
    private func show(_ counts: String, of drive: FilePath) {
        let all = state.withLock { state in
            state.looksSince = nil
            state.drives[drive.string] = counts
            return state.drives.sorted { $0.key < $1.key }.map(\.value).joined(separator: "   ")
        }
        let isDue = state.withLock { state in
            guard Clock.seconds - state.lastPlain >= (progress == .plain ? Self.plainInterval : 0.2)
            else { return false }
            state.lastPlain = Clock.seconds
            return true
        }
        guard isDue else { return }
        if progress == .plain { return note([all]) }
        guard errorIsTerminal else { return }
        let columns = Terminal.columns(.error) ?? 80
        Terminal.write("\r\(ShownText.line(String(all.prefix(columns - 1))))\u{1B}[K", to: .error)
        state.withLock { $0.hasLine = true }
    }

    /// Seconds without anything to show of which nothing is said.
    private static let silence = 1.0

    /// Has it shown that time passes, from now on until anything else is.
    ///
    /// - Returns: Whether somebody sees it.
    func startLooking() -> Bool {
        guard !json, !quiet, looks == .plain || looks == .auto && errorIsTerminal else {
            return false
        }
        state.withLock { $0.looksSince = Clock.seconds }
        return true
    }

    /// How a verb shows that time passes; one that shows no other progress does as the settings say.
    private var looks: ProgressStyle {
        hasOwnStyle
            ? progress
            : Settings.current.setting(.progress).flatMap { ProgressStyle(rawValue: $0.value) }
                ?? .auto
    }

    /// Shows that time passes if nothing else was shown.
    ///
    /// - Returns: Whether nothing was.
    func showLooking() -> Bool {
        let style = looks
        // Written under the lock, so that it stands on no line that others have begun.
        return state.withLock { state in
            guard let since = state.looksSince else { return false }
            let seconds = Clock.seconds - since
            if style == .plain {
                guard Clock.seconds - max(since, state.lastLook) >= Self.plainInterval else {
                    return true
                }
                state.lastLook = Clock.seconds
                Terminal.write(ProgressLine.looking(for: seconds) + "\n", to: .error)
            } else if seconds >= Self.silence {
                let columns = Terminal.columns(.error) ?? 80
                let line = ProgressLine.looking(for: seconds, columns: columns)
                Terminal.write("\r\(line)\u{1B}[K", to: .error)
                state.hasLine = true
            }
            return true
        }
    }

    /// Takes the line of progress away, before others print where it may stand.
    func endLine() { clearLine() }

    /// Prints lines for a person, which a terminal gets broken between words.
    ///
    /// - Parameters:
    ///   - lines: The lines.
    ///   - status: The status whose headline the first line begins with; `nil` if it has none.
    func note(_ lines: [String], headed status: JobStatus? = nil) {
        clearLine()
        Terminal.write(Page(.error).text(lines, headed: status), to: .error)
    }

    /// Waits for a line from a person on the terminal.
    ///
    /// - Parameters:
    ///   - prompt: What stands before the answer, on its line.
    ///   - cancellation: Heeded while it waits.
    /// - Returns: The line without white space; empty at the end of the input, and if a stop is
    ///   wished; `nil` where there is nobody to ask.
    func answer(to prompt: String, _ cancellation: Cancellation) -> String? {
        guard hasPerson else { return nil }
        clearLine()
        Terminal.write(ShownText.line(prompt) + " ", to: .error)
        let answer = Terminal.readLine { cancellation.isRequested }
        // The end of the line that nobody entered.
        if answer == nil { Terminal.write("\n", to: .error) }
        return answer?.filter { !$0.isWhitespace } ?? ""
    }

    /// Whether somebody sees what is asked, and can answer.
    var hasPerson: Bool { !json && Terminal.isTerminal(.input) && errorIsTerminal }

    private func data(_ lines: [String]) {
        write(lines.map { ShownText.line($0) + "\n" }.joined())
    }

    private func data(_ lines: [String], headed status: JobStatus) {
        write(Page(.output).text(lines, headed: status))
    }

    private func data(json: String) {
        write(ShownText.json(json) + "\n")
    }

    private func write(_ text: String) {
        clearLine()
        guard let error = Terminal.write(text, to: .output) else { return }
        state.withLock { $0.lost = $0.lost ?? error }
    }

    private func show(_ progress: JobProgress) {
        state.withLock { $0.looksSince = nil }
        switch self.progress {
        case .none:
            return
        case .auto:
            guard errorIsTerminal else { return }
            let line = ShownText.line(
                ProgressLine.draw(progress, columns: Terminal.columns(.error) ?? 80)
            )
            // Back to the line's beginning, and clear what stood behind the new text.
            Terminal.write("\r\(line)\u{1B}[K", to: .error)
            state.withLock { $0.hasLine = true }
        case .plain:
            let now = Clock.seconds
            let isDue = state.withLock { state in
                guard now - state.lastPlain >= Self.plainInterval else { return false }
                state.lastPlain = now
                return true
            }
            if isDue { note([ProgressLine.plain(progress)]) }
        }
    }

    private func clearLine() {
        let hadLine = state.withLock { state in
            state.looksSince = nil
            defer { state.hasLine = false }
            return state.hasLine
        }
        if hadLine { Terminal.write("\r\u{1B}[K", to: .error) }
    }
}
