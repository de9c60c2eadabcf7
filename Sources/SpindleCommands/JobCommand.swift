import ArgumentParser
import LinuxCalls
import SpindleJobs

/// Runs jobs for commands: events to the output, signals to the job, the result to the exit code.
enum JobCommand {
    /// Runs a job to its end and leaves the process with its exit code.
    ///
    /// Ctrl-C, Ctrl-\ and SIGTERM ask it to stop at the next safe place, and so may a terminal that
    /// goes away; where something can be left out, the first Ctrl-C ends that alone. That, and Ctrl-Z, do
    /// nothing to a job that must not pause. The machine is kept awake for one that works with a disc, and
    /// the desktop is told when that was long.
    static func run(
        _ verb: String,
        _ output: Output,
        ignoring ignored: [Signals.Kind] = [],
        stoppingOn stopping: [Signals.Kind] = [.interrupt, .quit, .terminate],
        writing papers: JobPapers? = nil,
        keepingAwake: Bool = false,
        _ body:
            @escaping @Sendable (Cancellation, @escaping @Sendable (JobEvent) -> Void)
            throws(Failure) -> JobResult
    ) async throws {
        Signals.ignore(ignored)
        let start = Clock.seconds
        let interruption = Cancellation()
        try? Signals.watch(stopping) { kind in
            if kind == .interrupt { interruption.requestSparing() } else { interruption.request() }
        }
        let thread = Monitor<Thread?>(nil)
        let manners = keepingAwake ? DesktopManners(verb) : nil
        let looking = output.beginLooking()
        var result = await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = {
                let result = Jobs.outcome(of: verb) { () throws(Failure) in
                    try body(interruption) { event in
                        papers?.note(event)
                        output.show(event)
                    }
                }
                continuation.resume(returning: result)
            }
            do {
                let started = try Thread(name: verb, work)
                thread.update { $0 = started }
            } catch {
                work()
            }
        }
        // What it still does must not go on while the process ends.
        thread.read { $0 }?.join()
        looking?.end()
        result.seconds = Clock.seconds - start
        manners?.end(result, tells: output.isForPeople)
        papers?.note(.result(result))
        output.show(.result(result))
        var code = Int32(result.exitCode)
        do throws(Failure) {
            try output.checkData()
        } catch {
            output.note(error.sentences)
            if code == 0 { code = error.exitCode.rawValue }
        }
        do throws(Failure) {
            try papers?.finish()
        } catch {
            output.note(error.sentences)
            if code == 0 { code = error.exitCode.rawValue }
        }
        throw ArgumentParser.ExitCode(code)
    }

    /// Answers a question, or leaves the process with a failure's sentences and exit code.
    static func answer(_ output: Output, _ body: () throws(Failure) -> Void) throws {
        do throws(Failure) {
            try body()
        } catch {
            output.note(error.sentences)
            throw ArgumentParser.ExitCode(error.exitCode.rawValue)
        }
    }
}
