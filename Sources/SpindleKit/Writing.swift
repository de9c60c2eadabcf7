import Reports
import SpindleJobs
import Synchronization

/// The turn to write, of which a process has one: libburn keeps its state for the whole process.
enum Writing {
    private static let isTaken = Mutex(false)

    /// Calls a function that writes.
    ///
    /// - Parameter body: What writes.
    /// - Returns: What it returns.
    /// - Throws: ``SpindleError`` of the function, or if another job of this process is writing.
    static func alone(
        _ body: () throws(SpindleError) -> JobResult
    ) throws(SpindleError) -> JobResult {
        let isMine = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        guard isMine else {
            throw SpindleError(
                .unsuitable,
                .driveBusy,
                "Another job of this program is writing a disc.",
                meaning: "Nothing was written.",
                advice: "Wait for its end, or burn in a process for each drive."
            )
        }
        defer { isTaken.withLock { $0 = false } }
        return try body()
    }
}
