import LinuxCalls
import SpindleJobs
import SystemPackage

/// What a job that takes long does for whoever else uses the machine: it keeps it from falling asleep, and
/// tells the desktop when it is done.
///
/// Both are left to programs of the system, `systemd-inhibit` and `notify-send`, where these and a bus
/// are there; nothing that goes wrong with them matters to the job.
struct DesktopManners {
    /// Seconds that a job has to take for its end to be news.
    static let secondsWorthTelling = 60.0
    /// Seconds that the desktop is given to take the news.
    private static let patience = 2.0
    /// Where the system's bus is, if no variable says otherwise (D-Bus specification, well-known buses).
    private static let systemBus: FilePath = "/run/dbus/system_bus_socket"

    private let begin = Clock.seconds
    private let verb: String
    private let inhibitor: ChildProcess?

    /// Begins: logind keeps the machine awake for as long as this process lives.
    init(_ verb: String) {
        self.verb = verb
        let hasBus =
            Environment.value("DBUS_SYSTEM_BUS_ADDRESS") != nil
            || FileSystem.exists(Self.systemBus)
        inhibitor = hasBus ? Self.start(Self.inhibition(verb, process: Processes.ownNumber)) : nil
    }

    /// Lets the machine sleep again, and tells the desktop of a result that was long in coming.
    func end(_ result: JobResult, tells: Bool) {
        if let inhibitor {
            inhibitor.killGroup()
            _ = inhibitor.wait()
        }
        guard tells, Environment.value("DBUS_SESSION_BUS_ADDRESS") != nil,
            let words = Self.notification(result, verb, after: Clock.seconds - begin),
            let notifier = Self.start(words)
        else { return }
        _ = notifier.end(within: Self.patience)
    }

    /// The command that keeps the machine awake until a process has ended, however it ends.
    static func inhibition(_ verb: String, process: Int) -> [String] {
        [
            "systemd-inhibit", "--what=idle:sleep", "--who=Spindle", "--mode=block",
            "--why=A disc is in use (\(verb))", "tail", "--pid=\(process)", "-f", "/dev/null",
        ]
    }

    /// The command that tells the desktop of a result; `nil` of one that came soon.
    static func notification(_ result: JobResult, _ verb: String, after seconds: Double)
        -> [String]?
    {
        guard seconds >= secondsWorthTelling else { return nil }
        return [
            "notify-send", "--app-name=Spindle",
            "--urgency=\(result.exitCode == 0 ? "normal" : "critical")", "--",
            "spindle \(verb): \(result.status.rawValue)",
            ShownText.line(result.sentences.first ?? ""),
        ]
    }

    /// Starts a program that nobody hears; `nil` if there is none of that name.
    private static func start(_ command: [String]) -> ChildProcess? {
        guard let nowhere = try? File("/dev/null", .update) else { return nil }
        return try? ChildProcess(
            arguments: command,
            environment: Environment.all,
            restored: [.brokenPipe, .hangUp, .stop, .interrupt, .terminate],
            place: ChildProcess.Place(directory: nil, output: nowhere, errors: nowhere)
        )
    }
}
