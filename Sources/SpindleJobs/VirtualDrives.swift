import DiscImages
import DriveNode
public import DriveTrace
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
    private var powers: [DrivePower] = []
    /// The time of the programs, where it is to go on with the drives'.
    private let runClock: RunClock?
    private let trace: TraceWriter?
    private let report = ReplayReport()
    private let isReplay: Bool
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
    ///   - audio: How they treat audio otherwise than their model, as ``VirtualDrive/AudioTraits`` reads it.
    ///   - clock: `none`, `counted` or `real`: what becomes of the time that the drives' work
    ///     would take.
    ///   - trace: The file into which every command is recorded.
    ///   - contents: What of the data is recorded.
    ///   - replay: A trace whose drives these are to be: they answer as it has it, and have neither
    ///     discs nor faults.
    /// - Throws: ``Reports/Failure`` where a disc can't be used, or the drives can't be made.
    public init(
        discs: [FilePath],
        faults: [String] = [],
        model: String = "plain",
        quirks: [String] = [],
        audio: [String] = [],
        clock: String = "none",
        trace: FilePath? = nil,
        contents: TraceContents = TraceContents(),
        replay: FilePath? = nil
    ) throws(Failure) {
        interposer = try Interposer.find()
        let recorded = try replay.map { path throws(Failure) in try Self.read(path) }
        isReplay = recorded != nil
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
        let sound = try Self.traits(audio, of: profile)
        let (options, faults) = try Self.parse(faults)
        directory = try DriveDirectory.make()
        do {
            runClock = mode == .counted ? try RunClock(at: directory.clock) : nil
        } catch {
            directory.remove()
            throw Failure(
                .trouble,
                "No place for the drives' clock: \(error)",
                meaning: "",
                advice: "Check that you may write to \(directory.path)."
            )
        }
        var hostTime: (@Sendable () -> Double)?
        if let runClock { hostTime = { runClock.seconds } }
        do {
            self.trace = try trace.map { path in
                try TraceWriter(
                    path,
                    origin: "virtual",
                    contents: contents,
                    now: hostTime ?? { Clock.seconds }
                )
            }
        } catch {
            directory.remove()
            throw Failure(recording: trace ?? "", error)
        }
        do {
            for (index, drive) in (recorded?.drives ?? []).enumerated() {
                var options = options
                options.number = index
                guard let recorded else { continue }
                try add(ReplayTransport(recorded, drive: drive, report: report), options)
            }
            if isReplay { return }
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
                    audio: sound,
                    clock: mode,
                    hostTime: hostTime
                )
                if mode != .none { stopwatches.append(recorder.stopwatch) }
                powers.append(recorder.power)
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

    /// How drives of a model treat audio, with what was named changed.
    private static func traits(_ specifications: [String], of profile: DriveProfile)
        throws(Failure) -> AudioTraits
    {
        var traits = profile.audio
        for specification in specifications {
            do {
                try traits.apply(specification)
            } catch {
                throw Failure(
                    .usage,
                    "\(error)",
                    meaning: "The command was not run.",
                    advice: "Docs/VirtualDrive.md lists how drives treat audio."
                )
            }
        }
        return traits
    }

    /// What is called by a name.
    static func find<Found>(
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

    /// What the drives' work has taken by their clocks: one line for each drive; none if no
    /// clock runs.
    public var driveTimes: [String] {
        zip(paths, stopwatches).map { path, stopwatch in
            let (seconds, fraction) = stopwatch.total.components
            let milliseconds = fraction / 1_000_000_000_000_000
            let digits = String(milliseconds + 1000).dropFirst()
            return
                "Drive time of \(path): \(seconds).\(digits) s in \(Wording.counted(stopwatch.commands, "command"))."
        }
    }

    /// What was found out by a replay: where programs asked for something else than the trace has;
    /// none if nothing is replayed.
    public var replayNotes: [String] {
        guard isReplay else { return [] }
        var lines = report.differences
        if report.count > lines.count {
            lines.append("\(report.count - lines.count) more differences are not shown.")
        }
        lines.append(
            "\(Wording.counted(report.answered, "command")) \(report.answered == 1 ? "was" : "were") answered as recorded; \(Wording.counted(report.count, "difference"))."
        )
        return lines
    }

    /// Ends the trace, and gives its file its name.
    ///
    /// - Returns: Why it is not complete; empty if it is, or none was asked for.
    public func finishTrace() -> [String] {
        trace?.finish().map { ["The trace is not complete: \($0)"] } ?? []
    }

    private static func read(_ path: FilePath) throws(Failure) -> Trace {
        do throws(TraceError) {
            return try Trace(reading: path)
        } catch {
            throw Failure(
                .unsuitable,
                error.description,
                meaning: "The command was not run.",
                advice: "Name a file made by “spindle virtual run --trace” or “virtual trace”."
            )
        }
    }

    private func add(_ drive: sending any Transport, _ options: DriveNode.Options) throws {
        let path = "/dev/sr\(options.number)"
        guard let trace else { return try add(drive, at: path, options) }
        try add(TracingTransport(drive, drive: path, writer: trace), at: path, options)
    }

    private func add(
        _ way: sending any Transport,
        at path: String,
        _ options: DriveNode.Options
    ) throws {
        let node = try DriveNode(
            socketPath: directory.socket(options.number).string,
            transport: way,
            options: options,
            clock: runClock,
            hand: .atRecorder
        )
        try node.start()
        nodes.append(node)
        paths.append(path)
    }

    /// Runs a program that finds the drives at its device nodes, and waits for its end.
    ///
    /// - Parameter command: The program and its arguments.
    /// - Returns: The program's exit code, as a shell gives it.
    /// - Throws: ``Reports/Failure`` where it can't be started.
    public func run(_ command: [String]) throws(Failure) -> Int32 {
        try RunCommand.run(
            command,
            environment: environment(),
            meaning: "The discs are as they were."
        )
    }

    /// Ends the drives; programs that still use them find them gone.
    public func stop() {
        // A command that takes an hour would be waited for.
        for power in powers { power.cut() }
        for node in nodes { node.stop() }
        nodes = []
        trace?.finish()
        directory.remove()
    }

    /// This process's environment, and what leads a program to the drives.
    private func environment() -> [String] {
        var added: [(String, String)] = []
        let mapping = paths.enumerated().map { index, path in
            "\(path)=\(directory.socket(index))"
        }
        added.append(("SPINDLE_DRIVE_NODES", mapping.joined(separator: ":")))
        if let first = paths.first { added.append(("SPINDLE_DRIVE", first)) }
        for (index, path) in paths.enumerated() {
            added.append(("SPINDLE_DRIVE_\(index + 1)", path))
        }
        if runClock != nil { added.append(("SPINDLE_DRIVE_CLOCK", directory.clock.string)) }
        // A run within a run has drives and a time of its own.
        return Interposer.environment(
            loading: interposer,
            adding: added,
            without: ["SPINDLE_DRIVE_CLOCK"]
        )
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
}
