import DiscChecksums
import DiscDrives
import DiscModel
import LibCrypto
import LinuxCalls
import MMC
import Reports
import Synchronization
import Transfer

/// Reads runs of a disc's sectors into a ring on a thread of its own, and finds out which of them can't
/// be read.
///
/// Such sectors go through the ring as zeros and are noted before anyone sees their buffer.
final class DiscReading: @unchecked Sendable {
    // Safe to share: the disc and the position are touched by the reading thread alone, which the
    // caller waits for; everything else is a monitor or an atomic.

    /// Sectors that are read alike.
    struct Run {
        var start: Int
        var count: Int
        /// How much of each is read.
        var form: SectorForm
        /// Whether their subchannel is read, too.
        var hasSubchannel = false
        /// Whether anything of them is read; else their buffers come empty.
        var isRead = true

        private var size: Int {
            form.size + (hasSubchannel ? SubchannelQ.interleavedSize : 0)
        }

        /// The sectors that go into one buffer: first each one's main part, then each one's subchannel.
        var piece: Int { size == 0 ? max(1, count) : DiscReading.chunkSize / size }
    }

    /// The sums that are made of all that is read.
    struct Summing {
        var algorithms: [DigestAlgorithm] = [.sha256]
        /// The bytes from the beginning that they are over; `nil` for all.
        var byteCount: Int?
        /// Known sums to look for, whatever number of bytes they are of.
        var wanted: [ManifestEntry] = []
        /// The bytes from the beginning before which they aren't looked for.
        var wantedFrom = 0
    }

    /// What the thread has met so far; sectors are counted through all the runs.
    struct State: Sendable {
        /// The sectors that could not be read, in rising order.
        var unreadable: [Int] = []
        /// Where reading stopped because too much could not be read.
        var gaveUpAt: Int?
        /// Why it could not go on at all.
        var failure: Failure?
    }

    /// Bytes in a buffer, and buffers in a ring.
    fileprivate static let chunkSize = 1 << 20
    private static let chunks = 8
    /// A drive takes seconds over each sector that it can't read; so many are enough to judge a disc.
    private static let mostUnreadable = 1_000
    /// How long a buffer is waited for without a word.
    private static let beat = Duration.seconds(1)
    /// The sectors that are read at once if a whole buffer can't be: those of one command.
    private static let carefulSectors = 32

    /// What is read; its first consumer is whoever made this.
    let ring: ChunkRing
    private let disc: any DiscSource
    private let runs: [Run]
    private let cancellation: Cancellation
    private let state = Monitor(State())
    private let isEnough = Atomic(false)
    private let firstWanted = Atomic(0)
    /// The sectors of the runs before the one that is read.
    private var sectorsBefore = 0
    private var thread: Thread?
    private var sums: PrefixSums?
    private var found: PrefixSumsResult?

    /// Begins to read; it has to be ended with ``finish()``.
    ///
    /// - Throws: ``Reports/Failure`` if a sum can't be made, or no thread can be had.
    init(
        _ disc: any DiscSource,
        _ runs: [Run],
        summing: Summing? = nil,
        _ cancellation: Cancellation
    ) throws(Failure) {
        self.disc = disc
        self.runs = runs
        self.cancellation = cancellation
        let kinds = summing.map { PrefixSums.consumers($0.algorithms, searching: $0.wanted) } ?? []
        ring = ChunkRing(
            chunkSize: Self.chunkSize,
            chunks: Self.chunks,
            consumers: 1 + kinds.count
        )
        do {
            let ring = ring
            sums = try summing.map {
                try PrefixSums(
                    $0.algorithms,
                    of: $0.byteCount,
                    searching: $0.wanted,
                    from: $0.wantedFrom,
                    over: ring,
                    firstConsumer: 1
                )
            }
        } catch {
            throw Failure(summing: error)
        }
        do {
            thread = try Thread(name: "read") { self.run() }
        } catch {
            throw Failure(reading: error)
        }
    }

    /// What was met so far.
    var met: State { state.read { $0 } }

    /// Waits for the next buffer, and has it told that time passes meanwhile: a drive may take seconds over
    /// each sector that it can't read.
    func waitForNext(_ beat: () -> Void) {
        while ring.waitForNext(0, atMost: Self.beat) == nil { beat() }
    }

    /// Has reading end where it is, if it goes on, and waits for the threads.
    ///
    /// - Returns: The sums over what was read; `nil` if none was asked for.
    @discardableResult
    func finish() -> PrefixSumsResult? {
        isEnough.store(true, ordering: .releasing)
        ring.leave(0)
        thread?.join()
        thread = nil
        if let sums { found = sums.finish() }
        sums = nil
        return found
    }

    /// Has nothing more read of a run: its buffers come empty.
    func skip(_ run: Int) { firstWanted.store(run + 1, ordering: .releasing) }

    private func run() {
        do {
            for (index, run) in runs.enumerated() {
                var next = run.start
                let end = run.start + run.count
                while next < end, !hasEnded {
                    let sectors = next..<min(end, next + run.piece)
                    guard try ring.produce({ try self.fill(index, sectors, &$0) }) else { return }
                    next = sectors.upperBound
                }
                sectorsBefore += run.count
            }
            ring.finish()
        } catch {
            let failure = Failure(reading: error)
            state.update { $0.failure = failure }
            ring.abandon()
        }
    }

    private var hasEnded: Bool {
        isEnough.load(ordering: .acquiring) || state.read { $0.gaveUpAt != nil }
    }

    /// Fills a buffer; only at the end it may be less than full.
    private func fill(_ index: Int, _ sectors: Range<Int>, _ buffer: inout MutableSpan<UInt8>)
        throws -> Int
    {
        let run = runs[index]
        guard run.isRead else { return 0 }
        var next = sectors.lowerBound
        func isWanted() -> Bool { index >= firstWanted.load(ordering: .acquiring) && !hasEnded }

        /// Reads in pieces of a size, and if one can't be read, that in smaller ones.
        func read(to end: Int, piece: Int, _ buffer: inout MutableSpan<UInt8>) throws {
            while next < end, isWanted() {
                guard !cancellation.isRequested else { throw Failure.stopped }
                let wanted = next..<min(end, next + piece)
                do {
                    next += try deliver(run, wanted, of: sectors, &buffer)
                } catch is UnreadableSectors {
                    if wanted.count > 1 {
                        let smaller = wanted.count > Self.carefulSectors ? Self.carefulSectors : 1
                        try read(to: wanted.upperBound, piece: smaller, &buffer)
                    } else {
                        let first = (next - sectors.lowerBound) * run.form.size
                        Bytes.fill(&buffer, first..<(first + run.form.size), with: 0)
                        note(sectorsBefore + next - run.start)
                        next += 1
                    }
                }
            }
        }
        try read(to: sectors.upperBound, piece: sectors.count, &buffer)
        return run.hasSubchannel
            ? sectors.count * (run.form.size + SubchannelQ.interleavedSize)
            : (next - sectors.lowerBound) * run.form.size
    }

    /// Reads sectors, and their subchannel, into their places in the buffer.
    ///
    /// - Returns: How many, at least 1.
    private func deliver(
        _ run: Run,
        _ wanted: Range<Int>,
        of sectors: Range<Int>,
        _ buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        let place = wanted.lowerBound - sectors.lowerBound
        var count = wanted.count
        if run.form != .absent {
            let size = run.form.size
            let range = (place * size)..<((place + count) * size)
            let got = try Bytes.withPart(of: &buffer, range) { part throws(any Error) in
                try disc.read(run.form, at: wanted.lowerBound, into: &part)
            }
            guard got > 0 else {
                throw UnreadableSectors(start: wanted.lowerBound, count: 1, reason: "nothing came")
            }
            count = min(got, count)
        }
        let size = SubchannelQ.interleavedSize
        let base = sectors.count * run.form.size + place * size
        var done = run.hasSubchannel ? 0 : count
        while done < count {
            do {
                let range = (base + done * size)..<(base + count * size)
                let got = try Bytes.withPart(of: &buffer, range) { part throws(any Error) in
                    try disc.readSubchannel(at: wanted.lowerBound + done, into: &part)
                }
                done += max(1, got)
            } catch is UnreadableSectors where done > 0 {
                return done
            }
        }
        return count
    }

    private func note(_ sector: Int) {
        state.update { state in
            state.unreadable.append(sector)
            if state.unreadable.count >= Self.mostUnreadable { state.gaveUpAt = sector + 1 }
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

    /// A sum can't be made.
    init(summing error: any Error) {
        self.init(
            .unchecked,
            "\(error)".hasSuffix(".") ? "\(error)" : "\(error).",
            meaning: "Nothing was compared, and nothing was changed.",
            advice: "Use another kind of checksum, such as SHA-256."
        )
    }

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
