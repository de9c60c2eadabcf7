import LinuxCalls
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1))) struct ChunkRingTests {
    @Test(arguments: [(1, 1), (7, 2), (64, 3), (4096, 8)])
    func `every consumer gets every byte in order`(_ size: Int, _ chunks: Int) throws {
        let stream = Stream(count: size * 200 + 13, seed: UInt64(size))
        let ring = ChunkRing(chunkSize: size, chunks: chunks, consumers: 4)
        let collectors = try (0..<4).map {
            try Collector(ring, as: $0, pause: $0 == 3 && size > 1 ? 0.0002 : 0)
        }
        #expect(stream.produce(into: ring, seed: 9) == stream.bytes.count)
        for collector in collectors { #expect(collector.finish() == stream.bytes) }
        #expect(ring.fill == 0)
    }

    @Test func `nobody waits for a consumer that left`() throws {
        let stream = Stream(count: 100_000, seed: 1)
        let ring = ChunkRing(chunkSize: 256, chunks: 3, consumers: 3)
        let leaving = try Collector(ring, as: 0, limit: 5)
        let staying = try (1..<3).map { try Collector(ring, as: $0) }
        #expect(stream.produce(into: ring, seed: 2) == stream.bytes.count)
        let part = leaving.finish()
        #expect(part.count < stream.bytes.count && stream.bytes.starts(with: part))
        for collector in staying { #expect(collector.finish() == stream.bytes) }
        #expect(
            ring.consume(0) { _ in Issue.record("a consumer that left got something") } == false
        )
    }

    @Test func `nothing is made for nobody`() throws {
        let ring = ChunkRing(chunkSize: 16, chunks: 2, consumers: 2)
        #expect(ring.produce { _ in 16 })
        ring.leave(0)
        ring.leave(1)
        #expect(!ring.produce { _ in 16 })
        #expect(!ChunkRing(chunkSize: 16, chunks: 2, consumers: 0).produce { _ in 16 })
    }

    @Test func `the last consumer's leaving wakes a producer that waits`() throws {
        let ring = ChunkRing(chunkSize: 16, chunks: 2, consumers: 1)
        let thread = try Thread(name: "leaver") {
            Clock.sleep(seconds: 0.05)
            ring.leave(0)
        }
        var produced = 0
        while ring.produce({ _ in 16 }) { produced += 1 }
        thread.join()
        #expect(produced == 2)
    }

    @Test func `abandoning wakes a producer that waits`() throws {
        let ring = ChunkRing(chunkSize: 16, chunks: 4, consumers: 1)
        let thread = try Thread(name: "abandoner") {
            Clock.sleep(seconds: 0.05)
            ring.abandon()
        }
        var produced = 0
        while ring.produce({ _ in 16 }) { produced += 1 }
        thread.join()
        #expect(produced == 4)
        #expect(ring.isAbandoned)
        // What was in the ring counts as nothing.
        #expect(ring.consume(0) { _ in Issue.record("an abandoned ring gave something") } == false)
    }

    @Test func `abandoning wakes consumers that wait`() throws {
        let ring = ChunkRing(chunkSize: 16, chunks: 4, consumers: 2)
        let collectors = try (0..<2).map { try Collector(ring, as: $0) }
        Clock.sleep(seconds: 0.05)
        ring.abandon()
        for collector in collectors { #expect(collector.finish().isEmpty) }
    }

    @Test func `a producer that fails puts nothing in, and may try again`() throws {
        struct Trouble: Error {}
        let ring = ChunkRing(chunkSize: 4, chunks: 2, consumers: 1)
        #expect(throws: Trouble.self) {
            try ring.produce { buffer in
                buffer[0] = 9
                throw Trouble()
            }
        }
        #expect(
            ring.produce { buffer in
                for i in buffer.indices { buffer[i] = UInt8(i) }
                return 3
            }
        )
        ring.finish()
        var collected: [[UInt8]] = []
        while ring.consume(0, { bytes in collected.append((0..<bytes.count).map { bytes[$0] }) }) {}
        #expect(collected == [[0, 1, 2]])
    }

    @Test func `a consumer that fails gets the same again`() throws {
        struct Trouble: Error {}
        let ring = ChunkRing(chunkSize: 4, chunks: 2, consumers: 1)
        #expect(ring.produce { _ in 2 })
        ring.finish()
        #expect(throws: Trouble.self) { try ring.consume(0) { _ in throw Trouble() } }
        var count = 0
        let isThere = ring.consume(0) { count = $0.count }
        #expect(isThere && count == 2)
        #expect(!ring.consume(0) { _ in })
    }

    @Test func `fullness is the slowest consumer's`() {
        let ring = ChunkRing(chunkSize: 4, chunks: 4, consumers: 2)
        for _ in 0..<3 { #expect(ring.produce { _ in 4 }) }
        #expect(ring.consume(0) { _ in })
        #expect(ring.fill == 0.75)
        #expect(ring.consume(1) { _ in })
        #expect(ring.fill == 0.5)
    }

    @Test(arguments: [1, 3, 100, 256, 257, 1000])
    func `a reader takes pieces of any size`(_ size: Int) throws {
        let stream = Stream(count: 20_011, seed: 5)
        let ring = ChunkRing(chunkSize: 256, chunks: 3, consumers: 2)
        let other = try Collector(ring, as: 1)
        let producer = try Thread(name: "producer") { stream.produce(into: ring, seed: 6) }
        let reader = RingReader(ring, as: 0)
        var collected: [UInt8] = []
        while let piece = read(reader, size) {
            collected += piece
            if piece.count < size { break }
        }
        producer.join()
        #expect(collected == stream.bytes)
        #expect(other.finish() == stream.bytes)
        #expect(read(reader, 1) == [])
    }

    @Test func `a reader of an abandoned ring gets nothing`() {
        let ring = ChunkRing(chunkSize: 4, chunks: 2, consumers: 1)
        #expect(ring.produce { _ in 4 })
        ring.abandon()
        #expect(read(RingReader(ring, as: 0), 8) == nil)
    }

    /// The next bytes, at most so many; nothing where the ring was abandoned.
    private func read(_ reader: RingReader, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        return reader.read(into: &span).map { Array(bytes.prefix($0)) }
    }
}
