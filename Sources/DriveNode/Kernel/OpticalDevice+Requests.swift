import LinuxCalls
import MMC
import SystemPackage

/// Requests that come over channels.
extension OpticalDevice {
    /// Carries out a request.
    ///
    /// Its payload is in the buffer, and the reply's is left there.
    func answer(_ request: DriveRequest, _ buffer: inout ChannelBuffer) throws(Errno)
        -> DriveReply
    {
        let handle = try handle(request.handle)
        note(request.process, using: handle)
        // -1 stands for the handle's own offset.
        let place = request.number == -1 ? nil : Int(clamping: request.number)
        switch request.operation {
        case .command:
            return try pass(request, &buffer)
        case .read:
            buffer.reserve(ChannelBuffer.replyPayload + request.dataLength)
            let count = try read(
                handle,
                at: place,
                count: request.dataLength,
                into: &buffer.bytes,
                from: ChannelBuffer.replyPayload
            )
            var reply = DriveReply(result: Int32(count))
            reply.payloadLength = count
            return reply
        case .write:
            let start = ChannelBuffer.requestPayload
            let data = buffer.bytes.span.extracting(start..<(start + request.dataLength))
            return DriveReply(result: Int32(try write(handle, at: place, data)))
        case .seek:
            var reply = DriveReply()
            reply.offset = try seek(handle, request.number, from: request.direction)
            return reply
        case .control:
            return try control(handle, request, &buffer)
        case .flags:
            return flags(handle, request.number)
        case .synchronize:
            // Blocks are written at once; the drive's own cache is not the block layer's concern.
            return DriveReply()
        case .lock:
            try lock(
                handle,
                operation: Int32(truncatingIfNeeded: request.number),
                process: Int32(truncatingIfNeeded: request.number >> 32)
            )
            return DriveReply()
        case .open, .channel, .status, .knows, .trace, .hand:
            throw .invalid
        }
    }

    /// The times of SG_IO: none given means 60 s, and less than 7 s is raised to that
    /// (block/blk.h, BLK_DEFAULT_SG_TIMEOUT and BLK_MIN_SG_TIMEOUT).
    private static let defaultTime: UInt32 = 60_000
    private static let leastTime: UInt32 = 7_000
    /// The host's word for a command that ran out of time, and for other trouble: DID_TIME_OUT and
    /// DID_ERROR.
    private static let hostTimedOut: UInt8 = 3
    private static let hostError: UInt8 = 7

    /// Hands a program's own command to the drive: SG_IO.
    private func pass(_ request: DriveRequest, _ buffer: inout ChannelBuffer) throws(Errno)
        -> DriveReply
    {
        guard !request.cdb.isEmpty,
            let direction = DriveRequest.Direction(rawValue: request.direction)
        else { throw .invalid }
        let time =
            request.timeoutMilliseconds == 0
            ? Self.defaultTime : max(Self.leastTime, request.timeoutMilliseconds)
        let length = direction == .none ? 0 : request.dataLength
        var command = Command("SG_IO", cdb: request.cdb, timeout: .milliseconds(Int64(time)))
        let began = now
        var reply = DriveReply()
        do throws(TransportError) {
            let completion: Completion
            switch direction {
            case .fromDrive where length > 0:
                command.data = .fromDrive(length)
                buffer.reserve(ChannelBuffer.replyPayload + length)
                let start = ChannelBuffer.replyPayload
                var span = buffer.bytes.mutableSpan
                completion = try Bytes.withPart(of: &span, start..<(start + length)) {
                    room throws(TransportError) in
                    try transport.send(command, receiving: &room)
                }
                reply.payloadLength = max(0, min(completion.transferred, length))
            case .toDrive where length > 0:
                command.data = .toDrive(length)
                let start = ChannelBuffer.requestPayload
                completion = try transport.send(
                    command,
                    sending: buffer.bytes.span.extracting(start..<(start + length))
                )
            default:
                completion = try transport.send(command)
            }
            reply.result = Int32(max(0, min(completion.transferred, length)))
            reply.scsiStatus = completion.status.rawValue
            reply.sense = completion.senseBytes
        } catch {
            switch error.code {
            case .timedOut: reply.hostStatus = Self.hostTimedOut
            case .deviceGone, .notPermitted: throw errno(of: error)
            default: reply.hostStatus = Self.hostError
            }
        }
        reply.durationMilliseconds = UInt32(max(0, min((now - began) * 1000, 4e9)))
        return reply
    }

    /// Carries out an ioctl of the table.
    private func control(
        _ handle: NodeHandle,
        _ request: DriveRequest,
        _ buffer: inout ChannelBuffer
    ) throws(Errno) -> DriveReply {
        guard let number = UInt32(exactly: request.number),
            let handler = ControlTable.handlers[ControlRequest(rawValue: number)]
        else { throw .unknownControl }
        let start = ChannelBuffer.requestPayload
        var argument = ControlArgument(
            bytes: Array(buffer.bytes[start..<(start + request.dataLength)])
        )
        var reply = DriveReply(result: try handler(self, handle, &argument))
        reply.payloadLength = argument.bytes.count
        buffer.reserve(ChannelBuffer.replyPayload + argument.bytes.count)
        buffer.bytes.replace(at: ChannelBuffer.replyPayload, with: argument.bytes.span)
        return reply
    }

    /// F_GETFL and F_SETFL.
    private func flags(_ handle: NodeHandle, _ number: Int64) -> DriveReply {
        if number != -1 {
            let wanted = OpenFlags(rawValue: Int32(truncatingIfNeeded: number))
            handle.flags.subtract(.changeable)
            handle.flags.formUnion(wanted.intersection(.changeable))
        }
        var reply = DriveReply()
        reply.offset = Int64(handle.flags.rawValue)
        return reply
    }
}
