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
    ///   - isCancelled: Asked several times a second; if it says yes, writing stops at the next safe
    ///     place. Once libburn has all that there is to write, it is left to finish.
    ///   - whenStopping: Called once if the work stops early, so that the input ends.
    ///   - observe: Told several times a second how far it is.
    /// - Returns: What libburn said on the way.
    /// - Throws: ``BurnError``.
    public func run(
        by program: [String]?,
        input: any BurnInput = NoInput(),
        isCancelled: () -> Bool = { false },
        whenStopping: () -> Void = {},
        observe: (WriteProgress) -> Void
    ) throws(BurnError) -> [BurnMessage] {
        if let program {
            let process: WorkerProcess
            do {
                process = try WorkerProcess(program, self)
            } catch {
                throw BurnError(.unavailable, "No process for libburn can be started: \(error)")
            }
            return try process.follow(
                // The rest of the input may belong to another session.
                input: payloadBytes.map { LimitedInput(input, byteCount: $0) } ?? input,
                isCancelled: isCancelled,
                whenStopping: whenStopping,
                observe: observe
            )
        }
        var result: Result<[BurnMessage], BurnError>?
        carryOut(
            input: input,
            isCancelled: isCancelled,
            whenStopping: whenStopping,
            observe: observe
        ) { result = result ?? $0 }
        guard let result else { throw BurnError(.lost, "libburn did not say what it did") }
        return try result.get()
    }
}

extension BurnOrder {
    /// The bytes that the input is to deliver, if that is known.
    private var payloadBytes: Int? {
        guard case .write(let session, _) = task else { return 0 }
        return session.tracks.reduce(0) { sum, track in
            sum.flatMap { sum in
                track.payloadSectors.map { sum + $0 * track.kind.sectorSize }
            }
        }
    }
}

/// An input with nothing in it.
public final class NoInput: BurnInput {
    /// Creates one.
    public init() {}

    /// Ends at once.
    public func read(into buffer: inout MutableSpan<UInt8>) -> Int? { 0 }
}
