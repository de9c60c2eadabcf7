import LinuxCalls
import Synchronization
import Transfer

/// Fetches what is at addresses on the web, with curl in a process of its own.
///
/// TLS, proxies, redirects and all that servers may do in a protocol are curl's business; the settings
/// that a person has for it are not read. What comes is bounded in time and size.
final class WebFetcher: Sendable {
    /// The program, looked for in `PATH`.
    static let program = "curl"

    /// Between two requests to a server, in seconds: MusicBrainz asks for one, AccurateRip for a half.
    private static let pause = 1.0
    /// How long one waits at a time before looking whether the user has stopped it, in seconds.
    private static let step = 0.1
    /// What the program writes after the body: the HTTP status, in a line of its own.
    private static let trailer = "\n%{http_code}"

    private let agent: String
    private let seconds: Int
    private let cancellation: Cancellation
    /// When each server may be asked again, by all of the process: each disc of a folder has a look-up of its own.
    private static let due = Mutex<[String: Double]>([:])

    /// Creates one.
    ///
    /// - Parameters:
    ///   - agent: How it introduces itself to servers.
    ///   - seconds: How long an answer may take, from the name's look-up to its last byte.
    ///   - cancellation: Heeded while it waits.
    init(agent: String, seconds: Int, cancellation: Cancellation) {
        self.agent = agent
        self.seconds = max(1, seconds)
        self.cancellation = cancellation
    }

    /// Fetches what is at an address.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - most: More bytes are not taken.
    /// - Returns: Its bytes.
    /// - Throws: ``WebProblem`` if it does not come as a whole.
    func fetch(_ address: WebAddress, upTo most: Int) throws(WebProblem) -> [UInt8] {
        try waitForTurn(at: address.server)
        let child: ChildProcess
        let output: StreamSocket
        do {
            let (own, other) = try StreamSocket.pair()
            output = own
            child = try ChildProcess(
                arguments: arguments(address, most),
                environment: Environment.all,
                directory: nil,
                input: nil,
                output: other
            )
        } catch {
            throw error.isNoSuchFile ? .noProgram : .cannotStart(error.reason)
        }
        let result = Result { () throws(WebProblem) in try read(output, upTo: most) }
        output.shutDown()
        if case .failure = result { child.killGroup() }
        let ending = child.end(within: 2)
        let bytes = try result.get()
        switch ending {
        case .exited(0): return try Self.body(bytes)
        // What the shell and `posix_spawnp` of old say of a program that is not there.
        case .exited(127): throw .noProgram
        case .exited(let code): throw WebProblem(exitCode: code, seconds: seconds)
        case .signalled(let number):
            throw .trouble("\(Self.program) was ended by signal \(number)")
        case nil: throw .trouble("\(Self.program) hangs")
        }
    }

    private func arguments(_ address: WebAddress, _ most: Int) -> [String] {
        [
            // Has to be the first: a person's curlrc is not read.
            Self.program, "--disable", "--silent", "--globoff", "--proto", "=http,https",
            "--proto-redir", "=http,https", "--location", "--max-redirs", "3",
            "--connect-timeout", "\(seconds)", "--max-time", "\(seconds)", "--max-filesize",
            "\(most)", "--user-agent", agent, "--output", "-", "--write-out", Self.trailer,
            "--url", address.description,
        ]
    }

    /// Waits until a server may be asked again.
    private func waitForTurn(at server: String) throws(WebProblem) {
        while true {
            guard !cancellation.isRequested else { throw .stopped }
            let now = Clock.seconds
            let left = Self.due.withLock { due in
                let left = (due[server] ?? 0) - now
                if left <= 0 { due[server] = now + Self.pause }
                return left
            }
            guard left > 0 else { return }
            Clock.sleep(seconds: min(left, Self.step))
        }
    }

    /// Reads all that the program writes.
    private func read(_ output: StreamSocket, upTo most: Int) throws(WebProblem) -> [UInt8] {
        // The program ends by itself when its time is over; this is for one that does not.
        let deadline = Clock.seconds + Double(seconds) + 5
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            guard !cancellation.isRequested else { throw .stopped }
            guard Clock.seconds < deadline else { throw .timedOut(seconds) }
            guard output.waitForInput(seconds: Self.step) else { continue }
            var span = buffer.mutableSpan
            // An end that was killed is an end.
            let count = (try? output.receive(into: &span)) ?? 0
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= most + 16 else { throw .tooLarge }
        }
    }

    /// The body of an answer, without what the program adds.
    private static func body(_ bytes: [UInt8]) throws(WebProblem) -> [UInt8] {
        guard let end = bytes.lastIndex(of: 0x0A),
            let status = Int(String(decoding: bytes[(end + 1)...], as: UTF8.self))
        else { throw .trouble("\(program) does not say how it ended") }
        switch status {
        case 200: return Array(bytes[..<end])
        case 404, 410: throw .notFound
        default: throw .status(status)
        }
    }
}
