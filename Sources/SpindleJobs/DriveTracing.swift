import DriveNode
public import DriveTrace
import LinuxCalls
public import Reports
public import SystemPackage

/// Programs whose commands to drives are recorded, and not altered.
public final class DriveTracing {
    private let directory: DriveDirectory
    private let listener: TraceListener
    private let writer: TraceWriter
    private let drives: [String]
    private let interposer: FilePath

    /// Begins a trace.
    ///
    /// - Parameters:
    ///   - path: The file, which must not exist.
    ///   - drives: The nodes of drives; none for `/dev/sr0` to `/dev/sr9`, as far as they are there.
    ///   - contents: What of the data is recorded.
    /// - Throws: ``Reports/Failure`` where there is no drive, or the trace can't be written.
    public init(_ path: FilePath, drives: [String], contents: TraceContents = TraceContents())
        throws(Failure)
    {
        interposer = try Interposer.find()
        let found =
            drives.isEmpty
            ? (0...9).map { "/dev/sr\($0)" }.filter { FileSystem.exists(FilePath($0)) } : drives
        for drive in found where !FileSystem.exists(FilePath(drive)) {
            throw Failure(
                .unsuitable,
                .noDrive,
                "There is no \(drive).",
                meaning: "The command was not run.",
                advice: "Name the drive's node."
            )
        }
        guard !found.isEmpty else {
            throw Failure(
                .unsuitable,
                .noDrive,
                "There is no drive.",
                meaning: "The command was not run.",
                advice: "Name its node with --drive."
            )
        }
        self.drives = found
        directory = try DriveDirectory.make()
        do {
            let writer = try TraceWriter(path, origin: "pass-through", contents: contents)
            self.writer = writer
            listener = try TraceListener(socketPath: directory.socket(0).string) { seen in
                let name = found.first { $0.hasSuffix("/\(seen.node)") } ?? seen.node
                writer.add(TraceEntry(seen, drive: name, at: writer.time), data: seen.data)
            }
            try listener.start()
        } catch {
            directory.remove()
            throw Failure(recording: path, error)
        }
    }

    deinit {
        stop()
    }

    /// Runs a program whose commands are recorded, and waits for its end.
    ///
    /// - Returns: The program's exit code, as a shell gives it.
    /// - Throws: ``Reports/Failure`` where it can't be started.
    public func run(_ command: [String]) throws(Failure) -> Int32 {
        let mapping = drives.map { "\($0)=\(directory.socket(0))" }.joined(separator: ":")
        return try RunCommand.run(
            command,
            environment: Interposer.environment(
                loading: interposer,
                adding: [("SPINDLE_TRACE_NODES", mapping)]
            ),
            meaning: "Nothing was recorded."
        )
    }

    /// Ends the trace, and gives its file its name.
    ///
    /// - Returns: How many commands were recorded, and why the trace is not complete, if it isn't.
    public func finish() -> [String] {
        let failure = writer.finish()
        return [
            "\(Wording.counted(writer.count, "command")) \(writer.count == 1 ? "was" : "were") recorded."
        ]
            + (failure.map { ["The trace is not complete: \($0)"] } ?? [])
    }

    /// Ends the trace.
    public func stop() {
        listener.stop()
        writer.finish()
        directory.remove()
    }
}

extension Failure {
    /// A trace can't be begun.
    init(recording path: FilePath, _ error: any Error) {
        let exists = (error as? SystemError)?.isFileExists == true
        self.init(
            exists ? .source : .trouble,
            exists
                ? "\((error as? SystemError)?.path ?? path.string) exists already, and a trace replaces no file."
                : "The trace can't be written: \(error).",
            meaning: "The command was not run.",
            advice: "Choose another place for it."
        )
    }
}

extension TraceEntry {
    /// The host's adapter says that the time ran out: DID_TIME_OUT; that the device is not there:
    /// DID_NO_CONNECT (include/scsi/scsi_status.h).
    private static let hostTroubles: [UInt8: Trouble] = [1: .gone, 3: .timedOut]
    /// ENODEV and ENXIO; EPERM and EACCES.
    private static let callTroubles: [Int32: Trouble] = [
        19: .gone, 6: .gone, 1: .notPermitted, 13: .notPermitted,
    ]

    /// Makes an entry of a command that a program has sent.
    init(_ seen: SeenCommand, drive: String, at time: Double) {
        self.init(cdb: seen.cdb, drive: drive)
        at = max(0, time - seen.took)
        took = seen.took
        direction =
            switch seen.direction {
            case .none: .none
            case .fromDrive: .in
            case .toDrive: .out
            }
        room = seen.room
        moved = seen.moved
        status = seen.status
        sense = seen.sense
        if seen.errorNumber != 0 {
            trouble = Self.callTroubles[seen.errorNumber] ?? .failed
        } else if seen.hostStatus != 0 {
            trouble = Self.hostTroubles[seen.hostStatus] ?? .failed
        }
        if trouble != nil { status = nil }
    }
}
