import DiscModel
import LinuxCalls
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
        recovery.review = {
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
        recovery.review = {
            // Not before the first of it is asked for.
            recovery.step = { _ in cancellation.request() }
            return RangeSet(300..<900)
        }
        let result = try DiscCopy.run(from: disc, to: sink, cancellation, recovery: recovery)
        #expect(result.isCancelled && !sink.isComplete)
        #expect(recovery.map.count(.untried) > 0)
        #expect(recovery.map.missing.allSatisfy { 300 <= $0.lowerBound && $0.upperBound <= 900 })
    }
}
