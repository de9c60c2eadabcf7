import DiscChecksums
import LibCrypto
import Reports
import SystemPackage
import TestSupport
import Testing

@Suite struct ManifestParsingTests {
    static let md5 = "d41d8cd98f00b204e9800998ecf8427e"
    static let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    static let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func parse(_ text: String) -> ChecksumManifest {
        ChecksumManifest(parsing: Array(text.utf8), name: "SUMS")
    }

    @Test(arguments: [
        ("md5sum", [], DigestAlgorithm.md5), ("md5sum", ["--binary"], .md5),
        ("sha1sum", ["--tag"], .sha1), ("sha256sum", [], .sha256),
        ("sha256sum", ["--tag"], .sha256), ("sha512sum", ["-b"], .sha512),
    ])
    func `What coreutils write is read`(
        program: String,
        options: [String],
        algorithm: DigestAlgorithm
    ) throws {
        let work = try Folder()
        // Names with what has to be escaped, and with what looks like a part of the form.
        let names = [
            "disc.iso", "a name with  blanks", "back\\slash", "line\nfeed", " leading", "*star",
            "x) = 00", "ümläut", "# comment",
        ]
        for (index, name) in names.enumerated() {
            try work.write(name, Array(repeating: UInt8(index), count: 1000 + index))
        }
        var text: [UInt8] = []
        for name in names {
            text +=
                options.isEmpty
                ? try Programs.run([program, "--", name], in: work).bytes
                : try Programs.run([program, options[0], "--", name], in: work).bytes
        }
        let manifest = ChecksumManifest(parsing: text, name: "SUMS")
        #expect(manifest.entries.map(\.name) == names)
        #expect(manifest.malformedLines == 0 && manifest.foreignLines == 0)
        for (index, entry) in manifest.entries.enumerated() {
            var digest = try Digest(algorithm)
            let content = [UInt8](repeating: UInt8(index), count: 1000 + index)
            digest.update(content.span)
            let sum = digest.finish()
            #expect(entry.checksum == sum)
        }
    }

    @Test(
        arguments: [
            (sha256, nil), ("  \t\(sha256)  ", nil), (sha256.uppercased(), nil),
            ("\(sha256)  -", nil), ("\(sha256) *disc.iso", "disc.iso"),
            ("\(sha256) disc.iso", "disc.iso"), ("\(sha256)\tdisc.iso", "disc.iso"),
            ("\(sha256)   disc.iso", " disc.iso"), ("\(sha256)  disc.iso\r", "disc.iso"),
            ("\\\(sha256)  a\\nb\\\\c\\r", "a\nb\\c\r"), ("\(sha256)  a\\nb", "a\\nb"),
            ("SHA256 (disc.iso) = \(sha256)", "disc.iso"),
            ("SHA256(disc.iso)= \(sha256)", "disc.iso"),
            ("SHA2-256(a(1).iso)= \(sha256)", "a(1).iso"),
            ("\\SHA256 (a\\\\b) = \(sha256)", "a\\b"), ("SHA256 (-) = \(sha256)", nil),
        ] as [(String, String?)]
    )
    func `A line's forms`(line: String, name: String?) {
        let manifest = parse(line + "\n")
        #expect(manifest.entries.map(\.name) == [name])
        #expect(manifest.entries.map(\.checksum.hexadecimal) == [Self.sha256])
        #expect(manifest.malformedLines == 0)
    }

    @Test(
        arguments: [
            "\(sha256.dropLast())  odd", "\(sha256)x  disc.iso", "\(sha256)disc.iso", "hello",
            "\\\(sha256)  a\\xb", "\\\(sha256)  a\\", "\(sha256)  nul\0nul", "SHA256 (a) = ",
            "SHA256 (a) = \(md5)", "SHA256 (a) = \(sha256) x", "SHA256 () = \(sha256)",
            "() = \(sha256)", ") = ( \(sha256)", "SHA256 (a \(sha256)", "=", "(", ")", "\\",
        ])
    func `Lines that are nothing are counted, and taken for nothing`(line: String) {
        let manifest = parse(line)
        #expect(manifest.entries.isEmpty)
        #expect(manifest.malformedLines == 1)
    }

    @Test func `Damaged lines are told by their numbers`() {
        let manifest = parse("\(Self.sha256)  a.iso\n\n\(Self.sha256.prefix(50))\nhello\n")
        #expect(manifest.entries.map(\.name) == ["a.iso"])
        #expect(manifest.damaged.map(\.number) == [3, 4])
        #expect(manifest.damage?.contains("2 lines of") == true)
        #expect(manifest.damage?.contains("(3, 4)") == true)
        #expect(parse("\(Self.sha256)  a.iso\n").damage == nil)
    }

    @Test func `Lines may end with zeros`() {
        let manifest = parse("\(Self.sha256)  a.iso\0\(Self.md5)  b\nc.iso\0")
        #expect(manifest.entries.map(\.name) == ["a.iso", "b\nc.iso"])
        #expect(manifest.malformedLines == 0)
        // Zeros behind a line are those of something else.
        #expect(parse("\(Self.sha256)  a.iso\0\0").malformedLines == 1)
    }

    @Test func `The only line that can be read is not taken for that of another file`() throws {
        for cut in ["\(Self.sha256.dropLast())  b.iso", "\(Self.sha256.prefix(50))"] {
            let manifest = parse("\(Self.sha256)  a.iso\n\(cut)")
            #expect(try manifest.choice(for: "a.iso").entries.count == 1)
            #expect(throws: Failure.self) { try manifest.choice(for: "b.iso") }
        }
        // What is no checksum at all says nothing of a file.
        let manifest = parse("Checksums\n\(Self.sha256)  a.iso\n")
        #expect(try manifest.choice(for: "b.iso").otherName == "a.iso")
    }

    @Test func `Sums of other kinds are told from ours`() {
        let manifest = parse(
            """
            BLAKE2b-256 (disc.iso) = \(Self.sha256)
            SHA3-256 (disc.iso) = \(Self.sha256)
            SHA512/256 (disc.iso) = \(Self.sha256)
            \(String(repeating: "ab", count: 28))  disc.iso
            \(String(repeating: "ab", count: 48))  disc.iso
            \(Self.md5)  disc.iso
            """
        )
        #expect(manifest.foreignLines == 2)
        #expect(manifest.foreignKinds == ["BLAKE2B-256", "SHA512/256"])
        #expect(manifest.algorithms == [.md5, .sha224, .sha384, .sha3With256Bits])
    }

    /// The digests of nothing: FIPS 180-4, FIPS 202 and RFC 7693 have them, and so do their tools.
    @Test(
        arguments: [
            (
                "SHA3-256SUMS", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
                DigestAlgorithm.sha3With256Bits
            ),
            (
                "disc.iso.sha3", "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7",
                .sha3With224Bits
            ),
            ("x.sha224", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f", .sha224),
            (
                "B2SUMS",
                "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
                .blake2b
            ),
        ] as [(String, String, DigestAlgorithm)]
    )
    func `The list's name tells kinds with the same number of digits apart`(
        name: String,
        digits: String,
        algorithm: DigestAlgorithm
    ) throws {
        let manifest = ChecksumManifest(parsing: Array("\(digits)  disc.iso".utf8), name: name)
        #expect(manifest.algorithms == [algorithm])
        let empty = try Digest(algorithm).finish()
        #expect(manifest.entries.first?.checksum == empty)
    }

    @Test func `A cyclic redundancy check of POSIX is named, not taken for anything else`() {
        let manifest = parse("4038471504 75 disc.iso")
        #expect(manifest.entries.isEmpty && manifest.malformedLines == 0)
        #expect(manifest.foreignKinds == ["cksum's CRC"])
    }

    @Test func `A signed list with comments, sizes and dashes`() {
        for newline in ["\n", "\r\n"] {
            let manifest = parse(
                [
                    "-----BEGIN PGP SIGNED MESSAGE-----", "Hash: SHA256", "",
                    "# Disc-40.iso: 2295853056 bytes", "SHA256 (Disc-40.iso) = \(Self.sha256)",
                    "- -dash  is escaped", "\(Self.md5)  other.iso",
                    "-----BEGIN PGP SIGNATURE-----", "", Self.sha256, "=AbCd",
                    "-----END PGP SIGNATURE-----", "\(Self.sha1)  behind",
                ].joined(separator: newline)
            )
            #expect(manifest.isSigned)
            #expect(manifest.entries.map(\.name) == ["Disc-40.iso", "other.iso", "behind"])
            #expect(manifest.entries.map(\.byteCount) == [2_295_853_056, nil, nil])
            #expect(manifest.malformedLines == 1)
        }
    }

    @Test func `Marks of the encoding at the beginning`() {
        let text = "\(Self.sha256)  disc.iso\r\n"
        let utf16: [UInt8] =
            [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        for bytes in [marked, utf16, utf16 + [0x0A]] {
            let manifest = ChecksumManifest(parsing: bytes, name: "SUMS")
            #expect(manifest.entries.map(\.name) == ["disc.iso"])
        }
    }

    @Test func `Garbled lists are read to their end without harm`() {
        let seed = Array(
            """
            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA512

            # disc.iso: 123456 bytes
            \(Self.sha256) *disc.iso
            \\\(Self.md5)  a\\nb\\\\
            SHA1 (x (1).iso) = \(Self.sha1)
            \(Self.sha256)
            -----BEGIN PGP SIGNATURE-----
            -----END PGP SIGNATURE-----
            """.utf8
        )
        let spice = Array("\\()=*# \t\r\n\0-0aF:\u{FF}".utf8) + [0xEF, 0xFE, 0xFF, 0xC3]
        var generator = Generator(state: 42)
        for _ in 0..<3_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...12, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] = spice.randomElement(using: &generator) ?? 0
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
                }
            }
            let manifest = ChecksumManifest(parsing: bytes, name: "SUMS")
            let lines = bytes.split(separator: 0x0A).count
            #expect(
                manifest.entries.count + manifest.malformedLines + manifest.foreignLines
                    <= max(lines, bytes.count)
            )
            for entry in manifest.entries {
                #expect(entry.checksum.bytes.count == entry.checksum.algorithm.length)
                #expect(entry.name?.isEmpty != true)
            }
        }
    }
}

/// Numbers that are the same in every run.
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
