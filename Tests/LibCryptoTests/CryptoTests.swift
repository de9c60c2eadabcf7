import LibCrypto
import TestSupport
import Testing

/// Ciphers, keys and sums against the vectors of their standards, and against OpenSSL's own program.
@Suite struct CryptoTests {
    private func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    private func decrypt(
        _ cipher: BlockCipher,
        _ key: [UInt8],
        _ packed: [UInt8],
        _ vector: [UInt8] = []
    ) throws -> [UInt8] {
        var bytes = packed
        var span = bytes.mutableSpan
        try Decipher(cipher, key: key).decrypt(&span, vector: vector)
        return bytes
    }

    /// The four blocks of NIST SP 800-38A, appendix F.
    private let plain = """
        6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
        30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710
        """

    @Test(arguments: [
        (
            "2b7e151628aed2a6abf7158809cf4f3c",
            """
            7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
            73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7
            """
        ),
        (
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            """
            f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d
            39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b
            """
        ),
    ])
    func `AES with chained blocks, SP 800-38A F.2`(_ key: String, _ packed: String) throws {
        let vector = [UInt8](0...15)
        #expect(try decrypt(.aesCBC, bytes(key), bytes(packed), vector) == bytes(plain))
        // A block on its own needs the one before it, and nothing else.
        let second = Array(bytes(packed)[16..<32])
        let alone = try decrypt(.aesCBC, bytes(key), second, Array(bytes(packed)[0..<16]))
        #expect(alone == Array(bytes(plain)[16..<32]))
    }

    @Test func `AES with blocks on their own, SP 800-38A F.1`() throws {
        let packed = """
            3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf
            43b1cd7f598ece23881b00e3ed030688 7b0c785e27e8ad3f8223207104725dd4
            """
        let key = bytes("2b7e151628aed2a6abf7158809cf4f3c")
        #expect(try decrypt(.aesECB, key, bytes(packed)) == bytes(plain))
    }

    @Test func `bytes after the last whole block stay`() throws {
        let key = bytes("2b7e151628aed2a6abf7158809cf4f3c")
        let block = bytes("3ad77bb40d7a3660a89ecaf32466ef97")
        let result = try decrypt(.aesECB, key, block + [1, 2, 3])
        #expect(result == Array(bytes(plain)[0..<16]) + [1, 2, 3])
        #expect(try decrypt(.aesECB, key, [1, 2, 3]) == [1, 2, 3])
    }

    @Test(.enabled(if: Programs.has("openssl")))
    func `Triple DES undoes what openssl does`() throws {
        var generator = SeededGenerator(seed: 3)
        let (key, vector, text) = (generator.bytes(24), generator.bytes(8), generator.bytes(4096))
        func hexadecimal(_ bytes: [UInt8]) -> String {
            bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        let folder = try Folder()
        try folder.write("plain", text)
        let run = try Programs.run(
            [
                "openssl", "enc", "-des-ede3-cbc", "-nopad", "-K", hexadecimal(key), "-iv",
                hexadecimal(vector), "-in", "plain", "-out", "packed",
            ],
            in: folder
        )
        try #require(run.status == 0, "\(run)")
        let packed = try folder.read("packed")
        #expect(packed != text)
        #expect(try decrypt(.tripleDESCBC, key, packed, vector) == text)
    }

    @Test func `a key or a vector of another length is refused`() throws {
        for count in [0, 1, 15, 17, 31, 33, 64] {
            #expect(throws: CipherError.self) {
                try decrypt(.aesCBC, [UInt8](repeating: 1, count: count), [])
            }
        }
        #expect(throws: CipherError.self) { try decrypt(.tripleDESCBC, [UInt8](0..<16), []) }
        let key = [UInt8](0..<16)
        for count in [0, 8, 15, 17] {
            #expect(throws: CipherError.self) {
                try decrypt(.aesCBC, key, key, [UInt8](repeating: 0, count: count))
            }
        }
    }

    @Test(arguments: [
        (1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        (2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        (4096, "4b007901b765489abead49d926f721d065a429c1"),
    ])
    func `keys of passwords, RFC 6070`(_ iterations: Int, _ expected: String) throws {
        let key = try PasswordKey.pbkdf2(
            Array("password".utf8),
            salt: Array("salt".utf8),
            iterations: iterations,
            count: 20
        )
        #expect(key == bytes(expected))
    }

    @Test func `a key that can't be made is an error`() {
        for (iterations, count) in [(0, 20), (-1, 20), (1, 0), (1, -1), (Int.max, 20)] {
            #expect(throws: CipherError.self) {
                try PasswordKey.pbkdf2([1], salt: [2], iterations: iterations, count: count)
            }
        }
    }

    @Test func `codes of messages, RFC 2202`() {
        let cases: [([UInt8], [UInt8], String)] = [
            (
                [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
                "b617318655057264e28bc0b6fb378c8ef146be00"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
            ),
            (
                [UInt8](repeating: 0xAA, count: 80),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "aa4ae5e15272d00e95705637ce8a3b55ed402112"
            ),
        ]
        for (key, text, expected) in cases {
            #expect(MessageCode.hmacSHA1(text, key: key) == bytes(expected))
        }
    }

    @Test(arguments: [
        (DigestAlgorithm.md5, "900150983cd24fb0d6963f7d28e17f72"),
        (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha512,
            """
            ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
            2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
            """
        ),
    ])
    func `sums of abc, and on the way`(_ algorithm: DigestAlgorithm, _ expected: String) throws {
        var digest = try Digest(algorithm)
        digest.update([UInt8]("a".utf8).span)
        let first = digest.sumSoFar()
        digest.update([UInt8]("bc".utf8).span)
        #expect(digest.sumSoFar()?.hexadecimal == expected)
        let sum = digest.finish()
        #expect(sum.hexadecimal == expected && sum.bytes.count == algorithm.length)
        #expect(first != sum)
        #expect(Checksum(algorithm, hexadecimal: expected.uppercased()) == sum)
        for wrong in ["", String(expected.dropLast()), expected + "0", expected.dropLast() + "x"] {
            #expect(Checksum(algorithm, hexadecimal: wrong) == nil)
        }
    }

    /// The check value of CRC-32/ISO-HDLC, which zlib's is.
    @Test func `CRC-32 of the digits, in any pieces, and before its end`() throws {
        let digits = Array("123456789".utf8)
        for cut in 0...digits.count {
            var digest = try Digest(.crc32)
            digest.update(digits.span.extracting(..<cut))
            digest.update(digits.span.extracting(cut...))
            #expect(digest.sumSoFar()?.hexadecimal == "cbf43926")
            #expect(digest.finish().hexadecimal == "cbf43926")
        }
        #expect(try Digest(.crc32).finish().hexadecimal == "00000000")
    }
}
