import LibCrypto
import LinuxCalls
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1))) struct DigestTests {
    /// The sums of “abc” and of a million times “a” (FIPS 180-4's examples, RFC 1321's for MD5).
    private static let vectors: [(text: [UInt8], sums: [DigestAlgorithm: String])] = [
        (
            Array("abc".utf8),
            [
                .md5: "900150983cd24fb0d6963f7d28e17f72",
                .sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
                .sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                .sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ]
        ),
        (
            Array(repeating: 0x61, count: 1_000_000),
            [
                .md5: "7707d6ae4e027c70eea2a935c2296f21",
                .sha1: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
                .sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
                .sha512: "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                    + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
            ]
        ),
    ]

    @Test(arguments: vectors.indices, [1, 1000, 65_536])
    func `sums over what goes through a ring`(_ index: Int, _ chunkSize: Int) throws {
        let (text, expected) = Self.vectors[index]
        guard text.count / chunkSize < 10_000 else { return }
        let ring = ChunkRing(
            chunkSize: chunkSize,
            chunks: 3,
            consumers: 1 + DigestAlgorithm.allCases.count
        )
        let other = try Collector(ring, as: 0)
        let digests = try DigestThreads(DigestAlgorithm.allCases, over: ring, firstConsumer: 1)
        var offset = 0
        while offset < text.count {
            let goesOn = ring.produce { buffer in
                let count = min(buffer.count, text.count - offset)
                for i in 0..<count { buffer[i] = text[offset + i] }
                offset += count
                return count
            }
            try #require(goesOn)
        }
        ring.finish()
        #expect(digests.finish().mapValues(\.hexadecimal) == expected)
        #expect(other.finish() == text)
    }

    @Test(arguments: vectors.indices)
    func `sums over a file`(_ index: Int) throws {
        let (text, expected) = Self.vectors[index]
        let file = try TemporaryFile(text)
        let sums = try FileDigests.make(DigestAlgorithm.allCases, of: file.open(), Cancellation())
        #expect(sums.mapValues(\.hexadecimal) == expected)
    }

    @Test func `the sum of nothing`() throws {
        let sums = try FileDigests.make([.sha256], of: TemporaryFile().open(), Cancellation())
        #expect(
            sums[.sha256]?.hexadecimal
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test func `a file of whole buffers ends, too`() throws {
        let file = try TemporaryFile(Array(repeating: 0, count: 2 << 20))
        let sums = try FileDigests.make([.md5], of: file.open(), Cancellation())
        #expect(sums[.md5]?.hexadecimal == "b2d1236c286a3c0704224fe4105eca49")
    }

    @Test func `no sums at all are made at once`() throws {
        let file = try TemporaryFile(Array(repeating: 7, count: 100))
        #expect(try FileDigests.make([], of: file.open(), Cancellation()).isEmpty)
    }

    @Test func `what was cancelled or abandoned has no sums`() throws {
        let cancellation = Cancellation()
        cancellation.request()
        let file = try TemporaryFile(Array(repeating: 7, count: 100))
        #expect(try FileDigests.make([.sha256], of: file.open(), cancellation).isEmpty)
        let ring = ChunkRing(chunkSize: 4, chunks: 2, consumers: 1)
        let digests = try DigestThreads([.sha256], over: ring, firstConsumer: 0)
        #expect(ring.produce { _ in 4 })
        ring.abandon()
        #expect(digests.finish().isEmpty)
    }
}
