/// The way to a drive: takes command descriptor blocks and moves their data.
///
/// A command that the drive refuses is a result, told by its ``Completion``; only “the drive can't
/// be reached” is thrown. Calls block until the command has ended; a transport serves one thread
/// at a time.
public protocol Transport: AnyObject {
    /// Sends a command whose data, if any, come from the drive.
    ///
    /// - Parameters:
    ///   - command: The command; its data phase asks for no more than the buffer holds.
    ///   - buffer: Where the data go. What the drive did not send keeps its bytes.
    /// - Returns: How the command ended; its `transferred` counts the bytes that came.
    /// - Throws: ``TransportError`` where the command did not reach the drive, or no answer came.
    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion

    /// Sends a command with data for the drive.
    ///
    /// - Throws: ``TransportError`` where the command did not reach the drive, or no answer came.
    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError) -> Completion
}

extension Transport {
    /// Sends a command that has no data.
    public func send(_ command: Command) throws(TransportError) -> Completion {
        let nothing: [UInt8] = []
        return try send(command, sending: nothing.span)
    }

    /// Sends a command with data for the drive.
    public func send(_ command: Command, sending data: [UInt8]) throws(TransportError)
        -> Completion
    {
        try send(command, sending: data.span)
    }

    /// Sends a command and returns its data.
    ///
    /// - Returns: How it ended, and as many bytes as came.
    public func fetch(_ command: Command) throws(TransportError) -> (Completion, [UInt8]) {
        guard case .fromDrive(let length) = command.data else {
            return (try send(command), [])
        }
        var bytes = [UInt8](repeating: 0, count: length)
        var span = bytes.mutableSpan
        let completion = try send(command, receiving: &span)
        bytes.removeLast(max(0, length - max(0, completion.transferred)))
        return (completion, bytes)
    }
}
