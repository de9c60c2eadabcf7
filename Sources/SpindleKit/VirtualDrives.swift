import DiscImages
import DriveNode
import LinuxCalls
public import Reports
public import SystemPackage
import VirtualDrive

/// Virtual drives with discs in them, and programs that run with these drives.
///
/// The drives live in this process and end with it; their discs keep what was written.
public final class VirtualDrives {
    private let directory: DriveDirectory
    private var nodes: [DriveNode] = []
    private var paths: [String] = []
    private var stopwatches: [DriveStopwatch] = []
    /// The time of the programs, where it is to go on with the drives'.
    private let runClock: RunClock?
    private let interposer: FilePath

    /// Makes a drive for each disc, or one empty drive.
    ///
    /// - Parameters:
    ///   - discs: Virtual discs, or images, which make pressed discs.
    ///   - faults: What goes wrong in each of the drives, as ``VirtualDrive/Fault`` reads it, or at
    ///     its node, as ``DriveNode/NodeFault`` does.
    ///   - model: The name of the model that the drives are, as ``driveModels`` lists them.
    ///   - quirks: The names of what the drives do otherwise than their model, as ``driveQuirks``
    ///     lists them.
    ///   - clock: `none`, `counted` or `real`: what becomes of the time that the drives' work
    ///     would take.
    /// - Throws: ``Reports/Failure`` where a disc can't be used, or the drives can't be made.
    public init(
        discs: [FilePath],
        faults: [String] = [],
        model: String = "plain",
        quirks: [String] = [],
        clock: String = "none"
    ) throws(Failure) {
        interposer = try Self.findInterposer()
        let profile = try Self.find(
            model,
            "drive model",
            Self.driveModels,
            DriveProfile.init(named:)
        )
        let mode = try Self.find(clock, "clock", Self.clocks, ClockMode.init(rawValue:))
        var chosen: Set<Quirk> = []
        for name in quirks {
            chosen.insert(try Self.find(name, "quirk", Self.driveQuirks, Quirk.init(rawValue:)))
        }
        let (options, faults) = try Self.parse(faults)
        let parent = FilePath(Environment.value("XDG_RUNTIME_DIR") ?? "/tmp")
        do {
            directory = try DriveDirectory(in: FileSystem.exists(parent) ? parent : "/tmp")
        } catch {
            throw Failure(
                .trouble,
                "No place for the drive's socket: \(error)",
                meaning: "",
                advice: "See that /tmp can be written."
            )
        }
        do {
            runClock = mode == .counted ? try RunClock(at: directory.clock) : nil
        } catch {
            directory.remove()
            throw Failure(
                .trouble,
                "No place for the drives' clock: \(error)",
                meaning: "",
                advice: "See that \(parent) can be written."
            )
        }
        var hostTime: (@Sendable () -> Double)?
        if let runClock { hostTime = { runClock.seconds } }
        do {
            let contents = discs.isEmpty ? [nil] : discs.map(Optional.some)
            for (index, path) in contents.enumerated() {
                var options = options
                options.number = index
                let disc = try path.map { try VirtualDisc(opening: $0, for: .drive) }
                let recorder = VirtualRecorder(
                    disc: disc,
                    faults: faults,
                    profile: profile,
                    quirks: chosen,
                    clock: mode,
                    hostTime: hostTime
                )
                if mode != .none { stopwatches.append(recorder.stopwatch) }
                try add(recorder, options)
            }
        } catch {
            stop()
            throw Failure(
                .unsuitable,
                "\(error)",
                meaning: "The command was not run.",
                advice: "Name a disc made by “spindle virtual create”, or an image."
            )
        }
    }

    deinit {
        stop()
    }

    /// The models of drives.
    public static var driveModels: [String] { DriveProfile.all.map(\.name) }
    /// What drives can do otherwise than others.
    public static var driveQuirks: [String] { Quirk.allCases.map(\.rawValue) }
    /// What can become of the time that the drives' work would take.
    public static var clocks: [String] { ClockMode.allCases.map(\.rawValue) }

    private static func find<Found>(
        _ name: String,
        _ kind: String,
        _ names: [String],
        _ make: (String) -> Found?
    ) throws(Failure) -> Found {
        if let found = make(name) { return found }
        throw Failure(
            .usage,
            "There is no \(kind) “\(name)”.",
            meaning: "The command was not run.",
            advice: "Choose one of these: \(names.joined(separator: ", "))."
        )
    }

    /// What the drives' work has taken by their clocks: one line for each drive; nothing where no
    /// clock runs.
    public var driveTimes: [String] {
        zip(paths, stopwatches).map { path, stopwatch in
            let (seconds, fraction) = stopwatch.total.components
            let milliseconds = fraction / 1_000_000_000_000_000
            let digits = String(milliseconds + 1000).dropFirst()
            return
                "Drive time of \(path): \(seconds).\(digits) s in \(stopwatch.commands) commands."
        }
    }

    private func add(_ recorder: sending VirtualRecorder, _ options: DriveNode.Options) throws {
        let node = try DriveNode(
            socketPath: directory.socket(options.number).string,
            transport: recorder,
            options: options,
            clock: runClock
        )
        try node.start()
        nodes.append(node)
        paths.append("/dev/sr\(options.number)")
    }

    /// Runs a program that finds the drives at its device nodes, and waits for its end.
    ///
    /// - Parameter command: The program and its arguments.
    /// - Returns: The program's exit code, as a shell gives it.
    /// - Throws: ``Reports/Failure`` where it can't be started.
    public func run(_ command: [String]) throws(Failure) -> Int32 {
        // The terminal sends its signals to the program as well; it alone decides what they mean.
        let terminalSignals: [Signals.Kind] = [.interrupt, .quit]
        let own = terminalSignals.filter { !Signals.isIgnored($0) }
        do {
            Signals.ignore(own)
            let child = try ChildProcess(
                arguments: command,
                environment: environment(),
                restored: own
            )
            try Signals.watch([.terminate, .hangUp]) { child.send($0) }
            return child.wait().exitCode
        } catch {
            throw Failure(
                .trouble,
                "\(command.first ?? "") can't be run: \(error.reason).",
                meaning: "The discs are as they were.",
                advice: "See that the program is installed."
            )
        }
    }

    /// Ends the drives; programs that still use them find them gone.
    public func stop() {
        for node in nodes { node.stop() }
        nodes = []
        directory.remove()
    }

    /// This process's environment, and what leads a program to the drives.
    private func environment() -> [String] {
        var added: [(String, String)] = []
        let mapping = paths.enumerated().map { index, path in
            "\(path)=\(directory.socket(index))"
        }
        added.append(("SPINDLE_DRIVE_NODES", mapping.joined(separator: ":")))
        let preloaded = [interposer.string, Environment.value("LD_PRELOAD")].compactMap { $0 }
        added.append(("LD_PRELOAD", preloaded.joined(separator: ":")))
        if let first = paths.first { added.append(("SPINDLE_DRIVE", first)) }
        for (index, path) in paths.enumerated() {
            added.append(("SPINDLE_DRIVE_\(index + 1)", path))
        }
        if runClock != nil { added.append(("SPINDLE_DRIVE_CLOCK", directory.clock.string)) }
        // A run within a run has drives and a time of its own.
        let names = Set(added.map(\.0)).union(["SPINDLE_DRIVE_CLOCK"])
        let kept = Environment.all.filter { entry in
            entry.split(separator: "=", maxSplits: 1).first.map { !names.contains(String($0)) }
                ?? false
        }
        return kept + added.map { "\($0)=\($1)" }
    }

    /// Tells the faults of the nodes from those of the drives behind them.
    private static func parse(_ specifications: [String]) throws(Failure) -> (
        DriveNode.Options, [Fault]
    ) {
        do {
            var options = DriveNode.Options()
            var faults: [Fault] = []
            for text in specifications {
                if let fault = try NodeFault(parsing: text) {
                    options.add(fault)
                } else {
                    faults.append(try Fault(parsing: text))
                }
            }
            return (options, faults)
        } catch {
            throw Failure(
                .usage,
                "\(error)",
                meaning: "The command was not run.",
                advice:
                    "Write it like this: read lba=1000-1010 sense=3/11/05, or: open errno=EACCES"
            )
        }
    }

    /// The library that programs load: where `SPINDLE_INTERPOSER` says, beside this program, or in
    /// `../lib/spindle` from there.
    private static func findInterposer() throws(Failure) -> FilePath {
        let name = "libCDriveInterposer.so"
        var candidates: [FilePath] = []
        if let named = Environment.value("SPINDLE_INTERPOSER") {
            candidates = [FilePath(named)]
        } else if let program = FileSystem.linkTarget("/proc/self/exe") {
            let directory = program.removingLastComponent()
            candidates = [
                directory.appending(name),
                directory.removingLastComponent().appending("lib/spindle/\(name)"),
            ]
        }
        if let found = candidates.first(where: { FileSystem.exists($0) }) { return found }
        throw Failure(
            .trouble,
            "The library \(name), which shows the drive to programs, was not found.",
            meaning: "The command was not run.",
            advice: "Install Spindle whole with Scripts/install, or set SPINDLE_INTERPOSER."
        )
    }
}
