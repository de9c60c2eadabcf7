import LibCrypto
import LinuxCalls
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1))) struct DigestTests {
    /// The checksums of “abc” and of a million times “a”: FIPS 180-4's examples, RFC 1321's for MD5, and
    /// what Python's hashlib makes of SHA-3 and BLAKE2b.
    private static let vectors: [(text: [UInt8], sums: [DigestAlgorithm: String])] = [
        (
            Array("abc".utf8),
            [
                .crc32: "352441c2",
                .md5: "900150983cd24fb0d6963f7d28e17f72",
                .sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
                .sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                .sha512: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                .sha224: "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
                .sha384: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                    + "8086072ba1e7cc2358baeca134c825a7",
                .sha3With224Bits: "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
                .sha3With256Bits: "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b"
                    + "46bfe24511431532",
                .sha3With384Bits: "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
                    + "98d88cea927ac7f539f1edf228376d25",
                .sha3With512Bits: "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
                    + "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
                .blake2b: "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                    + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
            ]
        ),
        (
            Array(repeating: 0x61, count: 1_000_000),
            [
                .crc32: "dc25bfbc",
                .md5: "7707d6ae4e027c70eea2a935c2296f21",
                .sha1: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
                .sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
                .sha512: "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
                    + "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
                .sha224: "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67",
                .sha384: "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b"
                    + "07b8b3dc38ecc4ebae97ddd87f3d8985",
                .sha3With224Bits: "d69335b93325192e516a912e6d19a15cb51c6ed5c15243e7a7fd653c",
                .sha3With256Bits: "5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699"
                    + "d0cdcb6c115891c1",
                .sha3With384Bits: "eee9e24d78c1855337983451df97c8ad9eedf256c6334f8e948d252d5e0e7684"
                    + "7aa0774ddb90a842190d2c558b4b8340",
                .sha3With512Bits: "3c3a876da14034ab60627c077bb98f7e120a2a5370212dffb3385a18d4f38859"
                    + "ed311d0a9d5141ce9cc5c66ee689b266a8aa18ace8282a0e0db596c90b0a7b87",
                .blake2b: "98fb3efb7206fd19ebf69b6f312cf7b64e3b94dbe1a17107913975a793f177e1"
                    + "d077609d7fba363cbba00d05f7aa4e4fa8715d6428104c0a75643b0ff3fd3eaf",
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
