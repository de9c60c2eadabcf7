import DiscDrives
import LinuxCalls
import MMC
import Reports
import Synchronization
import Transfer

/// Reads a source into a ring on a thread of its own, and finds out which sectors can't be read.
///
/// Such sectors go through the ring as zeros and are noted before anyone sees their buffer.
final class SourceReading: @unchecked Sendable {
    // Safe to share: the source and the position are touched by the reading thread alone, which the
    // caller waits for; everything else is a monitor or an atomic.

    /// What the thread has met so far.
    struct State: Sendable {
        /// The sectors that could not be read, in rising order.
        var unreadable: [Int] = []
        /// The source's end, where it was reached.
        var end: Int?
        /// Where reading stopped because too much could not be read.
        var gaveUpAt: Int?
        /// Why it could not go on at all.
        var failure: Failure?
    }

    /// Bytes in a buffer, and buffers in a ring.
    static let chunkSize = 1 << 20
    static let chunks = 8
    /// A drive takes seconds over each sector that it can't read; so many are enough to judge a disc.
    static let unreadableLimit = 1_000
    /// The sectors that are read at once where a whole buffer can't be: those of one command.
    private static let carefulSectors = 32

    let ring: ChunkRing
    private let source: any SectorSource
    private let end: Int
    private let cancellation: Cancellation
    private let state = Monitor(State())
    private let isEnough = Atomic(false)
    private var position: Int
    private var thread: Thread?

    /// Prepares to read sectors, or fewer where the source ends before, for so many consumers.
    init(
        _ source: any SectorSource,
        _ sectors: Range<Int>,
        consumers: Int,
        _ cancellation: Cancellation
    ) {
        self.source = source
        position = sectors.lowerBound
        end = sectors.upperBound
        self.cancellation = cancellation
        let chunkSize = max(1, Self.chunkSize / source.sectorSize) * source.sectorSize
        ring = ChunkRing(chunkSize: chunkSize, chunks: Self.chunks, consumers: consumers)
    }

    /// What was met so far.
    var met: State { state.read { $0 } }

    /// Whether the source says how long it is.
    var knowsLength: Bool { source.sectorCount != nil }

    /// Begins.
    func start(_ name: String) throws(SystemError) {
        thread = try Thread(name: name) { self.run() }
    }

    /// Has reading end where it is: what is in the ring still counts.
    func stopEarly() { isEnough.store(true, ordering: .releasing) }

    /// Waits until the thread has ended.
    func join() {
        thread?.join()
        thread = nil
    }

    private func run() {
        do {
            while !isAtEnd {
                guard try ring.produce({ try self.fill(&$0) }) else { return }
            }
            ring.finish()
        } catch {
            let failure = Failure(reading: error)
            state.update { $0.failure = failure }
            ring.abandon()
        }
    }

    private var isAtEnd: Bool {
        position >= end || isEnough.load(ordering: .acquiring)
            || state.read { $0.end != nil || $0.gaveUpAt != nil }
    }

    /// Fills a buffer, less only at the end.
    private func fill(_ buffer: inout MutableSpan<UInt8>) throws -> Int {
        let first = position
        let count = min(buffer.count / source.sectorSize, end - first)
        try read(first..<first + count, into: &buffer, base: first, piece: count)
        return (position - first) * source.sectorSize
    }

    /// Reads sectors in pieces of a size, and where a piece can't be read, that in smaller ones.
    private func read(
        _ sectors: Range<Int>,
        into buffer: inout MutableSpan<UInt8>,
        base: Int,
        piece: Int
    ) throws {
        let size = source.sectorSize
        while position < sectors.upperBound, !isAtEnd {
            guard !cancellation.isRequested else { throw Failure.stopped }
            let wanted = position..<min(sectors.upperBound, position + piece)
            let range = (wanted.lowerBound - base) * size..<(wanted.upperBound - base) * size
            do {
                let count = try Bytes.withPart(of: &buffer, range) { part throws(any Error) in
                    try source.read(at: wanted.lowerBound, into: &part)
                }
                if count <= 0 {
                    let end = position
                    state.update { $0.end = end }
                }
                position += max(0, min(count, wanted.count))
            } catch is UnreadableSectors {
                if wanted.count > 1 {
                    let smaller = wanted.count > Self.carefulSectors ? Self.carefulSectors : 1
                    try read(wanted, into: &buffer, base: base, piece: smaller)
                } else {
                    Bytes.fill(&buffer, range, with: 0)
                    note(position)
                }
            }
        }
    }

    private func note(_ sector: Int) {
        position = sector + 1
        state.update { state in
            state.unreadable.append(sector)
            if state.unreadable.count >= Self.unreadableLimit { state.gaveUpAt = sector + 1 }
        }
    }
}

extension Failure {
    /// The user stopped the comparison.
    static let stopped = Failure(
        .interruption,
        "The comparison was stopped.",
        meaning: "Nothing is known of what was not compared yet; nothing was changed.",
        advice: "Verify again from the beginning."
    )

    /// A source can't be read on.
    init(reading error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as TransportError:
            self.init(error, meaning: "The comparison is unfinished; nothing was changed.")
        default:
            self.init(
                .trouble,
                "Reading failed: \(error).",
                meaning: "The comparison is unfinished; nothing was changed.",
                advice: "Try again."
            )
        }
    }
}
