import LinuxCalls
public import Reports
public import Transfer

/// Jobs on threads of their own, from the world of `async`.
///
/// A job blocks for as long as a disc turns, and libburn wants all its calls on one thread; neither
/// may be done on Swift's cooperative pool.
public enum Jobs {
    /// Runs a job on a thread of its own and hands out what it tells.
    ///
    /// The last event is always the job's result, whatever became of it. Cancelling the task that
    /// listens asks the job to stop; it then stops at the next safe place.
    ///
    /// - Parameters:
    ///   - verb: The job's verb, for the result of one that fails.
    ///   - body: The job, such as ``DiscRipping/RipJob/run(cancellation:tell:)``; its closure is
    ///     told the events.
    /// - Returns: The events, as they come; the job begins at once, whether or not someone listens.
    public static func events(
        of verb: String,
        _ body:
            @escaping @Sendable (Cancellation, @escaping @Sendable (JobEvent) -> Void)
            throws(Failure) -> JobResult
    ) -> AsyncStream<JobEvent> {
        let cancellation = Cancellation()
        let (stream, continuation) = AsyncStream.makeStream(of: JobEvent.self)
        continuation.onTermination = { reason in
            if case .cancelled = reason { cancellation.request() }
        }
        do {
            try Thread(name: verb) {
                let result = outcome(of: verb) { () throws(Failure) in
                    try body(cancellation) { continuation.yield($0) }
                }
                continuation.yield(.result(result))
                continuation.finish()
            }.detach()
        } catch {
            let failure = Failure(
                .trouble,
                "No thread can be started: \(error)",
                meaning: "Nothing was done.",
                advice: "Try again later."
            )
            continuation.yield(.result(JobResult(failure, verb: verb)))
            continuation.finish()
        }
        return stream
    }

    /// A job's result, also where it failed.
    public static func outcome(
        of verb: String,
        _ body: () throws(Failure) -> JobResult
    ) -> JobResult {
        do {
            return try body()
        } catch {
            return JobResult(error, verb: verb)
        }
    }
}
