internal import LinuxCalls
import Synchronization

/// libburn in a process of its own.
public enum BurnWorker {
    /// The argument that makes a program libburn's process.
    static let mark = "--libburn-worker"

    /// What the process was told.
    private struct Orders {
        var leaves = 0
        var isCancelled = false
    }

    /// Does libburn's work, and ends the process, if it was started for that by
    /// ``BurnOrder/run(by:input:control:)``.
    ///
    /// To be called at the very beginning of such a program.
    public static func serveIfAsked() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, arguments[1] == mark, let control = Int32(arguments[2]),
            let payload = Int32(arguments[3])
        else { return }
        // The one that started this process decides when it stops.
        Signals.ignore([.interrupt, .terminate, .hangUp, .stop, .quit, .brokenPipe])
        serve(StreamSocket(inherited: control), StreamSocket(inherited: payload))
    }

    private static func serve(_ control: StreamSocket, _ payload: StreamSocket) -> Never {
        var lines = WorkerLines(control)
        var first: [UInt8]?
        while first == nil, !lines.hasEnded { first = lines.receive().first }
        guard let first, let order = WorkerLine.decode(BurnOrder.self, first) else {
            Processes.leave(1)
        }
        let orders = Monitor(Orders())
        do {
            try Thread(name: "orders") { listen(control, orders) }.detach()
        } catch {
            tell(control, .failed(BurnError(.unavailable, "libburn's process has no thread")))
            Processes.leave(1)
        }
        var writing = WriteControl(
            isCancelled: { orders.read(\.isCancelled) },
            whenStopping: { tell(control, .stopping) },
            observe: { tell(control, .progress($0)) }
        )
        writing.beforeWriting = { waitForLeave(control, orders) }
        order.carryOut(
            input: PayloadInput(payload),
            control: writing,
            report: { result in
                switch result {
                case .success(let messages): tell(control, .done(messages))
                case .failure(let error): tell(control, .failed(error))
                }
            }
        )
        Processes.leave(0)
    }

    /// Takes what the other process says; without it there is nobody to write for.
    private static func listen(_ control: StreamSocket, _ orders: Monitor<Orders>) {
        var bytes: [UInt8] = [0]
        while true {
            var span = bytes.mutableSpan
            guard let count = try? control.receive(into: &span), count > 0 else {
                Processes.leave(1)
            }
            orders.update { orders in
                if bytes[0] == WorkerAnswer.stop { orders.isCancelled = true }
                if bytes[0] == WorkerAnswer.go { orders.leaves += 1 }
            }
        }
    }

    /// Asks for leave to write.
    ///
    /// A process that gets none ends here: libburn, told to stop a track at once before its first
    /// sector, would write 300 sectors of zeros.
    private static func waitForLeave(_ control: StreamSocket, _ orders: Monitor<Orders>) {
        tell(control, .ready)
        let mayWrite = orders.wait { orders -> Bool? in
            if orders.isCancelled { return false }
            guard orders.leaves > 0 else { return nil }
            orders.leaves -= 1
            return true
        }
        guard !mayWrite else { return }
        tell(control, .failed(BurnError(.cancelled, "The write was stopped before it began")))
        Processes.leave(0)
    }

    /// Keeps apart what two threads tell at the same time.
    private static let voice = Mutex(())

    private static func tell(_ control: StreamSocket, _ event: WorkerEvent) {
        let line = WorkerLine.encode(event)
        voice.withLock { _ in try? control.send(line.span) }
    }
}
