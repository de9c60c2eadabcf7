public import Reports
package import SpindleJobs

/// Something to do with discs, as a value: it does nothing until its events or its result are asked for.
///
/// Each time they are, the job is done again.
public protocol Job: Sendable {
    /// What the job does; for the library itself.
    var work: JobWork { get }
}

/// What a job does, and what it is called.
public struct JobWork: Sendable {
    package typealias Body =
        @Sendable (Cancellation, @escaping @Sendable (JobEvent) -> Void) throws(SpindleError) ->
        JobResult

    package let verb: String
    package let body: Body

    package init(_ verb: String, _ body: @escaping Body) {
        self.verb = verb
        self.body = body
    }
}

extension Job {
    /// Does the job, and tells what happens: the plan, progress and messages, and the result last.
    ///
    /// Cancelling the task that listens asks the job to stop at the next safe point. The loop goes on
    /// until it has stopped, and then throws ``SpindleError`` with the reason `stopped`, or ends with
    /// a result whose status is `interrupted`. Leaving the loop early asks the job to stop as well.
    public var events: JobEvents { JobEvents(work) }

    /// Does the job and waits for its end.
    ///
    /// - Returns: How it ended, also if discs differ or sectors could not be read: look at `status`.
    /// - Throws: ``SpindleError`` if the job was refused or failed.
    public func run() async throws(SpindleError) -> JobResult {
        for try await event in events {
            if case .result(let result) = event { return result }
        }
        throw SpindleError(
            .trouble,
            "The job ended without a result.",
            meaning: "Nothing is known of what it did.",
            advice: "Report this."
        )
    }
}
