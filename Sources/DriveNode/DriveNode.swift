public import LinuxCalls
public import MMC
import Synchronization
import SystemPackage

/// The device node of a drive in software: what Linux puts between programs and a drive.
///
/// It listens on a socket, to which the library in `CDriveInterposer` leads the calls that programs
/// make on the node, and sends the drive the commands that the kernel would send. The drive carries
/// out one command at a time.
public final class DriveNode: Sendable {
    /// How the node differs from one that everybody may use.
    public struct Options: Sendable {
        /// The `N` of `/dev/srN`, which is also the number of its SCSI host.
        public var number: Int
        /// Nobody may open the node for writing.
        public var isReadOnly: Bool
        /// Nobody may open the node: this user has no right to the drive.
        public var isClosedToAll: Bool
        /// The size of a disc stays what it was until the disc is changed or loaded again.
        public var keepsSize: Bool

        /// Creates options.
        public init(
            number: Int = 0,
            isReadOnly: Bool = false,
            isClosedToAll: Bool = false,
            keepsSize: Bool = false
        ) {
            self.number = number
            self.isReadOnly = isReadOnly
            self.isClosedToAll = isClosedToAll
            self.keepsSize = keepsSize
        }

        /// Whether the node may be opened so.
        func permits(_ flags: OpenFlags) -> Bool {
            !isClosedToAll && !(isReadOnly && flags.isForWriting)
        }

        /// The `st_mode` of the node: a block device, `rw-rw----` unless permissions are missing.
        var mode: UInt32 {
            if isClosedToAll { return 0o060000 }
            return isReadOnly ? 0o060440 : 0o060660
        }
    }

    /// The threads and connections at work.
    private struct Work {
        var connections: [ObjectIdentifier: StreamSocket] = [:]
        var isStopped = false
    }

    private let listener: ListeningSocket
    private let options: Options
    private let hand: DriveHand?
    private let device: Mutex<OpticalDevice>
    private let holders = Mutex(NodeHolders())
    private let work = Monitor(Work())
    private let acceptor = Mutex<Thread?>(nil)

    /// Creates a node; it serves from ``start()`` on.
    ///
    /// - Parameters:
    ///   - socketPath: Where the socket goes, which must not exist yet; at most 107 bytes.
    ///   - transport: The way to the drive.
    ///   - options: What is special about the node.
    ///   - clock: The time of the run, to which the drive's time is added; absent where programs
    ///     go by the system's.
    ///   - hand: What a hand can do at the drive; absent where none reaches it.
    /// - Throws: ``SystemError`` where the socket can't be made.
    public init(
        socketPath: String,
        transport: sending any Transport,
        options: Options = Options(),
        clock: RunClock? = nil,
        hand: DriveHand? = nil
    ) throws(SystemError) {
        listener = try ListeningSocket(path: socketPath)
        self.options = options
        self.hand = hand
        device = Mutex(OpticalDevice(transport: transport, options: options, clock: clock))
    }

    /// Begins to serve programs, on threads of its own.
    ///
    /// - Throws: ``SystemError`` where a thread can't be made.
    public func start() throws(SystemError) {
        let thread = try Thread(name: "drive node") { self.acceptConnections() }
        acceptor.withLock { $0 = thread }
    }

    /// Stops serving, and returns once nothing is under way: programs find that the drive is gone.
    public func stop() {
        listener.shutDown()
        acceptor.withLock { thread in
            thread?.join()
            thread = nil
        }
        work.update { work in
            work.isStopped = true
            for socket in work.connections.values { socket.shutDown() }
        }
        _ = work.wait { $0.connections.isEmpty ? true : nil }
    }

    private func acceptConnections() {
        while true {
            do throws(SystemError) {
                guard let socket = try listener.accept() else { return }
                serveOnThread(socket)
            } catch {
                // Out of descriptors or memory: what is open goes on, and may end.
                Clock.sleep(seconds: 0.01)
            }
        }
    }

    private func serveOnThread(_ socket: StreamSocket) {
        let key = ObjectIdentifier(socket)
        let isWelcome = work.update { work in
            guard !work.isStopped else { return false }
            work.connections[key] = socket
            return true
        }
        guard isWelcome else { return }
        do throws(SystemError) {
            try Thread(name: "drive channel") {
                self.serve(socket)
                // The program is to see the end even while others still hold the object.
                socket.shutDown()
                self.work.update { $0.connections[key] = nil }
            }.detach()
        } catch {
            work.update { $0.connections[key] = nil }
        }
    }

    /// Serves a connection until it ends.
    private func serve(_ socket: StreamSocket) {
        var buffer = ChannelBuffer()
        guard let hello = try? buffer.receive(from: socket, atMost: DriveRequest.length) else {
            return
        }
        switch hello.operation {
        case .open: serveHandle(socket, hello, &buffer)
        case .channel: serveChannel(socket, &buffer)
        default: return
        }
    }

    private func serveHandle(
        _ socket: StreamSocket,
        _ request: DriveRequest,
        _ buffer: inout ChannelBuffer
    ) {
        guard let name = socket.peerName.flatMap(HandleName.init(_:)) else { return }
        let flags = OpenFlags(rawValue: Int32(truncatingIfNeeded: request.number))
        let inode = UInt32(truncatingIfNeeded: request.number >> 32)
        // A write that goes past the interposer must fail.
        socket.endReading()
        var reply = DriveReply()
        do throws(Errno) {
            guard options.permits(flags) else { throw .accessDenied }
            if flags.contains(.exclusive) {
                try holders.withLock { holders throws(Errno) in try holders.claim(for: socket) }
            }
            try device.withLock { device throws(Errno) in
                try device.open(
                    name,
                    socket: socket,
                    flags: flags,
                    process: request.process
                )
            }
            holders.withLock { $0.add(socket, inode: inode) }
        } catch {
            reply = DriveReply(error)
        }
        if (try? buffer.send(reply, to: socket)) != nil, reply.result == 0 {
            socket.waitForHangUp()
        }
        holders.withLock { $0.remove(socket) }
        device.withLock { device in
            guard let handle = device.handles[name], handle.socket === socket else { return }
            device.close(name, handle)
        }
    }

    private func serveChannel(_ socket: StreamSocket, _ buffer: inout ChannelBuffer) {
        socket.enlargeBuffers(to: ChannelBuffer.limit)
        while let request = try? buffer.receive(from: socket, atMost: .max) {
            let reply = answer(request, &buffer)
            guard (try? buffer.send(reply, to: socket)) != nil else { return }
        }
    }

    private func answer(_ request: DriveRequest, _ buffer: inout ChannelBuffer) -> DriveReply {
        do throws(Errno) {
            switch request.operation {
            case .status:
                var reply = DriveReply()
                reply.offset = Int64(options.mode)
                return reply
            case .knows:
                let inode = UInt32(truncatingIfNeeded: request.number)
                guard holders.withLock({ $0.contains(inode: inode) }) else { throw .badDescriptor }
                return DriveReply()
            case .hand:
                return try lay(request, &buffer)
            default:
                return try device.withLock { device throws(Errno) in
                    try device.answer(request, &buffer)
                }
            }
        } catch {
            return DriveReply(error)
        }
    }

    /// Has a hand do what a request asks; what it can't do is told in the reply's payload.
    private func lay(_ request: DriveRequest, _ buffer: inout ChannelBuffer) throws(Errno)
        -> DriveReply
    {
        guard let hand, let deed = HandDeed(request, buffer) else { throw .invalid }
        guard let problem = device.withLock({ hand.act($0.drive, deed) }) else {
            return DriveReply()
        }
        let text = Array(problem.utf8)
        buffer.reserve(ChannelBuffer.replyPayload + text.count)
        buffer.bytes.replace(at: ChannelBuffer.replyPayload, with: text.span)
        var reply = DriveReply(.busy)
        reply.payloadLength = text.count
        return reply
    }
}
