import FoundationEssentials
import LinuxCalls
public import SystemPackage

/// A trace that was read.
public struct Trace: Sendable {
    /// Its commands.
    public var entries: [TraceEntry]

    /// Creates a trace.
    public init(_ entries: [TraceEntry]) {
        self.entries = entries
    }

    /// The longest line that is read: a command with 4 MiB of data.
    private static let longestLine = 10 << 20
    private static let lineFeed = UInt8(ascii: "\n")

    /// Reads a trace.
    ///
    /// - Throws: ``TraceError`` where it is none, or a line can't be read.
    public init(reading path: FilePath) throws(TraceError) {
        func error(_ line: Int, _ problem: String) -> TraceError {
            TraceError(path: path.string, line: line, problem: problem)
        }
        let file: File
        do throws(SystemError) {
            file = try File(path, .read, nonBlocking: true)
        } catch let failure {
            throw error(0, failure.reason)
        }
        entries = []
        var pending: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 20)
        var place = 0
        var line = 0
        while true {
            let count: Int
            do throws(SystemError) {
                var span = block.mutableSpan
                count = try file.read(at: place, into: &span)
            } catch let failure {
                throw error(0, failure.reason)
            }
            place += count
            var rest = block[0..<count]
            while let end = rest.firstIndex(of: Self.lineFeed) {
                line += 1
                let whole = pending + rest[rest.startIndex..<end]
                pending = []
                rest = rest[(end + 1)...]
                if let problem = take(whole, line) { throw error(line, problem) }
            }
            pending += rest
            guard pending.count <= Self.longestLine else { throw error(line + 1, "it is too long") }
            if count < block.count { break }
        }
        // A trace whose writer was killed may end in the middle of a line, which tells nothing.
        guard line > 0 else { throw error(0, "it does not begin like one") }
    }

    /// Takes a line; what is wrong with it, if anything.
    private mutating func take(_ bytes: [UInt8], _ line: Int) -> String? {
        let decoder = JSONDecoder()
        if line == 1 {
            guard let header = try? decoder.decode(TraceHeader.self, from: Data(bytes)) else {
                return "it does not begin like a trace"
            }
            return header.spindleTrace == TraceHeader.currentVersion
                ? nil : "it has version \(header.spindleTrace), and only version 1 is known"
        }
        guard let entry = try? decoder.decode(TraceEntry.self, from: Data(bytes)),
            !entry.cdb.isEmpty, entry.cdb.count <= 16, entry.room >= 0, entry.moved >= 0,
            entry.took.isFinite
        else { return "it is not a command" }
        entries.append(entry)
        return nil
    }

    /// The nodes of its drives, in the order in which they come.
    public var drives: [String] {
        var found: [String] = []
        for entry in entries where !found.contains(entry.drive) { found.append(entry.drive) }
        return found
    }
}
