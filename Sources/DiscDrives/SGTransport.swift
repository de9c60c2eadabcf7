import LibCdio
public import LinuxCalls
public import MMC
import SystemPackage

/// The way to a drive through the kernel's `SG_IO`, which keeps timeouts and tells how many bytes
/// came.
public final class SGTransport: Transport {
    private let file: File

    /// Creates a transport over an open device node.
    public init(_ file: File) {
        self.file = file
    }

    /// Sends a command whose data, if any, come from the drive.
    public func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        let count = buffer.count
        do {
            let result = try SCSIDevice.receive(
                file,
                cdb: command.cdb,
                into: &buffer,
                timeout: command.milliseconds
            )
            return try completion(of: command, result, count: count)
        } catch let error as SystemError {
            throw TransportError(error, command: command.name)
        } catch let error as TransportError {
            throw error
        } catch {
            throw TransportError(.failed, command: command.name, context: "\(error)")
        }
    }

    /// Sends a command with data for the drive.
    public func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        do {
            let result = try SCSIDevice.send(
                file,
                cdb: command.cdb,
                from: data,
                timeout: command.milliseconds
            )
            return try completion(of: command, result, count: data.count)
        } catch let error as SystemError {
            throw TransportError(error, command: command.name)
        } catch let error as TransportError {
            throw error
        } catch {
            throw TransportError(.failed, command: command.name, context: "\(error)")
        }
    }

    private func completion(of command: Command, _ result: SCSIDevice.Result, count: Int)
        throws(TransportError) -> Completion
    {
        // DID_NO_CONNECT, DID_TIME_OUT and the others of include/scsi/scsi_status.h.
        switch result.hostStatus {
        case 0: break
        case 1: throw TransportError(.deviceGone, command: command.name, context: "no connection")
        case 3: throw TransportError(.timedOut, command: command.name, context: "no answer")
        default:
            // A host error that comes with sense data is the drive's own complaint.
            guard result.sense.isEmpty else { break }
            throw TransportError(
                .failed,
                command: command.name,
                context: "host status \(result.hostStatus)"
            )
        }
        return Completion(
            status: SCSIStatus(rawValue: result.status & 0x3E),
            senseBytes: result.sense,
            transferred: count - result.residual
        )
    }
}
