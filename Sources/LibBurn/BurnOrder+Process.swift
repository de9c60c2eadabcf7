internal import LinuxCalls

extension BurnOrder {
    /// Does the work, in a process of its own if there is a program for it.
    ///
    /// libburn 1.5.4 crashes on some replies that a drive may give, such as a table of contents with
    /// sessions that are numbered 0, even when everything is written. In a process of its own that
    /// costs nothing but libburn's word on the write; the disc can still be asked.
    ///
    /// - Parameters:
    ///   - program: The program and its arguments; it has to call ``BurnWorker/serveIfAsked()``. `nil`
    ///     does the work in this process.
    ///   - input: The payloads of all tracks, one after the other; read on a thread of its own.
    ///   - control: Whom it tells, and asks.
    /// - Returns: What libburn said on the way.
    /// - Throws: ``BurnError``.
    public func run(
        by program: [String]?,
        input: any BurnInput = NoInput(),
        control: WriteControl
    ) throws(BurnError) -> [BurnMessage] {
        if let program {
            var payloadBytes: Int? = 0
            if case .write(let session, _) = task { payloadBytes = session.payloadBytes }
            let process: WorkerProcess
            do {
                process = try WorkerProcess(program, self)
            } catch {
                throw BurnError(.unavailable, "No process for libburn can be started: \(error)")
            }
            return try process.follow(input: input, byteCount: payloadBytes, control: control)
        }
        var result: Result<[BurnMessage], BurnError>?
        carryOut(input: input, control: control) { result = result ?? $0 }
        guard let result else { throw BurnError(.lost, "libburn did not say what it did") }
        return try result.get()
    }
}

/// An input with nothing in it.
public final class NoInput: BurnInput {
    /// Creates one.
    public init() {}

    /// Ends at once.
    public func read(into buffer: inout MutableSpan<UInt8>) -> Int? { 0 }
}
