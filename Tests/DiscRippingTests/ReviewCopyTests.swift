import DiscModel
import LinuxCalls
import Reports
import Testing
import Transfer

/// What a copy reads once more when somebody has looked at what it has read.
@Suite struct ReviewCopyTests {
    private static let sectors = 1000
    private static let stretches = [0..<400, 400..<sectors]

    @Test(arguments: [false, true])
    func `What somebody doubts is read once more, and what does not come again stays`(
        _ isPacked: Bool
    ) throws {
        let disc = NumberedDisc([0..<Self.sectors])
        disc.wrong = Set(100..<110)
        let memory = MemorySink(isPacked ? .asAsked : .any, Self.stretches)
        var sink: any DiscSink = memory
        if isPacked {
            sink = SpooledSink(memory, in: try NamelessFile(), Cancellation())
            #expect(SpooledSink.size(of: memory) == Self.sectors * NumberedDisc.sectorSize)
        }
        #expect(sink.order == .any && sink.isResumable == !isPacked)
        let collector = DataCollector(Self.sectors)
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
        let right = (0..<Self.sectors).flatMap { sector in
            [UInt8](repeating: NumberedDisc.byte(sector), count: NumberedDisc.sectorSize)
        }
        #expect(memory.bytes == right)
        #expect(memory.isComplete && (!isPacked || memory.isInOrder))
        #expect(collector.isComplete && collector.bytes == right)
    }

    @Test func `A copy that is stopped while it reads once more has that to do`() throws {
        let disc = NumberedDisc([0..<Self.sectors])
        let sink = MemorySink(.any, Self.stretches)
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
        _ cancellation: Cancellation,
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) throws -> (any DiscSink, MemorySink) {
        let memory = MemorySink(isPacked ? .asAsked : .any, Self.stretches)
        guard isPacked else { return (memory, memory) }
        let file = try NamelessFile()
        return (SpooledSink(memory, in: file, cancellation, progress: progress), memory)
    }

    private static let whole = (0..<Self.sectors).flatMap { sector in
        [UInt8](repeating: NumberedDisc.byte(sector), count: 2048)
    }

    @Test(arguments: [false, true])
    func `What comes again and is not confirmed does not take the place of what came first`(
        _ isPacked: Bool
    ) throws {
        let disc = NumberedDisc([0..<Self.sectors])
        let (sink, memory) = try sink(isPacked, Cancellation())
        let collector = DataCollector(Self.sectors)
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
        let disc = NumberedDisc([0..<Self.sectors])
        let cancellation = Cancellation()
        let (sink, memory) = try sink(isPacked, cancellation)
        let collector = DataCollector(Self.sectors)
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
        for isSecond in [false, true] {
            let disc = NumberedDisc([0..<Self.sectors])
            let cancellation = Cancellation()
            let memory = MemorySink(.any, Self.stretches)
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
            let file = try NamelessFile()
            let memory = MemorySink(.asAsked, Self.stretches)
            let sink = SpooledSink(memory, in: file, cancellation) { done, total in
                if last.done == 0 { for _ in 0..<wishes { cancellation.requestSparing() } }
                last = (done, total)
            }
            let disc = NumberedDisc([0..<Self.sectors])
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
            #expect(last == (Self.sectors * 2048, Self.sectors * 2048))
        }
    }

    @Test func `Those who look on are given all of it again, and how far that is, is told`() throws
    {
        let disc = NumberedDisc([0..<Self.sectors])
        let sink = MemorySink(.any, Self.stretches)
        let collector = DataCollector(Self.sectors)
        let recovery = Recovery(disc, sink)
        recovery.review = { _ in RangeSet(10..<20) }
        var told: [Int] = []
        recovery.rereading = { done, total in
            #expect(total == Self.sectors * 2048)
            told.append(done)
        }
        _ = try DiscCopy.run(from: disc, to: sink, observers: [collector], recovery: recovery)
        #expect(told.count > 1 && told == told.sorted())
        #expect(told.last == Self.sectors * 2048)
    }
}
