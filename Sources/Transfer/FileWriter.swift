public import LinuxCalls

/// Writes everything that goes through a ring to a file, on a thread of its own.
public final class FileWriter: Sendable {
    private let thread: Thread
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

    /// Waits for the ring's end.
    ///
    /// - Returns: Why the file could not be written, where it could not.
    public func finish() -> SystemError? {
        thread.join()
        return failure.read { $0 }
    }
}
