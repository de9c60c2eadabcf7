import LinuxCalls
import Reports
import SecondOpinion

/// Prints lines of JSON on the standard output, many at a time.
struct Answer: ~Copyable {
    private var pending: [UInt8] = []
    private let output = File(borrowing: 1, name: "standard output")

    /// Prints a line; the process ends if nobody reads it any more.
    mutating func print(_ line: OpinionLine) {
        pending += Array(JSON.encode(line).utf8) + [0x0A]
        if pending.count >= 1 << 16 { flush() }
    }

    /// Writes what waits.
    mutating func flush() {
        guard (try? output.writeOn(pending.span)) != nil else { Processes.leave(1) }
        pending.removeAll(keepingCapacity: true)
    }
}
