import DiscVerification
import LibCrypto
import LinuxCalls
import Reports
import TestSupport
import Testing
import Transfer

@Suite struct ComparisonTests {
    private func compare(
        _ a: MemorySource,
        _ b: MemorySource,
        bytes: (Int?, Int?) = (nil, nil),
        allowing surplus: DiscComparison.Surplus = .nothing
    ) throws -> DiscComparisonResult {
        try DiscComparison(
            dataOf: DataDisc(a, byteCount: bytes.0),
            DataDisc(b, byteCount: bytes.1),
            allowing: [.first: surplus, .second: surplus]
        ).run(cancellation: Cancellation()) { _ in }
    }

    /// Sizes at and around the 512 sectors of a buffer, and more than the ring holds.
    @Test(arguments: [0, 1, 511, 512, 513, 1024, 5_000])
    func `The same data are the same, and summed`(sectors: Int) throws {
        let bytes = data(sectors: sectors)
        for longest in [Int.max, 100] {
            let found = try compare(MemorySource(bytes), MemorySource(bytes, longestRead: longest))
            #expect(found.isSame && found.tails.isEmpty)
            #expect(found.sectors == sectors && found.bytes == bytes.count)
            let expected = try sum(bytes)
            #expect(found.sha256 == expected)
        }
    }

    @Test func `Both are read at the same time`() throws {
        let begun = Monitor(Set<Int>())
        func source(_ number: Int) -> MemorySource {
            MemorySource(
                data(sectors: 600),
                beforeRead: { _ in
                    begun.update { _ = $0.insert(number) }
                    _ = begun.wait(atMost: .seconds(20)) { $0.count == 2 ? true : nil }
                }
            )
        }
        let start = Clock.seconds
        #expect(try compare(source(1), source(2)).isSame)
        #expect(Clock.seconds - start < 20)
    }

    @Test(arguments: [false, true])
    func `Time that passes over bad sectors is told`(isSecond: Bool) throws {
        let sources = [strugglingSource(), MemorySource(data(sectors: 600))]
        var told: [JobProgress] = []
        _ = try DiscComparison(
            dataOf: DataDisc(sources[isSecond ? 1 : 0]),
            DataDisc(sources[isSecond ? 0 : 1]),
            allowing: [:]
        ).run(cancellation: Cancellation()) { event in
            if case .progress(let progress) = event { told.append(progress) }
        }
        expectBeat(told)
    }

    @Test(arguments: [0, 5, 511, 512, 1_300])
    func `One changed byte is found in its sector`(sector: Int) throws {
        let bytes = data(sectors: 1_301)
        for offset in [0, 1_000, 2047] {
            var changed = bytes
            changed[sector * 2048 + offset] ^= 0x10
            for (a, b) in [(bytes, changed), (changed, bytes)] {
                let found = try compare(MemorySource(a), MemorySource(b))
                #expect(found.firstDifferingSector == sector && found.differingSectors == 1)
                #expect(found.differingRest == nil && found.tails.isEmpty && !found.isSame)
                #expect(!found.onlyPaddingDiffers)
                let expected = try sum(a)
                #expect(found.sha256 == expected)
            }
        }
    }

    @Test func `All that differ are counted`() throws {
        let bytes = data(sectors: 1_500)
        var changed = bytes
        for sector in [3, 4, 600, 1_499] { changed[sector * 2048] ^= 1 }
        let some = try compare(MemorySource(bytes), MemorySource(changed))
        #expect(some.differingSectors == 4 && some.firstDifferingSector == 3)
        let all = try compare(MemorySource(bytes), MemorySource(data(sectors: 1_500, seed: 2)))
        #expect(all.differingSectors == 1_500 && all.firstDifferingSector == 0)
    }

    @Test(arguments: [(100, 16), (512, 150), (1_000, 24), (511, 1), (700, 6_000)])
    func `What only one has is looked at for zeros`(sectors: Int, more: Int) throws {
        let short = data(sectors: sectors)
        let padded = short + zeros(sectors: more)
        for surplus in [DiscComparison.Surplus.nothing, .zeros] {
            let found = try compare(MemorySource(padded), MemorySource(short), allowing: surplus)
            let tail = try #require(found.tails.first)
            #expect(found.isSame == (surplus == .zeros) && found.onlyPaddingDiffers)
            #expect(found.paddingSectors == more && found.differingInBoth == 0)
            #expect(tail.side == .first && tail.start == sectors && tail.sectors == more)
            #expect(tail.firstNotZero == nil && tail.isKnown)
            #expect(tail.differs == (surplus == .nothing))
            #expect(found.firstDifferingSector == (surplus == .nothing ? sectors : nil))
            let expected = try sum(short)
            #expect(found.sha256 == expected)
        }
        var full = padded
        full[full.count - 1] = 1
        let found = try compare(MemorySource(short), MemorySource(full), allowing: .zeros)
        let tail = try #require(found.tails.first)
        #expect(!found.isSame && !found.onlyPaddingDiffers && found.differingSectors == more)
        #expect(tail.side == .second && tail.sectors == more && tail.differs)
        #expect(tail.firstNotZero == sectors + more - 1)
        // What lies behind the image on a disc that can be written over is not even read.
        let source = MemorySource(full)
        let other = try compare(source, MemorySource(short), allowing: .anything)
        #expect(other.isSame && other.tails.isEmpty && other.sectors == sectors)
        #expect(source.reads.allSatisfy { $0.upperBound <= sectors })
    }

    @Test func `Data behind the shorter one end the reading`()
        throws
    {
        let short = data(sectors: 600)
        let source = MemorySource(short + data(sectors: 60_000))
        let found = try compare(source, MemorySource(short))
        #expect(found.tails.first?.sectors == 60_000 && found.tails.first?.firstNotZero == 600)
        #expect(found.differingSectors == 60_000 && found.firstDifferingSector == 600)
        #expect(source.reads.count < 60)
        let expected = try sum(short)
        #expect(found.sha256 == expected)
    }

    @Test func `Unreadable sectors are found one by one, and nothing else is said of them`() throws
    {
        let bytes = data(sectors: 1_200)
        let bad: Set<Int> = [0, 77, 78, 600, 1_199]
        let source = MemorySource(bytes, bad: bad)
        let found = try compare(source, MemorySource(bytes))
        #expect(found.unreadable == [0..<1, 77..<79, 600..<601, 1_199..<1_200])
        #expect(found.sectors == 1_195 && found.bytes == 1_195 * 2048)
        #expect(found.differingSectors == 0 && found.gaveUpAt == nil && found.sha256 == nil)
        // Its three buffers, their pieces, and the sectors of four pieces.
        #expect(source.reads.count < 3 + 3 * 16 + 5 * 33)

        var changed = bytes
        for sector in [77, 79] { changed[sector * 2048] ^= 1 }
        let both = try compare(MemorySource(bytes, bad: [500]), MemorySource(changed, bad: [77]))
        #expect(both.unreadable == [77..<78, 500..<501])
        #expect(both.differingSectors == 1 && both.firstDifferingSector == 79)
    }

    @Test func `An unreadable sector is no zeros`() throws {
        let bytes = zeros(sectors: 40)
        let found = try compare(MemorySource(bytes, bad: [7]), MemorySource(bytes))
        #expect(found.unreadable == [7..<8] && found.sectors == 39 && found.sha256 == nil)
    }

    @Test(arguments: [true, false])
    func `After a thousand unreadable sectors reading ends`(isFirst: Bool) throws {
        let bytes = data(sectors: 20_000)
        let bad = MemorySource(bytes, bad: Set(700..<20_000))
        let good = MemorySource(bytes)
        let found = isFirst ? try compare(bad, good) : try compare(good, bad)
        #expect(found.gaveUpAt == 1_700 && found.sectors == 700)
        #expect(found.unreadable == [700..<1_700])
        #expect(found.tails.isEmpty && found.differingSectors == 0 && found.sha256 == nil)
    }

    @Test func `Unreadable sectors behind the shorter one are told apart`() throws {
        let short = data(sectors: 300)
        let disc = short + zeros(sectors: 5)
        let found = try compare(
            MemorySource(disc, bad: [303, 304]),
            MemorySource(short),
            allowing: .zeros
        )
        #expect(found.isSame && found.unreadable.isEmpty && !found.onlyPaddingDiffers)
        #expect(found.tails.first?.unreadable == [303, 304])
        #expect(found.tails.first?.isKnown == false && found.tails.first?.firstNotZero == nil)
        let expected = try sum(short)
        #expect(found.sha256 == expected)

        // Given up in there, it still is no loss of the payload.
        let long = short + zeros(sectors: 3_000)
        let lost = try compare(
            MemorySource(long, bad: Set(300..<3_300)),
            MemorySource(short),
            allowing: .zeros
        )
        #expect(lost.isSame && lost.gaveUpAt == nil && lost.sha256 == expected)
        #expect(lost.tails.first?.sectors == 3_000 && lost.tails.first?.isKnown == false)
    }

    @Test func `A last piece of a sector counts to its last byte`() throws {
        let bytes = data(bytes: 3 * 2048 + 700)
        let found = try compare(
            MemorySource(bytes),
            MemorySource(bytes),
            bytes: (bytes.count, bytes.count)
        )
        let expected = try sum(bytes)
        #expect(found.isSame && found.bytes == bytes.count && found.sha256 == expected)

        var disc = bytes + Array(repeating: 0, count: 1348)
        disc[disc.count - 1] = 9
        let rest = try compare(
            MemorySource(disc),
            MemorySource(bytes),
            bytes: (nil, bytes.count)
        )
        #expect(rest.differingRest == 3 && rest.differingInBoth == 0 && !rest.isSame)
        #expect(rest.differingSectors == 1 && rest.firstDifferingSector == 3)
        #expect(rest.sha256 == expected && rest.bytes == bytes.count)
        disc[3 * 2048 + 699] ^= 1
        let data = try compare(
            MemorySource(disc),
            MemorySource(bytes),
            bytes: (nil, bytes.count)
        )
        #expect(data.differingRest == nil && data.firstDifferingSector == 3)
    }

    @Test func `What a source lacks of what it says that it has can't be read`() throws {
        let bytes = zeros(sectors: 600)
        let found = try compare(
            MemorySource(bytes),
            MemorySource(Array(bytes.prefix(500 * 2048)), claiming: 600)
        )
        #expect(found.sectors == 500 && found.unreadable == [500..<600] && found.sha256 == nil)
    }

    @Test(arguments: [true, false])
    func `A source that breaks ends it with a failure, and the other isn't read on`(isFirst: Bool) {
        let bytes = data(sectors: 600)
        let broken = MemorySource(bytes, brokenAt: 100)
        let endless = MemorySource(data(sectors: 40_000))
        let failure = #expect(throws: Failure.self) {
            isFirst ? try compare(broken, endless) : try compare(endless, broken)
        }
        #expect(failure?.status == .failed && failure?.exitCode == .failed)
        #expect(endless.reads.count < 40)
    }

    @Test func `It can be stopped`() {
        let cancellation = Cancellation()
        let source = MemorySource(
            data(sectors: 40_000),
            beforeRead: { if $0 > 5_000 { cancellation.request() } }
        )
        let failure = #expect(throws: Failure.self) {
            try DiscComparison(
                dataOf: DataDisc(source),
                DataDisc(MemorySource(data(sectors: 40_000)))
            ).run(cancellation: cancellation) { _ in }
        }
        #expect(failure?.exitCode == .interrupted && source.reads.count < 40)
    }

    @Test func `The last progress is complete`() throws {
        var last: JobProgress?
        let bytes = data(sectors: 3_000)
        _ = try DiscComparison(
            dataOf: DataDisc(MemorySource(bytes)),
            DataDisc(MemorySource(bytes))
        ).run(cancellation: Cancellation()) { event in
            if case .progress(let progress) = event { last = progress }
        }
        #expect(last?.bytes == bytes.count && last?.totalBytes == bytes.count)
        #expect(last?.phase == .verify)
    }
}
