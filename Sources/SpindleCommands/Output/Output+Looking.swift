import LinuxCalls
import SpindleJobs
import TerminalProgress

extension Output {
    /// Does something that may take long before there is anything to show, and shows that time passes
    /// meanwhile: a drive may need minutes to find out what is on a damaged disc.
    func looking<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let beat = beginLooking()
        defer {
            beat?.end()
            endLine()
        }
        return try body()
    }

    /// Begins to show that time passes, until anything else is shown.
    ///
    /// - Returns: What is to be ended when it is over; `nil` where nobody would see it.
    func beginLooking() -> Beat? {
        guard startLooking() else { return nil }
        return Beat { self.showLooking() }
    }
}

/// Something that is done twice a second, on a thread of its own.
final class Beat: Sendable {
    private let isOver: Monitor<Bool>
    private let thread: Thread?

    /// Begins.
    ///
    /// - Parameter body: Says whether it goes on.
    init(_ body: @escaping @Sendable () -> Bool) {
        let isOver = Monitor(false)
        self.isOver = isOver
        thread = try? Thread(name: "looking") {
            while isOver.wait(atMost: .milliseconds(500), { $0 ? true : nil }) == nil, body() {}
        }
    }

    /// Ends it, and waits until it has.
    func end() {
        isOver.update { $0 = true }
        thread?.join()
    }
}
