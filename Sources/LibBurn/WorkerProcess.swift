internal import LinuxCalls

/// libburn's process, as the one that started it sees it.
struct WorkerProcess {
    /// Seconds between two looks at whether to stop.
    private static let beat = 0.05
    /// Bytes that may be under way to libburn.
    private static let buffer = 1 << 20

    /// Seconds that a process which was killed is waited for: a command of its may have to come to its end.
    private static let patience = 10.0

    private let task: BurnOrder.Task
    private let child: ChildProcess
    private let control: StreamSocket
    private let payload: StreamSocket

    /// Starts the process and gives it its order.
    init(_ program: [String], _ order: BurnOrder) throws(SystemError) {
        let (control, itsControl) = try StreamSocket.pair()
        let (payload, itsPayload) = try StreamSocket.pair()
        payload.enlargeBuffers(to: Self.buffer)
        task = order.task
        // Its crash is this process's to report.
        let quiet = ["SWIFT_BACKTRACE=enable=no"]
        child = try ChildProcess(
            arguments: program + [BurnWorker.mark],
            environment: quiet
                + Environment.all.filter { !$0.hasPrefix("SWIFT_BACKTRACE=") },
            passing: [itsControl, itsPayload]
        )
        self.control = control
        self.payload = payload
        let line = WorkerLine.encode(order)
        try? control.send(line.span)
    }

    /// Feeds the process and passes on what it tells, until it has ended.
    ///
    /// - Parameters:
    ///   - input: What it is fed.
    ///   - byteCount: Bytes of that, for the rest may belong to another session; absent for all.
    ///   - writing: Whom it tells, and asks.
    /// - Returns: What libburn said.
    /// - Throws: ``BurnError`` if it went wrong, or the process ended without a word.
    func follow(
        input: any BurnInput,
        byteCount: Int?,
        control writing: WriteControl
    ) throws(BurnError) -> [BurnMessage] {
        let payload = payload
        let isWaiting = Monitor(false)
        let feeder: Thread
        do {
            feeder = try Thread(name: "payload") {
                WorkerPayload.send(
                    input,
                    byteCount: byteCount,
                    through: payload,
                    isWaiting: isWaiting
                )
            }
        } catch {
            control.shutDown()
            _ = child.wait()
            throw BurnError(.unavailable, "No thread can be started: \(error)")
        }
        var lines = WorkerLines(control)
        var last: WriteProgress?
        var result: Result<[BurnMessage], BurnError>?
        var hasAsked = false
        var hasStopped = false
        var watch = StallWatch(task, now: Clock.seconds)
        var question: DriveQuestion?
        var stall: StallWatch.Step?
        func stop() {
            guard !hasStopped else { return }
            hasStopped = true
            writing.whenStopping()
            payload.shutDown()
        }
        while !lines.hasEnded {
            if !hasAsked, writing.isCancelled() {
                hasAsked = true
                answer(WorkerAnswer.stop)
            }
            let hasInput = control.waitForInput(seconds: Self.beat)
            if let work = question?.answer {
                watch.hear(work)
                question = nil
            }
            switch watch.step(now: Clock.seconds) {
            case .wait: break
            // What libburn waits for is the source's.
            case _ where !hasAsked && isWaiting.read({ $0 }): watch.hear(now: Clock.seconds)
            case .ask:
                if question == nil { question = writing.askDrive.flatMap { DriveQuestion($0) } }
            case let step:
                stall = step
                child.killGroup()
            }
            guard stall == nil else { break }
            guard hasInput else { continue }
            for line in lines.receive() {
                let event = WorkerLine.decode(WorkerEvent.self, line)
                var isNews = true
                if case .progress(let progress) = event { isNews = progress != last }
                if isNews { watch.hear(now: Clock.seconds) }
                switch event {
                case .progress(let progress):
                    last = progress
                    watch.isWriting = progress.phase == .writing
                    writing.observe(progress)
                case .ready:
                    answer(writing.isCancelled() ? WorkerAnswer.stop : WorkerAnswer.go)
                case .stopping:
                    stop()
                case .done(let messages):
                    result = .success(messages)
                case .failed(let error):
                    result = .failure(error)
                    stop()
                case nil:
                    break
                }
            }
        }
        let ending = stall == nil ? child.wait() : child.wait(seconds: Self.patience)
        if result == nil { stop() }
        payload.shutDown()
        feeder.join()
        guard let result else { throw Self.lost(how(stall, ending), last) }
        return try result.get()
    }

    /// How a process ended that had not said how its work had gone: the sentence's beginning.
    private func how(_ stall: StallWatch.Step?, _ ending: ChildProcess.Ending?) -> String {
        switch (stall, ending) {
        case (.endBusy, _):
            "The drive was at work for longer than such work takes, and did not get on with it, so that libburn was ended"
        case (.some, _):
            "libburn went on waiting for the drive, which had nothing left to do, and was ended"
        case (nil, .signalled(let number)): "libburn crashed (signal \(number))"
        case (nil, .exited(let code)): "libburn ended (exit code \(code))"
        case (nil, nil): "libburn ended"
        }
    }

    private func answer(_ byte: UInt8) {
        let bytes = [byte]
        try? control.send(bytes.span)
    }

    private static func lost(_ how: String, _ last: WriteProgress?) -> BurnError {
        BurnError(
            .lost,
            "\(how) without saying how its work had gone",
            isDelivered: last?.hasAll ?? false,
            bytes: last?.delivered ?? 0
        )
    }
}

/// A question to the drive, which may have to wait for a command that is under way.
private struct DriveQuestion {
    private let given = Monitor<DriveWork?>(nil)

    /// What the drive says; `nil` if it has said nothing yet.
    var answer: DriveWork? { given.read { $0 } }

    /// Asks, on a thread of its own; `nil` if there can be none.
    init?(_ ask: @escaping @Sendable () -> DriveWork) {
        let given = given
        do {
            try Thread(name: "question") {
                let work = ask()
                given.update { $0 = work }
            }.detach()
        } catch {
            return nil
        }
    }
}
