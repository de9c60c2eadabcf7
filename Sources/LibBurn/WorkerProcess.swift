internal import LinuxCalls

/// libburn's process, as the one that started it sees it.
struct WorkerProcess {
    /// Seconds between two looks at whether to stop.
    private static let beat = 0.05
    /// Bytes that may be under way to libburn.
    private static let buffer = 1 << 20

    private let child: ChildProcess
    private let control: StreamSocket
    private let payload: StreamSocket

    /// Starts the process and gives it its order.
    init(_ program: [String], _ order: BurnOrder) throws(SystemError) {
        let (control, itsControl) = try StreamSocket.pair()
        let (payload, itsPayload) = try StreamSocket.pair()
        payload.enlargeBuffers(to: Self.buffer)
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
        let feeder: Thread
        do {
            feeder = try Thread(name: "payload") {
                WorkerPayload.send(input, byteCount: byteCount, through: payload)
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
            guard control.waitForInput(seconds: Self.beat) else { continue }
            for line in lines.receive() {
                switch WorkerLine.decode(WorkerEvent.self, line) {
                case .progress(let progress):
                    last = progress
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
        let ending = child.wait()
        if result == nil { stop() }
        payload.shutDown()
        feeder.join()
        guard let result else { throw Self.lost(ending, last) }
        return try result.get()
    }

    private func answer(_ byte: UInt8) {
        let bytes = [byte]
        try? control.send(bytes.span)
    }

    private static func lost(_ ending: ChildProcess.Ending, _ last: WriteProgress?) -> BurnError {
        let how =
            switch ending {
            case .signalled(let number): "crashed (signal \(number))"
            case .exited(let code): "ended (exit code \(code))"
            }
        return BurnError(
            .lost,
            "libburn \(how) without saying how its work had gone",
            isDelivered: last?.hasAll ?? false,
            bytes: last?.delivered ?? 0
        )
    }
}
