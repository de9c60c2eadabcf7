import LibCrypto
import Testing

/// Codes that tell whether two readings gave the same bytes.
@Suite struct ReadingCodeTests {
    private static let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }

    private func code(of bytes: [UInt8], inPiecesOf size: Int) throws -> ReadingCode.Value {
        var code = try ReadingCode()
        var place = 0
        while place < bytes.count {
            let end = min(bytes.count, place + size)
            code.update(bytes.span.extracting(place..<end))
            place = end
        }
        let value = code.finish()
        return try #require(value)
    }

    @Test(arguments: [1, 15, 16, 17, 2048, 100_003])
    func `Is the same however the bytes came`(size: Int) throws {
        let whole = try code(of: Self.bytes, inPiecesOf: 65536)
        #expect(try code(of: Self.bytes, inPiecesOf: size) == whole)
    }

    @Test(arguments: [0, 15, 16, 50_000, 100_002])
    func `Is another one where a bit differs`(place: Int) throws {
        var changed = Self.bytes
        changed[place] ^= 0x10
        #expect(
            try code(of: changed, inPiecesOf: 4096) != code(of: Self.bytes, inPiecesOf: 4096)
        )
    }

    @Test func `Is another one where zeros follow or two blocks change places`() throws {
        let zeros = [UInt8](repeating: 0, count: 64)
        var codes: Set<ReadingCode.Value> = []
        for count in 0...64 {
            codes.insert(try code(of: Array(zeros.prefix(count)), inPiecesOf: 7))
        }
        #expect(codes.count == 65)
        let swapped = Self.bytes[16..<32] + Self.bytes[0..<16] + Self.bytes[32...]
        #expect(
            try code(of: Array(swapped), inPiecesOf: 999)
                != code(of: Self.bytes, inPiecesOf: 999)
        )
    }
}
