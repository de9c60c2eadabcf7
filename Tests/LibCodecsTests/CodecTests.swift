import LibCodecs
import TestSupport
import Testing

/// Each codec against the program that made its format, and against bytes that are wrong.
@Suite struct CodecTests {
    /// A codec, and the program that packs with it.
    struct Peer: Sendable, CustomTestStringConvertible {
        let codec: Codec
        let command: [String]

        var testDescription: String { command.joined(separator: " ") }

        private static func python(_ expression: String) -> [String] {
            let script = "plain = open('plain', 'rb').read(); packed = \(expression)"
            return [
                "python3", "-c", "import sys, zlib; \(script); sys.stdout.buffer.write(packed)",
            ]
        }

        /// Of zlib and deflate, Python's module; the others have programs of their own.
        static let all = [
            Peer(codec: .gzip, command: ["gzip", "-c", "plain"]),
            Peer(codec: .bzip2, command: ["bzip2", "-c", "plain"]),
            Peer(codec: .xz, command: ["xz", "-c", "plain"]),
            Peer(codec: .lzma, command: ["xz", "--format=lzma", "-c", "plain"]),
            Peer(codec: .zstd, command: ["zstd", "-q", "-c", "plain"]),
            Peer(
                codec: .zlib,
                command: python("zlib.compress(plain)")
            ),
            Peer(
                codec: .deflate,
                command: python("zlib.compress(plain)[2:-4]")
            ),
        ].filter { Programs.has($0.command[0]) }
    }

    /// Text, noise and zeros: what packs well, and what does not.
    private static let plain: [UInt8] = {
        var generator = SeededGenerator(seed: 5)
        let text = Array("It was a bright cold day in April, and the discs were spinning. ".utf8)
        return (0..<500).flatMap { _ in text } + generator.bytes(30_000)
            + [UInt8](repeating: 0, count: 40_000)
    }()

    private func unpack(_ codec: Codec, _ packed: [UInt8], room: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: room)
        var span = output.mutableSpan
        let count = try Unpacker(codec).block(packed.span, into: &span)
        return Array(output[..<count])
    }

    private func packed(_ peer: Peer) throws -> [UInt8] {
        let folder = try Folder()
        try folder.write("plain", Self.plain)
        let run = try Programs.run(peer.command, in: folder)
        try #require(run.status == 0, "\(run.errors)")
        return run.bytes
    }

    @Test(arguments: Peer.all)
    func `what a program packs is unpacked`(_ peer: Peer) throws {
        let packed = try packed(peer)
        let (plain, codec) = (Self.plain, peer.codec)
        #expect(try unpack(codec, packed, room: plain.count) == plain)
        #expect(try unpack(codec, packed, room: plain.count + 100) == plain)
        let error = #expect(throws: CodecError.self) {
            try unpack(codec, packed, room: plain.count - 1)
        }
        #expect(error?.code == .tooLong)
    }

    @Test(arguments: Peer.all)
    func `a stream is unpacked in pieces of any size`(_ peer: Peer) throws {
        let packed = try packed(peer)
        var generator = SeededGenerator(seed: 6)
        let unpacker = try Unpacker(peer.codec)
        // Twice, for one unpacker serves many streams.
        for _ in 0..<2 {
            try unpacker.begin()
            var result: [UInt8] = []
            var place = 0
            var stalls = 0
            while stalls < 100 {
                let end = min(packed.count, place + 1 + generator.roll(5000))
                var piece = [UInt8](repeating: 0, count: 1 + generator.roll(9000))
                var span = piece.mutableSpan
                let step = try unpacker.step(packed.span.extracting(place..<end), into: &span)
                place += step.read
                result += piece[..<step.written]
                stalls = step.read + step.written == 0 ? stalls + 1 : 0
                if step.isEnd { break }
            }
            #expect(result == Self.plain)
        }
    }

    @Test(arguments: Peer.all)
    func `what ends early is never whole`(_ peer: Peer) throws {
        let packed = try packed(peer)
        for count in [0, 1, 5, packed.count / 2, packed.count - 1] {
            #expect(throws: CodecError.self, "\(count) bytes") {
                try unpack(peer.codec, Array(packed[..<count]), room: Self.plain.count)
            }
        }
    }

    @Test(arguments: Peer.all)
    func `changed bytes are an error or other bytes, and never more than fit`(_ peer: Peer) throws {
        let packed = try packed(peer)
        var generator = SeededGenerator(seed: 7)
        var found = 0
        for _ in 0..<Soak.count(40, long: 4000) {
            var changed = packed
            changed[generator.roll(changed.count)] ^= UInt8(1 + generator.roll(255))
            do {
                let result = try unpack(peer.codec, changed, room: Self.plain.count)
                #expect(result.count <= Self.plain.count)
                found += result == Self.plain ? 0 : 1
            } catch is CodecError {
                found += 1
            }
        }
        // A few bytes of a header mean nothing.
        #expect(found > 0)
    }

    @Test(arguments: Codec.allCases, [1, 6, 9])
    func `what is packed is unpacked`(_ codec: Codec, _ level: Int) throws {
        guard let packer = Packer(codec, level: level) else {
            #expect(codec == .xz || codec == .lzma)
            return
        }
        let plain = Self.plain
        for source in [plain, Array(plain[..<1]), Array(plain.suffix(1000))] {
            var output = [UInt8](repeating: 0, count: source.count + source.count / 10 + 1000)
            var span = output.mutableSpan
            let made = packer.block(source.span, into: &span)
            let count = try #require(made)
            #expect(try unpack(codec, Array(output[..<count]), room: source.count) == source)
            // One byte less than it takes.
            var less = [UInt8](repeating: 0, count: count - 1)
            var lessSpan = less.mutableSpan
            let none = packer.block(source.span, into: &lessSpan)
            #expect(none == nil)
        }
    }

    @Test func `LZMA without a header`() throws {
        let plain = Self.plain
        let coder = RawLZMA(size: plain.count)
        var packed = [UInt8](repeating: 0, count: plain.count)
        var span = packed.mutableSpan
        let made = coder.pack(plain.span, into: &span)
        let count = try #require(made)
        #expect(count < plain.count)
        var result = [UInt8](repeating: 0, count: plain.count)
        var resultSpan = result.mutableSpan
        try coder.unpack(packed.span.extracting(..<count), into: &resultSpan)
        #expect(result == plain)
        var other = [UInt8](repeating: 0, count: plain.count)
        var otherSpan = other.mutableSpan
        #expect(throws: CodecError.self) {
            try coder.unpack(packed.span.extracting(..<(count / 2)), into: &otherSpan)
        }
        // No room for it.
        var small = [UInt8](repeating: 0, count: count - 1)
        var smallSpan = small.mutableSpan
        let none = coder.pack(plain.span, into: &smallSpan)
        #expect(none == nil)
    }

    @Test func `CRC-32 of the digits, in any pieces`() {
        let digits = Array("123456789".utf8)
        for cut in 0...digits.count {
            var sum = RunningCRC32()
            sum.update(digits.span.extracting(..<cut))
            sum.update(digits.span.extracting(cut...))
            #expect(sum.value == 0xCBF4_3926)
        }
        #expect(RunningCRC32().value == 0)
    }

    @Test func `errors say what they mean`() {
        for codec in Codec.allCases {
            let codes: [CodecError.Code] = [.damaged, .endsEarly, .tooLong, .noMemory]
            let texts = codes.map { "\(CodecError($0, codec))" }
            #expect(Set(texts).count == 4)
            #expect(texts[0].contains(codec.displayName))
        }
    }
}
