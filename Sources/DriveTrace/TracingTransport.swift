import LinuxCalls
public import MMC

/// A way to a drive on which each command is recorded.
public final class TracingTransport: TimedTransport {
    /// The name of commands that programs have sent; all others are the system's.
    public static let programCommand = "SG_IO"

    /// The way that the commands go on.
    public let base: any Transport
    private let writer: TraceWriter
    private let drive: String

    /// Creates a way to a drive.
    ///
    /// - Parameters:
    ///   - base: The way that the commands go on.
    ///   - drive: The drive's node.
    ///   - writer: What writes the trace.
    public init(_ base: sending any Transport, drive: String, writer: TraceWriter) {
        self.base = base
        self.drive = drive
        self.writer = writer
    }

    /// How long the last command has taken the drive.
    public var driveTime: Duration { (base as? any TimedTransport)?.driveTime ?? .zero }

    /// Takes a command whose data, if any, come from the drive.
    public func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        var entry = entry(command)
        let began = Clock.seconds
        do throws(TransportError) {
            let completion = try base.send(command, receiving: &buffer)
            entry.take(completion)
            let count = max(0, min(completion.transferred, buffer.count))
            var data = [UInt8](repeating: 0, count: count)
            var span = data.mutableSpan
            Bytes.copy(buffer.span.extracting(0..<count), to: &span)
            finish(entry, began, data)
            return completion
        } catch {
            entry.take(error)
            finish(entry, began, [])
            throw error
        }
    }

    /// Takes a command with data for the drive.
    public func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        var entry = entry(command)
        let began = Clock.seconds
        var copy = [UInt8](repeating: 0, count: data.count)
        var span = copy.mutableSpan
        Bytes.copy(data, to: &span)
        do throws(TransportError) {
            let completion = try base.send(command, sending: data)
            entry.take(completion)
            finish(entry, began, copy)
            return completion
        } catch {
            entry.take(error)
            finish(entry, began, copy)
            throw error
        }
    }

    private func entry(_ command: Command) -> TraceEntry {
        var entry = TraceEntry(
            cdb: command.cdb,
            drive: drive,
            sender: command.name == Self.programCommand ? .program : .system
        )
        entry.at = writer.time
        switch command.data {
        case .none: break
        case .fromDrive(let count): (entry.direction, entry.room) = (.in, count)
        case .toDrive(let count): (entry.direction, entry.room) = (.out, count)
        }
        return entry
    }

    private func finish(_ entry: TraceEntry, _ began: Double, _ data: [UInt8]) {
        var entry = entry
        let drivesOwn = driveTime / .seconds(1)
        entry.took = drivesOwn > 0 ? drivesOwn : Clock.seconds - began
        writer.add(entry, data: data)
    }
}
