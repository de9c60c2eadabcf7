public import LinuxCalls
import Synchronization

/// Writes everything that goes through a ring to a file, on a thread of its own.
public final class FileWriter: Sendable {
    private let thread: Thread
    private let ring: ChunkRing
    private let isFinished = Atomic(false)
    private let failure: Monitor<SystemError?>

    /// Starts the thread; it ends with the ring, or takes itself and the ring out where the file
    /// can't be written.
    ///
    /// - Parameters:
    ///   - file: Written from its beginning.
    ///   - ring: Where the bytes come from.
    ///   - consumer: The writer's consumer number.
    /// - Throws: The system's error where it has no thread to give.
    public init(_ file: File, consuming ring: ChunkRing, as consumer: Int) throws(SystemError) {
        let failure = Monitor<SystemError?>(nil)
        self.ring = ring
        thread = try Thread(name: "writer") {
            var offset = 0
            do throws(SystemError) {
                while try ring.consume(
                    consumer,
                    { bytes throws(SystemError) in
                        try file.write(bytes, at: offset)
                        offset += bytes.count
                    }
                ) {}
            } catch {
                failure.update { $0 = error }
                ring.abandon()
            }
        }
        self.failure = failure
    }

    /// Ends the thread if nobody waits for it.
    deinit {
        guard !isFinished.load(ordering: .acquiring) else { return }
        ring.abandon()
        _ = finish()
    }

    /// Waits for the ring's end.
    ///
    /// What was written need not be on the storage yet: `UnfinishedFiles` sees to that before the
    /// file gets its name.
    ///
    /// - Returns: Why the file could not be written; `nil` if all of it was.
    public func finish() -> SystemError? {
        isFinished.store(true, ordering: .releasing)
        thread.join()
        return failure.read { $0 }
    }
}
