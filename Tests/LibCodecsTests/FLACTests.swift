import LibCodecs
import TestSupport
import Testing

/// FLAC against its reference program, from any sample on, and cut off anywhere.
@Suite struct FLACTests {
    /// A tone and noise: 40,000 samples of two channels of 16 bits.
    private static let sound: [UInt8] = {
        var generator = SeededGenerator(seed: 9)
        return (0..<40_000).flatMap { i -> [UInt8] in
            let left = Int16(truncatingIfNeeded: (i * 37) % 20_000 - 10_000)
            let right = Int16(truncatingIfNeeded: generator.roll(2000) - 1000)
            return [left, right].flatMap { value in
                let bits = UInt16(bitPattern: value)
                return [UInt8(bits & 255), UInt8(bits >> 8)]
            }
        }
    }()

    private func encode(_ sound: [UInt8], isBigEndian: Bool = false) throws -> [UInt8] {
        var stream: [UInt8] = []
        let encoder = try FLACEncoder(samples: sound.count / 4) { bytes, offset in
            for i in 0..<bytes.count {
                if offset + i < stream.count {
                    stream[offset + i] = bytes[i]
                } else {
                    stream.append(bytes[i])
                }
            }
        }
        try encoder.append(sound.span, isBigEndian: isBigEndian)
        try encoder.finish()
        return stream
    }

    private func decoder(_ stream: [UInt8]) throws -> FLACDecoder {
        try FLACDecoder(byteCount: stream.count) { offset, buffer in
            let count = max(0, min(buffer.count, stream.count - offset))
            for i in 0..<count { buffer[i] = stream[offset + i] }
            return count
        }
    }

    @Test(.enabled(if: Programs.has("flac")))
    func `flac reads what is packed, and what flac packs is read`() throws {
        let folder = try Folder()
        try folder.write("ours.flac", try encode(Self.sound))
        try folder.write("plain.raw", Self.sound)
        let raw = ["--endian=little", "--sign=signed", "--silent"]
        let form = ["--channels=2", "--bps=16", "--sample-rate=44100"]
        let test = try Programs.run(
            ["flac", "-d", "--force-raw-format"] + raw + ["-o", "ours.raw", "ours.flac"],
            in: folder
        )
        #expect(test.status == 0, "\(test)")
        #expect(try folder.read("ours.raw") == Self.sound)
        let made = try Programs.run(
            ["flac", "--force-raw-format"] + raw + form + ["-o", "theirs.flac", "plain.raw"],
            in: folder
        )
        #expect(made.status == 0, "\(made)")
        let decoder = try decoder(folder.read("theirs.flac"))
        let format = decoder.format
        #expect(format.rate == 44100 && format.samples == 40_000)
        #expect(format.channels == 2 && format.bits == 16)
        var bytes = [UInt8](repeating: 0, count: Self.sound.count)
        var span = bytes.mutableSpan
        #expect(try decoder.read(at: 0, into: &span) == bytes.count)
        #expect(bytes == Self.sound)
    }

    @Test func `sound is read from any sample on`() throws {
        let decoder = try decoder(encode(Self.sound))
        var generator = SeededGenerator(seed: 10)
        for _ in 0..<40 {
            let start = generator.roll(40_100)
            var bytes = [UInt8](repeating: 0xEE, count: 4 * (1 + generator.roll(6000)))
            var span = bytes.mutableSpan
            let count = try decoder.read(at: start, into: &span)
            let wanted = Self.sound.dropFirst(start * 4).prefix(bytes.count)
            #expect(Array(bytes[..<count]) == Array(wanted), "from \(start)")
        }
    }

    @Test func `the order of a sample's bytes is the caller's`() throws {
        let swapped = stride(from: 0, to: Self.sound.count, by: 2).flatMap {
            [Self.sound[$0 + 1], Self.sound[$0]]
        }
        #expect(try encode(swapped, isBigEndian: true) == encode(Self.sound))
    }

    @Test func `frames without a header`() throws {
        var frames: [UInt8] = []
        let encoder = try FLACEncoder(blockSize: 1000, keepsHeader: false) { bytes, _ in
            for i in 0..<bytes.count { frames.append(bytes[i]) }
        }
        let sound = Array(Self.sound[..<40_000])
        try encoder.append(sound.span)
        try encoder.finish()
        let length = frames.count
        frames += [1, 2, 3, 4]
        let decoder = FLACFrames()
        for _ in 0..<2 {
            var bytes = [UInt8](repeating: 0, count: sound.count)
            var span = bytes.mutableSpan
            let end = try decoder.unpack(frames.span, into: &span)
            #expect(end == length)
            #expect(bytes == sound)
        }
        var more = [UInt8](repeating: 0, count: sound.count + 4)
        #expect(throws: FLACError.self) {
            var span = more.mutableSpan
            _ = try decoder.unpack(frames.span, into: &span)
        }
    }

    private func prove(_ stream: [UInt8]) throws {
        try FLACDecoder.prove(byteCount: stream.count, isStopped: { false }) { offset, buffer in
            let count = max(0, min(buffer.count, stream.count - offset))
            for i in 0..<count { buffer[i] = stream[offset + i] }
            return count
        }
    }

    @Test func `a stream is held against its header`() throws {
        let stream = try encode(Self.sound)
        try prove(stream)
        // Something else may follow it, but no more audio.
        try prove(stream + [UInt8](repeating: 0x54, count: 5000))
        func error(_ stream: [UInt8]) -> FLACError? {
            #expect(throws: FLACError.self) { try prove(stream) }
        }
        #expect(error(stream + stream)?.description.contains("more audio than the 40000") == true)
        var other = stream
        other[26] ^= 1
        #expect(error(other)?.description.contains("MD5") == true)
        #expect(error(other)?.isFoundByReading == false)
        // The last bits of the count of samples (RFC 9639 §8.2): 40,000 is 9C40h.
        var more = stream
        more[24] = 0xFF
        #expect(error(more)?.description.contains("40000 are there") == true)
        var fewer = stream
        fewer[24] = 0x10
        #expect(error(fewer)?.description.contains("more audio than the \(0x1040)") == true)
        #expect(error(Array(stream.dropLast(1)))?.isFoundByReading == true)
    }

    @Test func `what is cut off or changed is an error or other sound`() throws {
        let stream = try encode(Self.sound)
        var generator = SeededGenerator(seed: 11)
        for round in 0..<Soak.count(60, long: 5000) {
            var changed = stream
            if round % 2 == 0 {
                changed.removeLast(generator.roll(changed.count))
            } else {
                for _ in 0...generator.roll(4) {
                    changed[generator.roll(round % 4 == 1 ? 100 : changed.count)] =
                        UInt8(generator.roll(256))
                }
            }
            guard let decoder = try? decoder(changed) else { continue }
            var bytes = [UInt8](repeating: 0, count: 4 * 2000)
            for start in [0, 39_000, generator.roll(40_000)] {
                var span = bytes.mutableSpan
                let count = try? decoder.read(at: start, into: &span)
                #expect((count ?? 0) <= bytes.count)
            }
        }
        #expect(throws: FLACError.self) { try decoder([]) }
        #expect(throws: FLACError.self) { try decoder([UInt8](repeating: 7, count: 10_000)) }
    }
}
