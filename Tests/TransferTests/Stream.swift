import LinuxCalls
import TestSupport
import Transfer

/// Bytes that a test sends through a ring, in pieces of random sizes.
struct Stream: Sendable {
    let bytes: [UInt8]

    init(count: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Puts the bytes into a ring, and ends it.
    ///
    /// - Returns: The bytes that were put in before the ring took no more.
    @discardableResult
    func produce(into ring: ChunkRing, seed: UInt64) -> Int {
        var generator = SeededGenerator(seed: seed)
        var offset = 0
        while offset < bytes.count {
            let goesOn = ring.produce { buffer in
                let wanted = Int.random(in: 0...buffer.count, using: &generator)
                let count = min(wanted, bytes.count - offset)
                for i in 0..<count { buffer[i] = bytes[offset + i] }
                offset += count
                return count
            }
            if !goesOn { return offset }
        }
        ring.finish()
        return offset
    }
}

/// A consumer that keeps what comes, on a thread of its own.
final class Collector: Sendable {
    private let thread: Thread
    private let collected: Monitor<[UInt8]>

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - ring: Where the bytes come from.
    ///   - consumer: Its number.
    ///   - limit: Buffers after which it leaves.
    ///   - pause: Seconds that it takes over each buffer.
    /// - Throws: The system's error where it has no thread to give.
    init(_ ring: ChunkRing, as consumer: Int, limit: Int = .max, pause: Double = 0) throws {
        let collected = Monitor([UInt8]())
        thread = try Thread(name: "collector") {
            var buffers = 0
            while buffers < limit,
                ring.consume(
                    consumer,
                    { bytes in
                        if pause > 0 { Clock.sleep(seconds: pause) }
                        let piece = (0..<bytes.count).map { bytes[$0] }
                        collected.update { $0 += piece }
                    }
                )
            { buffers += 1 }
            if buffers == limit { ring.leave(consumer) }
        }
        self.collected = collected
    }

    func finish() -> [UInt8] {
        thread.join()
        return collected.read { $0 }
    }
}
