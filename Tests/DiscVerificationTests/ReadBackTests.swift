import DiscVerification
import LibCrypto
import Reports
import TestSupport
import Testing
import Transfer

@Suite struct ReadBackTests {
    private func read(
        _ source: MemorySource,
        from start: Int = 0,
        bytes: Int?,
        padding: Int? = 0,
        _ algorithms: [DigestAlgorithm] = [.sha256]
    ) throws -> ReadBackResult {
        try ReadBack(
            source,
            from: start,
            byteCount: bytes,
            padding: padding,
            algorithms: algorithms
        ).run(cancellation: Cancellation()) { _ in }
    }

    @Test(arguments: [0, 1, 2048, 2049, 512 * 2048, 512 * 2048 + 1, 6_000_000])
    func `A payload is summed to its last byte, and its padding looked at`(count: Int) throws {
        let payload = data(bytes: count)
        let sectors = (count + 2047) / 2048
        let rest = [UInt8](repeating: 0, count: sectors * 2048 - count)
        let disc = payload + rest + zeros(sectors: 15) + data(sectors: 100)
        let found = try read(MemorySource(disc), bytes: count, padding: 15, [.sha256, .md5])
        let expected: [DigestAlgorithm: Checksum] = [
            .sha256: try sum(payload), .md5: try sum(payload, .md5),
        ]
        #expect(found.sums == expected && found.bytes == count)
        #expect(found.isWhole == true)
        #expect(found.paddingSectors == 15 && found.notZero.count == 0)
        let more = try read(MemorySource(disc), bytes: count, padding: 17)
        #expect(more.notZero.count == 2 && more.notZero.first == sectors + 15)
        let all = try read(MemorySource(disc), bytes: count, padding: nil)
        #expect(all.paddingSectors == 115 && all.notZero.count == 100)
        #expect(all.lastNotZero == sectors + 114)
    }

    @Test func `It may begin anywhere, and counts as the source does`() throws {
        let disc = data(sectors: 3_000)
        let payload = Array(disc[700 * 2048..<2_000 * 2048])
        let found = try read(
            MemorySource(disc),
            from: 700,
            bytes: payload.count,
            padding: 0
        )
        let expected = try sum(payload)
        #expect(found.sums[.sha256] == expected && found.lastNotZero == 1_999)
        let bad = try read(
            MemorySource(disc, bad: [699, 700, 1_999, 2_000]),
            from: 700,
            bytes: payload.count,
            padding: 10
        )
        #expect(bad.unreadable == [700, 1_999] && bad.unreadablePadding == [2_000])
        #expect(bad.sums.isEmpty && !bad.isWhole && bad.notZero.count == 9)
    }

    @Test func `Unreadable padding takes nothing from the payload`() throws {
        let payload = data(sectors: 600)
        let disc = payload + zeros(sectors: 2)
        let found = try read(MemorySource(disc, bad: [600, 601]), bytes: payload.count, padding: 2)
        let expected = try sum(payload)
        #expect(found.isWhole && found.sums[.sha256] == expected)
        #expect(found.unreadablePadding == [600, 601] && found.paddingSectors == 2)
    }

    @Test func `A disc that ends too early, and one that can't be read`() throws {
        let disc = data(sectors: 600)
        let short = try read(MemorySource(disc), bytes: 700 * 2048)
        #expect(short.endedAt == 600 && short.sums.isEmpty && !short.isWhole)
        #expect(short.bytes == 600 * 2048)
        let dead = try read(
            MemorySource(data(sectors: 9_000), bad: Set(0..<9_000)),
            bytes: 9_000 * 2048
        )
        #expect(dead.gaveUpAt == 1_000 && dead.unreadable.count == 1_000 && dead.sums.isEmpty)
        #expect(dead.endedAt == nil)
    }

    @Test func `All of a source`() throws {
        let bytes = data(sectors: 1_111)
        let found = try read(MemorySource(bytes), bytes: nil)
        let expected = try sum(bytes)
        #expect(found.sums[.sha256] == expected && found.bytes == bytes.count)
    }

    @Test func `Time that passes over bad sectors is told, and how many there are`() throws {
        let source = strugglingSource()
        var told: [JobProgress] = []
        let found = try ReadBack(source, byteCount: 600 * 2048)
            .run(cancellation: Cancellation()) { event in
                if case .progress(let progress) = event { told.append(progress) }
            }
        #expect(found.unreadable == [100, 101, 102])
        expectBeat(told)
    }

    @Test func `Failures and stops are told`() {
        let broken = MemorySource(data(sectors: 600), brokenAt: 10)
        let failure = #expect(throws: Failure.self) { try read(broken, bytes: 600 * 2048) }
        #expect(failure?.status == .failed)
        let cancellation = Cancellation()
        cancellation.request()
        let stopped = #expect(throws: Failure.self) {
            try ReadBack(MemorySource(data(sectors: 600)), byteCount: 600 * 2048)
                .run(cancellation: cancellation) { _ in }
        }
        #expect(stopped?.status == .interrupted)
    }
}
