import LinuxCalls
import TestSupport
import Testing

/// Work on runs of bytes, against the plain way of doing it.
@Suite struct BytesTests {
    private func areZero(_ bytes: [UInt8]) -> Bool { Bytes.areZero(bytes.span) }

    private func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool { Bytes.areEqual(a.span, b.span) }

    @Test func `bytes are copied as far as they fit`() {
        for (count, room, offset) in [
            (0, 5, 0), (3, 5, 0), (3, 5, 4), (3, 5, 5), (3, 5, 9), (3, 0, 0),
        ] {
            let source = (0..<count).map { UInt8($0 + 1) }
            var target = [UInt8](repeating: 9, count: room)
            var span = target.mutableSpan
            let copied = Bytes.copy(source.span, to: &span, at: offset)
            #expect(copied == max(0, min(count, room - offset)))
            for i in 0..<room {
                let isCopied = i >= offset && i < offset + copied
                #expect(target[i] == (isCopied ? source[i - offset] : 9))
            }
        }
        var target: [UInt8] = [1, 2]
        var span = target.mutableSpan
        let copied = Bytes.copy([7].span, to: &span, at: -1)
        #expect(copied == 0)
        #expect(target == [1, 2])
    }

    @Test func `zeros are told from all else`() {
        for count in [0, 1, 2, 3, 63, 64, 65, 4096] {
            var bytes = [UInt8](repeating: 0, count: count)
            #expect(areZero(bytes))
            for place in Set([0, count / 2, count - 1]) where bytes.indices.contains(place) {
                bytes[place] = 1
                #expect(!areZero(bytes), "\(place) of \(count)")
                bytes[place] = 0
            }
        }
    }

    @Test func `runs are equal byte by byte`() {
        let a: [UInt8] = [1, 2, 3]
        #expect(areEqual(a, [1, 2, 3]))
        #expect(!areEqual(a, [1, 2, 4]))
        #expect(!areEqual(a, [1, 2]))
        #expect(areEqual([], []))
    }

    @Test func `a pattern repeats itself, and nothing outside the buffer is touched`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let size = 1 + generator.roll(100)
            var bytes = generator.bytes(size)
            var plain = bytes
            let start = generator.roll(size + 5)
            let range = start..<start + generator.roll(60)
            let distance = generator.roll(20) - 2
            if distance > 0, range.lowerBound >= distance, range.upperBound <= size {
                for i in range { plain[i] = plain[i - distance] }
            }
            var span = bytes.mutableSpan
            Bytes.repeat(in: &span, range, from: distance)
            #expect(bytes == plain)
        }
    }
}
