import LinuxCalls
import MMC

/// A way to a drive that sets the run's clock on by what each command takes the drive.
final class ClockedTransport: Transport {
    private let base: any Transport
    private let clock: RunClock

    init(_ base: any Transport, clock: RunClock) {
        self.base = base
        self.clock = clock
    }

    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        defer { setClock() }
        return try base.send(command, receiving: &buffer)
    }

    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError) -> Completion {
        defer { setClock() }
        return try base.send(command, sending: data)
    }

    private func setClock() {
        guard let timed = base as? any TimedTransport else { return }
        clock.advance(seconds: timed.driveTime / .seconds(1))
    }
}
