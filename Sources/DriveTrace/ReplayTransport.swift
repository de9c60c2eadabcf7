import DiscModel
import LibCrypto
import LinuxCalls
public import MMC

/// A drive that answers as a trace has it.
///
/// A program's command gets the answer of the next command in the trace with the same bytes. Where
/// that is not the one that is due, where it comes more often than in the trace, where its data
/// differ, and where the trace does not have it at all, the report says so; a command that the trace
/// does not have is refused with 5/20/00. The system's own commands are answered from wherever the
/// trace has them, since they depend on the moment, and without a word.
public final class ReplayTransport: TimedTransport {
    private let entries: [TraceEntry]
    private let report: ReplayReport
    /// The places of each sender's commands by their bytes.
    private var places: [TraceEntry.Sender: [[UInt8]: [Int]]] = [:]
    /// The next place of each sender's.
    private var next: [TraceEntry.Sender: Int] = [:]
    /// The program's commands so far.
    private var count = 0

    /// How long the last command took when it was recorded.
    public private(set) var driveTime: Duration = .zero

    /// Creates a drive.
    ///
    /// - Parameters:
    ///   - trace: What it answers.
    ///   - drive: Which of the trace's drives it is; absent for the first.
    ///   - report: Where differences are told.
    public init(_ trace: Trace, drive: String? = nil, report: ReplayReport = ReplayReport()) {
        let name = drive ?? trace.drives.first ?? ""
        entries = trace.entries.filter { $0.drive == name }
        self.report = report
        for (place, entry) in entries.enumerated() {
            places[entry.sender, default: [:]][entry.cdb, default: []].append(place)
        }
    }

    /// Takes a command whose data, if any, come from the drive.
    public func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        guard let entry = find(command) else { return refusal(command) }
        var completion = try end(entry, command)
        completion.transferred = min(entry.moved, buffer.count)
        if let data = entry.data {
            Bytes.copy(
                data.span.extracting(0..<min(data.count, completion.transferred)),
                to: &buffer
            )
        } else if completion.transferred > 0 {
            for i in 0..<completion.transferred { buffer[i] = 0 }
            report.add(
                "The trace does not hold the data of its command \(entry.number)"
                    + " (\(Self.digits(entry.cdb))): zeros were given."
            )
        }
        return completion
    }

    /// Takes a command with data for the drive.
    public func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
        -> Completion
    {
        guard let entry = find(command) else { return refusal(command) }
        if !holds(entry, data) {
            report.add(
                "Command \(count) (\(Self.digits(command.cdb))) came with other data than the"
                    + " trace's command \(entry.number)."
            )
        }
        var completion = try end(entry, command)
        completion.transferred = min(entry.moved, data.count)
        return completion
    }

    private func holds(_ entry: TraceEntry, _ data: Span<UInt8>) -> Bool {
        // What was blanked can't be compared.
        guard entry.direction == .out, entry.isBlanked != true else { return true }
        if let recorded = entry.data { return Bytes.areEqual(recorded.span, data) }
        guard let sum = entry.sha256, var digest = try? Digest(.sha256) else { return true }
        digest.update(data)
        return digest.finish().hexadecimal == sum
    }

    private func find(_ command: Command) -> TraceEntry? {
        driveTime = .zero
        guard command.name == TracingTransport.programCommand else {
            let senders: [TraceEntry.Sender] = [.system, .program]
            return senders.lazy.compactMap { self.place($0, command.cdb)?.place }.first.map {
                place in
                if entries[place].sender == .system { next[.system] = place + 1 }
                return entries[place]
            }
        }
        count += 1
        let due = next[.program] ?? 0
        guard let (place, isRepeated) = place(.program, command.cdb) else {
            report.add(
                "Command \(count) (\(Self.digits(command.cdb))) is not in the trace: it was refused."
            )
            return nil
        }
        let entry = entries[place]
        if isRepeated {
            report.add(
                "Command \(count) (\(Self.digits(command.cdb))) comes once more than in the trace:"
                    + " it was answered like the trace's command \(entry.number)."
            )
            return entry
        }
        let passed = entries[due..<place].count { $0.sender == .program }
        if passed > 0 {
            report.add(
                "Command \(count) (\(Self.digits(command.cdb))) is the trace's command"
                    + " \(entry.number): \(passed) before it were not asked for."
            )
        } else {
            report.countAnswer()
        }
        next[.program] = place + 1
        return entry
    }

    /// The next place with these bytes, or the last one where none comes any more.
    private func place(_ sender: TraceEntry.Sender, _ cdb: [UInt8]) -> (
        place: Int, isRepeated: Bool
    )? {
        guard let list = places[sender]?[cdb], let last = list.last else { return nil }
        let due = next[sender] ?? 0
        let index = list.firstIndexInOrder { $0 >= due }
        return index < list.count ? (list[index], false) : (last, true)
    }

    private func end(_ entry: TraceEntry, _ command: Command) throws(TransportError) -> Completion {
        driveTime = .seconds(max(0, min(entry.took, 1e6)))
        if let trouble = entry.trouble {
            let code: TransportError.Code =
                switch trouble {
                case .gone: .deviceGone
                case .timedOut: .timedOut
                case .notPermitted: .notPermitted
                case .failed: .failed
                }
            throw TransportError(code, command: command.name, context: "so it was recorded")
        }
        return Completion(status: SCSIStatus(rawValue: entry.status ?? 0), senseBytes: entry.sense)
    }

    /// What a command gets that the trace does not have: the system's own ones that only make ready
    /// or lock find nothing amiss.
    private func refusal(_ command: Command) -> Completion {
        let isHarmless = [0x00, 0x1B, 0x1E].contains(command.cdb.first)
        guard command.name != TracingTransport.programCommand, isHarmless else {
            return Completion(Sense(.illegalRequest, 0x20, 0x00))
        }
        return Completion()
    }

    private static func digits(_ cdb: [UInt8]) -> String {
        cdb.map { Hexadecimal.text([$0]).uppercased() }.joined(separator: " ")
    }
}
