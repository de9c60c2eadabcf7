import LinuxCalls
public import Reports
import SpindleJobs
import Synchronization

/// What a job tells, as it happens.
public struct JobEvents: AsyncSequence, Sendable {
    /// What a job tells.
    public typealias Element = JobEvent
    /// Why a job was refused or failed.
    public typealias Failure = SpindleError

    private let work: JobWork

    init(_ work: JobWork) {
        self.work = work
    }

    /// Starts the job.
    public func makeAsyncIterator() -> Iterator { Iterator(JobRun(work)) }

    /// The events of one run of the job.
    ///
    /// The job begins with the iterator, on a thread of its own: a drive's calls block, and libburn
    /// wants all of its calls on one thread.
    public final class Iterator: AsyncIteratorProtocol {
        private let run: JobRun

        fileprivate init(_ run: JobRun) {
            self.run = run
            run.start()
        }

        deinit {
            // Nobody listens any more.
            run.cancellation.request()
        }

        /// Waits for the next event.
        ///
        /// - Parameter actor: Where the caller is.
        /// - Returns: The event; `nil` after the result.
        /// - Throws: ``SpindleError`` if the job was refused or failed.
        public func next(isolation actor: isolated (any Actor)?) async throws(SpindleError)
            -> JobEvent?
        {
            await withTaskCancellationHandler {
                await run.waitForEvent()
            } onCancel: { [run] in
                run.cancellation.request()
            }
            return try run.take()
        }

        /// The same, for callers that name no actor.
        ///
        /// - Returns: The event; `nil` after the result.
        /// - Throws: ``SpindleError`` if the job was refused or failed.
        public func next() async throws(SpindleError) -> JobEvent? {
            try await next(isolation: nil)
        }
    }
}

/// A job on its way, between the thread that does it and the task that listens.
private final class JobRun: Sendable {
    private struct State {
        var events: [JobEvent] = []
        var hasEnded = false
        var failure: SpindleError?
        var listener: CheckedContinuation<Void, Never>?
    }

    let cancellation = Cancellation()
    private let work: JobWork
    private let state = Mutex(State())

    init(_ work: JobWork) {
        self.work = work
    }

    /// Does the job on a thread of its own.
    func start() {
        do {
            try Thread(name: work.verb) { [self] in
                do throws(SpindleError) {
                    let result = try work.body(cancellation) { self.add($0) }
                    add(.result(result))
                    end(nil)
                } catch {
                    end(error)
                }
            }.detach()
        } catch {
            end(
                SpindleError(
                    .trouble,
                    "No thread can be started: \(error)",
                    meaning: "Nothing was done.",
                    advice: "Try again later."
                )
            )
        }
    }

    private func add(_ event: JobEvent) {
        update { state in
            // Who listens slowly gets the newest counts, and all of the rest.
            if case .progress = event, case .progress? = state.events.last {
                state.events.removeLast()
            }
            state.events.append(event)
        }
    }

    private func end(_ failure: SpindleError?) {
        update { state in
            state.failure = failure
            state.hasEnded = true
        }
    }

    private func update(_ body: (inout State) -> Void) {
        let listener = state.withLock { state in
            body(&state)
            defer { state.listener = nil }
            return state.listener
        }
        listener?.resume()
    }

    /// Waits until there is an event or the job has ended.
    func waitForEvent() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.events.isEmpty, !state.hasEnded else { return true }
                state.listener = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Takes the oldest event; after the last one the failure, once, or `nil`.
    func take() throws(SpindleError) -> JobEvent? {
        let (event, failure) = state.withLock { state -> (JobEvent?, SpindleError?) in
            if !state.events.isEmpty { return (state.events.removeFirst(), nil) }
            defer { state.failure = nil }
            return (nil, state.failure)
        }
        if let failure { throw failure }
        return event
    }
}
