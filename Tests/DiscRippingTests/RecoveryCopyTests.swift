import DiscModel
import LinuxCalls
import TestSupport
import Testing
import Transfer

/// What a copy with a recovery brings to sinks of both orders.
@Suite struct RecoveryCopyTests {
    private static let gap = 5000..<5100
    private static let sectors = 10_000
    private static let tracks = [0..<gap.lowerBound, gap.upperBound..<sectors]
    private static let stretches = [tracks[0], gap, tracks[1]]

    @Test(arguments: [SinkOrder.any, .asAsked], 0..<4)
    func `all that can be read is brought, in the order that the sink needs`(
        _ order: SinkOrder,
        _ seed: Int
    ) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var bad: Set<Int> = []
        for _ in 0..<seed * 4 {
            let start = Int.random(in: 0..<9900, using: &generator)
            bad.formUnion(start..<start + Int.random(in: 1...90, using: &generator))
        }
        let disc = NumberedDisc(Self.tracks, seed % 2 == 0 ? .cdROM : .dvdROM, bad: bad)
        let (sink, collector) = (MemorySink(order, Self.stretches), DataCollector(Self.sectors))
        let recovery = Recovery(disc, sink)
        let result = try DiscCopy.run(
            from: disc,
            to: sink,
            observers: [collector],
            recovery: recovery
        )
        #expect(Array(result.unreadable.joined()) == disc.bad.sorted())
        #expect(result.reason == (disc.bad.isEmpty ? nil : "it is bad"))
        #expect(order == .any || sink.isInOrder)
        for sector in 0..<Self.sectors {
            let isZero = Self.gap.contains(sector) || disc.bad.contains(sector)
            let expected = isZero ? 0 : NumberedDisc.byte(sector)
            guard sink.bytes[sector * 2048] == expected,
                sink.bytes[sector * 2048 + 2047] == expected
            else {
                Issue.record("sector \(sector)")
                return
            }
        }
        #expect(collector.isComplete && collector.bytes == sink.bytes)
    }

    @Test(arguments: [SinkOrder.any, .asAsked])
    func `a limit leaves zeros for all that was not tried`(_ order: SinkOrder) throws {
        let disc = NumberedDisc(Self.tracks, bad: Set(6000..<6100))
        let sink = MemorySink(order, Self.stretches)
        let recovery = Recovery(disc, sink)
        recovery.settings.badLimit = 5
        let result = try DiscCopy.run(from: disc, to: sink, recovery: recovery)
        #expect(recovery.end == .tooManyBad)
        #expect(result.unreadable.contains { $0.contains(6005) })
        #expect(recovery.readCount + result.unreadable.joined().count == recovery.wantedCount)
        #expect(sink.bytes[4999 * 2048] == NumberedDisc.byte(4999))
        #expect(sink.bytes.count == Self.sectors * 2048)
    }
}
