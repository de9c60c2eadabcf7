import FoundationEssentials
import LibCrypto
public import LinuxCalls
import Synchronization
public import SystemPackage

/// Writes a trace: a line of JSON for what it is, and one for each command, in the order in which
/// they ended.
///
/// A trace that can't be written any further, because the disk is full, ends there; the drive goes
/// on. The file gets its name when the trace is finished; what an interrupted process recorded stays
/// under a name ending in “.part”.
public final class TraceWriter: Sendable {
    private struct State {
        var count = 0
        var failure: SystemError?
        var isOver = false
        let unfinished: UnfinishedFiles
    }

    private let file: File
    private let contents: TraceContents
    private let now: @Sendable () -> Double
    private let began: Double
    private let state: Mutex<State>

    /// Begins a trace.
    ///
    /// - Parameters:
    ///   - path: The file, which must not exist.
    ///   - origin: Where the commands are seen.
    ///   - contents: What of the data is kept.
    ///   - now: The time that commands begin by, in seconds.
    /// - Throws: ``LinuxCalls/SystemError`` where the file can't be written.
    public init(
        _ path: FilePath,
        origin: String,
        contents: TraceContents,
        now: @escaping @Sendable () -> Double = { Clock.seconds }
    ) throws(SystemError) {
        let unfinished = try UnfinishedFiles([path], replaces: false, survives: true)
        file = try unfinished.begin()[0]
        state = Mutex(State(unfinished: unfinished))
        self.contents = contents
        self.now = now
        began = now()
        try file.writeOn(
            Self.line(
                TraceHeader(
                    origin: origin,
                    sectors: contents.keepsSectors,
                    serials: contents.keepsSerials
                )
            ).span
        )
    }

    /// Seconds from the trace's beginning.
    public var time: Double { now() - began }

    /// How many commands were written.
    public var count: Int { state.withLock { $0.count } }
    /// Why the trace has ended early.
    public var failure: SystemError? { state.withLock { $0.failure } }

    /// Ends the trace and gives the file its name; a second call does nothing.
    ///
    /// - Returns: Why the trace is not complete, or has no name; `nil` if it is and has.
    @discardableResult
    public func finish() -> SystemError? {
        state.withLock { state in
            guard !state.isOver else { return state.failure }
            state.isOver = true
            do throws(SystemError) {
                try state.unfinished.finish()
            } catch {
                state.failure = state.failure ?? error
            }
            return state.failure
        }
    }

    /// Adds a command.
    ///
    /// - Parameters:
    ///   - entry: All of it but its number and its data.
    ///   - data: The bytes that were moved.
    public func add(_ entry: TraceEntry, data: [UInt8]) {
        var entry = entry
        var data = data
        // Microseconds are enough, and easier to read.
        entry.at = (entry.at * 1e6).rounded() / 1e6
        entry.took = (entry.took * 1e6).rounded() / 1e6
        if !data.isEmpty {
            if contents.blank(&data, of: entry.cdb) { entry.isBlanked = true }
            if contents.keeps(data.count, of: entry.cdb) {
                entry.data = data
            } else if var digest = try? Digest(.sha256) {
                digest.update(data.span)
                entry.sha256 = digest.finish().hexadecimal
            }
        }
        state.withLock { state in
            guard state.failure == nil, !state.isOver else { return }
            entry.number = state.count + 1
            do throws(SystemError) {
                try file.writeOn(Self.line(entry).span)
                state.count += 1
            } catch {
                state.failure = error
            }
        }
    }

    private static func line(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only numbers that are none can't be written.
        let data = (try? encoder.encode(value)) ?? Data()
        return Array(data) + [UInt8(ascii: "\n")]
    }
}
