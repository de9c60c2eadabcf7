import MMC
import TestSupport
import Testing

/// What holds for every reply, whatever it says.
@Suite struct ReplyTests {
    @Test(arguments: ReplyKind.all)
    func `a reply is read as it was written`(_ kind: ReplyKind) throws {
        #expect(try kind.reencode(kind.sample) == kind.sample)
    }

    @Test(arguments: ReplyKind.all)
    func `a reply of any length is read or refused`(_ kind: ReplyKind) {
        for count in 0...kind.sample.count {
            let cut = Array(kind.sample.prefix(count))
            settles(kind, cut)
            settles(kind, cut + [0xFF, 0xFF, 0xFF, 0xFF])
        }
    }

    @Test(arguments: ReplyKind.all)
    func `random bytes are read or refused`(_ kind: ReplyKind) {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<Soak.count(2000, long: 500_000) {
            settles(kind, generator.bytes(.random(in: 0...80, using: &generator)))
        }
    }

    @Test(arguments: ReplyKind.all)
    func `spoilt replies are read or refused`(_ kind: ReplyKind) {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<Soak.count(1500, long: 500_000) {
            var bytes = kind.sample
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<min(80, bytes.count), using: &generator)
                bytes[index] =
                    [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &generator)]
                    .randomElement(using: &generator) ?? 0
            }
            settles(kind, bytes)
        }
    }

    @Test func `random bytes are sense data or none`() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<Soak.count(40_000, long: 20_000_000) {
            var bytes = generator.bytes(.random(in: 0...40, using: &generator))
            if !bytes.isEmpty, Bool.random(using: &generator) { bytes[0] = 0x70 | bytes[0] & 0x83 }
            guard let sense = Sense(parsing: bytes) else { continue }
            #expect(!sense.description.isEmpty)
            let again = Sense(parsing: sense.fixedFormat)
            #expect(again?.key == sense.key && again?.information == sense.information)
        }
    }

    /// Whether bytes are refused, or read as something that is read the same again.
    private func settles(
        _ kind: ReplyKind,
        _ bytes: [UInt8],
        at location: SourceLocation = #_sourceLocation
    ) {
        guard let first = try? kind.reencode(bytes) else { return }
        let second = try? kind.reencode(first)
        #expect(second == first, "\(kind.name): \(bytes)", sourceLocation: location)
    }
}
