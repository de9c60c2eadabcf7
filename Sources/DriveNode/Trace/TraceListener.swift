public import LinuxCalls

/// Hears from programs what they send to drives that are not in software.
///
/// The library in `CDriveInterposer` carries their calls out as they are, and tells of them here.
public final class TraceListener: Sendable {
    private let listener: ListeningSocket
    private let take: @Sendable (SeenCommand) -> Void
    private let work = Monitor([ObjectIdentifier: StreamSocket]())

    /// Creates a listener; it hears from ``start()`` on.
    ///
    /// - Parameters:
    ///   - socketPath: Where its socket goes, which must not exist yet; at most 107 bytes.
    ///   - take: What becomes of a command, on threads of the listener's own.
    /// - Throws: ``LinuxCalls/SystemError`` where the socket can't be made.
    public init(socketPath: String, _ take: @escaping @Sendable (SeenCommand) -> Void)
        throws(SystemError)
    {
        listener = try ListeningSocket(path: socketPath)
        self.take = take
    }

    /// Begins to hear.
    ///
    /// - Throws: ``LinuxCalls/SystemError`` where a thread can't be made.
    public func start() throws(SystemError) {
        try Thread(name: "trace listener") {
            while let socket = try? self.listener.accept() { self.hearOnThread(socket) }
        }.detach()
    }

    /// Stops hearing, and returns once what was told has been taken.
    public func stop() {
        listener.shutDown()
        work.update { for socket in $0.values { socket.shutDown() } }
        _ = work.wait { $0.isEmpty ? true : nil }
    }

    private func hearOnThread(_ socket: StreamSocket) {
        let key = ObjectIdentifier(socket)
        work.update { $0[key] = socket }
        do throws(SystemError) {
            try Thread(name: "trace channel") {
                self.hear(socket)
                socket.shutDown()
                self.work.update { $0[key] = nil }
            }.detach()
        } catch {
            work.update { $0[key] = nil }
        }
    }

    private func hear(_ socket: StreamSocket) {
        var buffer = ChannelBuffer()
        guard
            let hello = try? buffer.receive(from: socket, atMost: DriveRequest.length),
            hello.operation == .channel
        else { return }
        socket.enlargeBuffers(to: ChannelBuffer.limit)
        while let request = try? buffer.receive(from: socket, atMost: .max) {
            guard let seen = SeenCommand(request, buffer) else { return }
            take(seen)
            guard (try? buffer.send(DriveReply(), to: socket)) != nil else { return }
        }
    }
}
