import DiscModel
import LinuxCalls
import Reports
import TestSupport
import Testing
import Transfer

/// What a copy reads once more when somebody has looked at what it has read.
@Suite struct ReviewCopyTests {
    /// A disc of user data, some of which comes wrong at first, and some only then.
    private final class ChangingDisc: DiscSource {
        let medium = MediumKind.cdROM
        let layout: DiscLayout
        /// Sectors that come wrong until they are read once more.
        var wrong: Set<Int> = []
        /// Sectors that can't be read.
        var bad: Set<Int> = []
        var reads: [Int: Int] = [:]
        static let sectors = 1000

        init() {
            let track = Track(
                number: 1,
                session: 1,
                content: .data,
                start: .zero,
                length: Self.sectors
            )
            layout = DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: [track], leadOut: track.end)
            ])
        }

        static func byte(_ sector: Int) -> UInt8 { UInt8(truncatingIfNeeded: sector % 251 + 1) }

        func storage(at address: Int) -> SectorStorage {
            SectorStorage(mode: .mode1, form: .user, count: Self.sectors - address)
        }

        func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            let count = buffer.count / 2048
            for sector in address..<address + count { reads[sector, default: 0] += 1 }
            for i in 0..<count {
                guard !bad.contains(address + i) else {
                    guard i == 0 else { return i }
                    throw UnreadableSectors(start: address, count: 1, reason: "it is bad")
                }
                let byte = wrong.contains(address + i) ? 0xEE : Self.byte(address + i)
                Bytes.fill(&buffer, i * 2048..<(i + 1) * 2048, with: byte)
            }
            return count
        }

        func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
            -> Int
        {
            throw UnreadableSectors(start: address, count: 1, reason: "there is none")
        }
    }

    /// A sink in memory; of one that takes sectors as asked, whether they came so.
    private final class MemorySink: DiscSink {
        let requests = [SectorRequest(0..<400, .user), SectorRequest(400..<1000, .user)]
        let order: SinkOrder
        var bytes = [UInt8](repeating: 0, count: ChangingDisc.sectors * 2048)
        var next = 0
        var isInOrder = true
        var isComplete = false

        init(_ order: SinkOrder) {
            self.order = order
        }

        func write(
            _ sectors: Span<UInt8>,
            subchannel: Span<UInt8>,
            at address: Int,
            for request: SectorRequest
        ) throws {
            isInOrder = isInOrder && address == next
            next = address + sectors.count / 2048
            for i in 0..<sectors.count { bytes[address * 2048 + i] = sectors[i] }
        }

        func read(
            into buffer: inout MutableSpan<UInt8>,
            at address: Int,
            for request: SectorRequest
        ) throws -> Bool {
            guard order == .any else { return false }
            for i in 0..<buffer.count { buffer[i] = bytes[address * 2048 + i] }
            return true
        }

        func complete() throws { isComplete = true }

        func abandon() {}
    }

    /// Takes everything in order.
    private final class Collector: SectorObserver {
        var bytes: [UInt8] = []
        private var isInOrder = true
        var isComplete: Bool { isInOrder && bytes.count == ChangingDisc.sectors * 2048 }

        func wants(_ sectors: Range<Int>) -> Bool { isInOrder }

        func take(_ sectors: Span<UInt8>, at address: Int, _ form: SectorForm) {
            isInOrder = isInOrder && address * 2048 == bytes.count
            guard isInOrder else { return }
            for i in 0..<sectors.count { bytes.append(sectors[i]) }
        }

        func restart() {
            bytes = []
            isInOrder = true
        }
    }

    @Test(arguments: [false, true])
    func `What somebody doubts is read once more, and what does not come again stays`(
        _ isPacked: Bool
    ) throws {
        let disc = ChangingDisc()
        disc.wrong = Set(100..<110)
        let memory = MemorySink(isPacked ? .asAsked : .any)
        var sink: any DiscSink = memory
        // The folder has to be there until the file is made, and not longer.
        let folder = try Folder()
        if isPacked {
            let file = try File(folder.path("spool"), .createNew)
            sink = SpooledSink(memory, in: file, Cancellation())
            #expect(SpooledSink.size(of: memory) == ChangingDisc.sectors * 2048)
        }
        #expect(sink.order == .any && sink.isResumable == !isPacked)
        let collector = Collector()
        let recovery = Recovery(disc, sink)
        var looks = 0
        recovery.review = { _ in
            looks += 1
            disc.wrong = []
            disc.bad = [205]
            return RangeSet([100..<110, 200..<210])
        }
        let result = try DiscCopy.run(
            from: disc,
            to: sink,
            observers: [collector],
            recovery: recovery
        )
        #expect(looks == 1)
        #expect(result.unreadable.isEmpty && recovery.end == .finished)
        #expect(recovery.map.missing.isEmpty)
        #expect(recovery.changed == RangeSet(100..<110))
        #expect(recovery.reviewed == RangeSet([100..<110, 200..<205, 206..<210]))
        #expect(disc.reads[99] == 1 && disc.reads[110] == 1 && disc.reads[211] == 1)
        let right = (0..<ChangingDisc.sectors).flatMap { sector in
            [UInt8](repeating: ChangingDisc.byte(sector), count: 2048)
        }
        #expect(memory.bytes == right)
        #expect(memory.isComplete && (!isPacked || memory.isInOrder))
        #expect(collector.isComplete && collector.bytes == right)
        withExtendedLifetime(folder) {}
    }

    @Test func `A copy that is stopped while it reads once more has that to do`() throws {
        let disc = ChangingDisc()
        let sink = MemorySink(.any)
        let recovery = Recovery(disc, sink)
        let cancellation = Cancellation()
        recovery.review = { _ in
            // Not before the first of it is asked for.
            recovery.step = { _ in cancellation.request() }
            return RangeSet(300..<900)
        }
        let result = try DiscCopy.run(from: disc, to: sink, cancellation, recovery: recovery)
        #expect(result.isCancelled && !sink.isComplete)
        #expect(recovery.map.count(.untried) > 0)
        #expect(recovery.map.missing.allSatisfy { 300 <= $0.lowerBound && $0.upperBound <= 900 })
    }

    /// The sink, with a file before it if it packs what comes.
    private func sink(
        _ isPacked: Bool,
        _ folder: Folder,
        _ cancellation: Cancellation,
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) throws -> (any DiscSink, MemorySink) {
        let memory = MemorySink(isPacked ? .asAsked : .any)
        guard isPacked else { return (memory, memory) }
        let file = try File(folder.path("spool"), .createNew)
        return (SpooledSink(memory, in: file, cancellation, progress: progress), memory)
    }

    private static let whole = (0..<ChangingDisc.sectors).flatMap { sector in
        [UInt8](repeating: ChangingDisc.byte(sector), count: 2048)
    }

    @Test(arguments: [false, true])
    func `What comes again and is not confirmed does not take the place of what came first`(
        _ isPacked: Bool
    ) throws {
        let disc = ChangingDisc()
        let folder = try Folder()
        let (sink, memory) = try sink(isPacked, folder, Cancellation())
        let collector = Collector()
        let recovery = Recovery(disc, sink)
        // The last five come right again, and are not confirmed all the same.
        recovery.confirm = { RangeSet($0).subtracting(RangeSet(105..<125)) }
        recovery.review = { _ in
            disc.wrong = Set(100..<110)
            return RangeSet(100..<130)
        }
        let result = try DiscCopy.run(
            from: disc,
            to: sink,
            observers: [collector],
            recovery: recovery
        )
        #expect(result.unreadable.isEmpty && recovery.map.missing.isEmpty)
        #expect(recovery.reviewed == RangeSet(100..<130))
        #expect(recovery.changed == RangeSet(100..<105))
        #expect(recovery.unconfirmed == RangeSet(105..<125))
        #expect(recovery.disputed == RangeSet(105..<110))
        #expect(!recovery.isReviewEnded)
        var wanted = Self.whole
        for place in 100 * 2048..<105 * 2048 { wanted[place] = 0xEE }
        #expect(memory.bytes == wanted && collector.bytes == wanted)
    }

    @Test(arguments: [false, true])
    func `The first wish to stop ends the look, and what was read is finished`(_ isPacked: Bool)
        throws
    {
        let disc = ChangingDisc()
        let folder = try Folder()
        let cancellation = Cancellation()
        let (sink, memory) = try sink(isPacked, folder, cancellation)
        let collector = Collector()
        let recovery = Recovery(disc, sink)
        let told = Monitor(0)
        recovery.sparesEnd = true
        recovery.spared = { told.update { $0 += 1 } }
        recovery.review = { wish in
            #expect(!wish.isRequested)
            recovery.step = { _ in cancellation.requestSparing() }
            return RangeSet(300..<900)
        }
        var isChecked = false
        let result = try DiscCopy.run(
            from: disc,
            to: sink,
            cancellation,
            observers: [collector],
            recovery: recovery,
            check: { _ in
                isChecked = true
                recovery.step = { _ in }
            }
        )
        #expect(!result.isCancelled && isChecked && memory.isComplete)
        #expect(recovery.isReviewEnded && recovery.map.missing.isEmpty)
        #expect(told.read { $0 } == 1)
        let count = recovery.reviewed.ranges.reduce(0) { $0 + $1.count }
        #expect(count > 0 && count < 600)
        #expect(memory.bytes == Self.whole && collector.bytes == Self.whole)
        // From now on there is nothing that could be left out.
        cancellation.requestSparing()
        #expect(cancellation.isRequested)
    }

    @Test func `A wish to stop before that, and a second one, end everything`() throws {
        let folder = try Folder()
        for isSecond in [false, true] {
            let disc = ChangingDisc()
            let cancellation = Cancellation()
            let memory = MemorySink(.any)
            let recovery = Recovery(disc, memory)
            recovery.sparesEnd = true
            recovery.review = { _ in
                recovery.step = { _ in
                    cancellation.requestSparing()
                    cancellation.requestSparing()
                }
                return RangeSet(300..<900)
            }
            if !isSecond { recovery.step = { _ in cancellation.requestSparing() } }
            let result = try DiscCopy.run(
                from: disc,
                to: memory,
                cancellation,
                recovery: recovery
            )
            #expect(result.isCancelled && !memory.isComplete)
            #expect(recovery.map.count(.untried) > 0)
        }
        // While it is packed, the first one changes nothing.
        for wishes in [1, 2] {
            let cancellation = Cancellation()
            var last = (done: 0, total: 0)
            let file = try File(folder.path("spool-\(wishes)"), .createNew)
            let memory = MemorySink(.asAsked)
            let sink = SpooledSink(memory, in: file, cancellation) { done, total in
                if last.done == 0 { for _ in 0..<wishes { cancellation.requestSparing() } }
                last = (done, total)
            }
            let disc = ChangingDisc()
            let recovery = Recovery(disc, sink)
            recovery.sparesEnd = true
            guard wishes == 1 else {
                #expect(throws: Failure.self) {
                    try DiscCopy.run(from: disc, to: sink, cancellation, recovery: recovery)
                }
                #expect(!memory.isComplete)
                continue
            }
            let result = try DiscCopy.run(
                from: disc,
                to: sink,
                cancellation,
                recovery: recovery
            )
            #expect(!result.isCancelled && memory.isComplete && memory.bytes == Self.whole)
            #expect(last == (ChangingDisc.sectors * 2048, ChangingDisc.sectors * 2048))
        }
    }

    @Test func `Those who look on are given all of it again, and how far that is, is told`() throws
    {
        let disc = ChangingDisc()
        let sink = MemorySink(.any)
        let collector = Collector()
        let recovery = Recovery(disc, sink)
        recovery.review = { _ in RangeSet(10..<20) }
        var told: [Int] = []
        recovery.rereading = { done, total in
            #expect(total == ChangingDisc.sectors * 2048)
            told.append(done)
        }
        _ = try DiscCopy.run(from: disc, to: sink, observers: [collector], recovery: recovery)
        #expect(told.count > 1 && told == told.sorted())
        #expect(told.last == ChangingDisc.sectors * 2048)
    }
}
