import DiscChecksums
import LibCrypto
import LinuxCalls
import Testing
import Transfer

@Suite struct PrefixSumsTests {
    private static let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }

    private func sum(_ algorithm: DigestAlgorithm, _ count: Int) throws -> Checksum {
        var digest = try Digest(algorithm)
        digest.update(Self.bytes.span.extracting(first: count))
        return digest.finish()
    }

    /// Sends the bytes through a ring in pieces of a size.
    private func run(
        _ algorithms: [DigestAlgorithm],
        of count: Int?,
        _ wanted: [ManifestEntry] = [],
        from first: Int = 0,
        piece: Int = 7_001,
        abandons: Bool = false
    ) throws -> PrefixSumsResult {
        let kinds = PrefixSums.consumers(algorithms, searching: wanted)
        let ring = ChunkRing(chunkSize: piece, chunks: 3, consumers: kinds.count)
        let sums = try PrefixSums(
            algorithms,
            of: count,
            searching: wanted,
            from: first,
            over: ring,
            firstConsumer: 0
        )
        var offset = 0
        while offset < Self.bytes.count {
            _ = ring.produce { buffer in
                let count = Bytes.copy(Self.bytes.span.extracting(offset...), to: &buffer)
                offset += count
                return count
            }
        }
        if abandons { ring.abandon() } else { ring.finish() }
        return sums.finish()
    }

    @Test(arguments: [1, 2048, 7_001, 50_000])
    func `Sums of a beginning, and of everything`(piece: Int) throws {
        for count in [0, 1, 2047, 2048, 5_000, 49_999, 50_000] {
            let found = try run([.sha256, .md5], of: count, piece: piece)
            #expect(found.sums[.sha256] == (try sum(.sha256, count)))
            #expect(found.sums[.md5] == (try sum(.md5, count)))
        }
        #expect(try run([.sha1], of: nil, piece: piece).sums == [.sha1: try sum(.sha1, 50_000)])
        // Of data that end before, nothing is said.
        #expect(try run([.sha1], of: 50_001, piece: piece).sums.isEmpty)
    }

    @Test func `Known sums are found at the end of each sector and at the sizes they name`() throws
    {
        let wanted = [
            ManifestEntry(name: "a", checksum: try sum(.sha512, 6 * 2048)),
            ManifestEntry(name: "b", checksum: try sum(.sha256, 5_001), byteCount: 5_001),
            ManifestEntry(name: "c", checksum: try sum(.sha256, 5_003)),
            ManifestEntry(name: "d", checksum: try sum(.sha256, 2048)),
        ]
        let found = try run([.sha256], of: 10_000, wanted)
        #expect(found.sums == [.sha256: try sum(.sha256, 10_000)])
        #expect(Set(found.matches.map(\.byteCount)) == [6 * 2048, 5_001, 2048])
        let later = try run([.sha256], of: 10_000, wanted, from: 4096)
        #expect(Set(later.matches.map(\.byteCount)) == [6 * 2048, 5_001])
    }

    @Test func `Nothing is said where the data were abandoned`() throws {
        let found = try run([.sha256], of: nil, abandons: true)
        #expect(found.sums.isEmpty && found.matches.isEmpty)
    }
}
