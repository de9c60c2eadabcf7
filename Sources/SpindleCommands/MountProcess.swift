import LinuxCalls
import SpindleJobs
import SystemPackage

/// The process in the background that serves a mounted disc, as the one that started it sees it.
///
/// It is this program again: a process with threads can't be split in two, as daemons otherwise come to be.
struct MountProcess {
    /// The longest line that is taken from it.
    private static let longestLine = 1 << 24
    /// Seconds that it has to end after it was asked to.
    private static let patience = 5.0

    private let child: ChildProcess
    private let socket: StreamSocket

    /// Starts it.
    init(
        _ disc: FilePath,
        on directory: FilePath,
        options: [String],
        readsPassword: Bool
    ) throws(Failure) {
        let program = FileSystem.linkTarget("/proc/self/exe")?.text ?? "/proc/self/exe"
        do throws(SystemError) {
            let (socket, itsSocket) = try StreamSocket.pair()
            child = try ChildProcess(
                arguments: [program, "mount", "--foreground", "--detached", "--json"] + options
                    + ["--", disc.text, directory.text],
                // Nobody would see what Swift writes of a crash, and the process lives on as long.
                environment: Environment.all.filter { !$0.hasPrefix("SWIFT_BACKTRACE=") }
                    + ["SWIFT_BACKTRACE=enable=no"],
                directory: nil,
                input: readsPassword ? File(borrowing: 0, name: "the standard input") : nil,
                output: itsSocket,
                ownsSession: true
            )
            self.socket = socket
        } catch {
            throw Failure(
                .trouble,
                "The process that would serve the disc can't be started: \(error)",
                meaning: "Nothing was mounted.",
                advice: "Try again later."
            )
        }
    }

    /// Waits until it says how the mount went, and passes on what it tells before.
    func wait(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure) -> JobResult {
        let child = child
        cancellation.whenRequested { child.send(.terminate) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var line: [UInt8] = []
        var ending: ChildProcess.Ending?
        var deadline: Double?
        while true {
            // Others that it has started may hold the socket open when it has ended.
            guard ending != nil || socket.waitForInput(seconds: 0.2) else {
                ending = child.wait(seconds: 0)
                if cancellation.isRequested {
                    deadline = deadline ?? Clock.seconds + Self.patience
                    if let deadline, Clock.seconds > deadline { child.killGroup() }
                }
                continue
            }
            guard ending == nil || socket.waitForInput(seconds: 0) else { break }
            var span = buffer.mutableSpan
            guard let count = try? socket.receive(into: &span), count > 0 else { break }
            for byte in buffer[..<count] {
                guard byte == 0x0A else {
                    if line.count < Self.longestLine { line.append(byte) }
                    continue
                }
                switch JobEvent(json: line) {
                case .result(let result): return result
                case .some(let event): tell(event)
                case nil: break
                }
                line = []
            }
        }
        let ended = ending ?? child.wait()
        throw Failure(
            .trouble,
            "The process that should serve the disc ended without a word (exit code \(ended.exitCode)).",
            meaning: "Nothing is mounted.",
            advice: "Try again with --foreground, which shows what it says."
        )
    }
}
