import DiscModel
import LinuxCalls
import TestSupport
import Testing
import Transfer

/// What a copy with a recovery brings to sinks of both orders.
@Suite struct RecoveryCopyTests {
    /// A disc of user data, some of which can't be read, and with a gap between two tracks.
    private final class BadDisc: DiscSource {
        let medium: MediumKind
        let layout: DiscLayout
        let bad: Set<Int>
        static let gap = 5000..<5100
        static let sectors = 10_000

        init(_ medium: MediumKind, bad: Set<Int>) {
            self.medium = medium
            self.bad = bad.subtracting(Self.gap)
            let first = Track(
                number: 1,
                session: 1,
                content: .data,
                start: .zero,
                length: Self.gap.lowerBound
            )
            let second = Track(
                number: 2,
                session: 1,
                content: .data,
                start: LBA(Self.gap.upperBound),
                length: Self.sectors - Self.gap.upperBound
            )
            layout = DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: [first, second], leadOut: second.end)
            ])
        }

        static func byte(_ sector: Int) -> UInt8 { UInt8(truncatingIfNeeded: sector % 251 + 1) }

        func storage(at address: Int) -> SectorStorage {
            let gap = Self.gap
            if gap.contains(address) {
                return SectorStorage(mode: .mode1, form: .absent, count: gap.upperBound - address)
            }
            let end = address < gap.lowerBound ? gap.lowerBound : Self.sectors
            return SectorStorage(mode: .mode1, form: .user, count: end - address)
        }

        func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            for i in 0..<buffer.count / 2048 {
                guard !bad.contains(address + i) else {
                    guard i == 0 else { return i }
                    throw UnreadableSectors(start: address, count: 1, reason: "it is bad")
                }
                let byte = Self.byte(address + i)
                Bytes.fill(&buffer, i * 2048..<(i + 1) * 2048, with: byte)
            }
            return buffer.count / 2048
        }

        func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
            -> Int
        {
            throw UnreadableSectors(start: address, count: 1, reason: "there is none")
        }
    }

    /// A sink in memory; of one that takes sectors as asked, whether they came so.
    private final class MemorySink: DiscSink {
        let requests = [0..<5000, 5000..<5100, 5100..<10_000].map { SectorRequest($0, .user) }
        let order: SinkOrder
        var bytes = [UInt8](repeating: 0, count: BadDisc.sectors * 2048)
        var next = 0
        var isInOrder = true

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
            for i in 0..<buffer.count { buffer[i] = bytes[address * 2048 + i] }
            return true
        }

        func abandon() {}
    }

    /// Takes everything, if it comes in order.
    private final class Collector: SectorObserver {
        var bytes: [UInt8] = []
        private var isInOrder = true
        var isComplete: Bool { isInOrder && bytes.count == BadDisc.sectors * 2048 }

        func wants(_ sectors: Range<Int>) -> Bool { isInOrder }

        func take(_ sectors: Span<UInt8>, at address: Int, _ form: SectorForm) {
            isInOrder = isInOrder && address * 2048 == bytes.count
            guard isInOrder else { return }
            var piece = [UInt8](repeating: 0, count: sectors.count)
            var span = piece.mutableSpan
            Bytes.copy(sectors, to: &span)
            bytes += piece
        }

        func restart() {
            bytes = []
            isInOrder = true
        }
    }

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
        let disc = BadDisc(seed % 2 == 0 ? .cdROM : .dvdROM, bad: bad)
        let (sink, collector) = (MemorySink(order), Collector())
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
        for sector in 0..<BadDisc.sectors {
            let isZero = BadDisc.gap.contains(sector) || disc.bad.contains(sector)
            let expected = isZero ? 0 : BadDisc.byte(sector)
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
        let disc = BadDisc(.cdROM, bad: Set(6000..<6100))
        let sink = MemorySink(order)
        let recovery = Recovery(disc, sink)
        recovery.settings.badLimit = 5
        let result = try DiscCopy.run(from: disc, to: sink, recovery: recovery)
        #expect(recovery.end == .tooManyBad)
        #expect(result.unreadable.contains { $0.contains(6005) })
        #expect(recovery.readCount + result.unreadable.joined().count == recovery.wantedCount)
        #expect(sink.bytes[4999 * 2048] == BadDisc.byte(4999))
        #expect(sink.bytes.count == BadDisc.sectors * 2048)
    }
}
