import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Encrypted, split and very large images hold what the plain one holds, or say why they can't be
/// read.
struct GuardedReadingTests {
    private let samples = PackedSamples.shared

    private static let locked = PackedSamples.shared.names.filter { $0.hasPrefix("locked") }

    @Test func `there are encrypted samples`() {
        #expect(Self.locked.count == 9)
    }

    @Test(arguments: locked)
    func `an encrypted image holds what the plain one holds`(_ name: String) throws {
        var plain = try samples.bytes("plain.iso")
        if name == "locked-old.dmg" {
            plain.replaceSubrange((plain.count - 1536)..., with: repeatElement(0, count: 1536))
        }
        let path = samples.path(name)
        let image = try DiscImage(path, secrets: PackedSamples.secrets(for: path))
        #expect(image.byteCount == plain.count)
        for pieces in [1, 7, 256] {
            #expect(try PackedSamples.userData(image, pieces: pieces) == plain, "\(pieces)")
        }
    }

    @Test(arguments: locked)
    func `without its password it is refused, with another one, too`(_ name: String) throws {
        let path = samples.path(name)
        let none = try #require(throws: Failure.self) { try DiscImage(path) }
        #expect("\(none)".contains("is encrypted and can't be read without its password"))
        #expect(none.advice.contains("--password-file"))
        for other in ["", "Correct horse, battery staple", String(repeating: "x", count: 300)] {
            let error = try #require(throws: (any Error).self) {
                try DiscImage(path, secrets: ImageSecrets(password: other))
            }
            #expect("\(error)".contains("The password is not that of \(name)"), "\(error)")
        }
    }

    @Test func `the password is asked for only where it is needed`() throws {
        let never = ImageSecrets { throw Failure(.usage, "asked", meaning: "", advice: "") }
        _ = try DiscImage(samples.path("same-zlib.dmg"), secrets: never)
        let error = try #require(throws: (any Error).self) {
            try DiscImage(samples.path("locked-128.dmg"), secrets: never)
        }
        #expect("\(error)".contains("asked"))
    }

    @Test(arguments: [
        "split-1.isz", "split-2.part01.isz", "split-3.part001.isz", "split-4.isz",
        "split-1.part01.daa", "split-2.part001.daa", "split-3.daa", "split-5.dmg",
    ])
    func `the parts of a split image are found and joined`(_ name: String) throws {
        let plain = try samples.bytes("plain.iso")
        let image = try DiscImage(samples.path(name))
        #expect(image.byteCount == plain.count)
        #expect(image.warnings.isEmpty, "\(image.warnings)")
        for pieces in [1, 7, 256] {
            #expect(try PackedSamples.userData(image, pieces: pieces) == plain, "\(pieces)")
        }
    }

    @Test(arguments: [
        ("split-1.isz", "there is no alone-0.i01"),
        ("split-2.part01.isz", "there is no alone-1.i01"),
        ("split-1.part01.daa", "there is no alone-2.d00"),
        ("split-5.dmg", "there is no alone-3.002.dmgpart"),
        ("split-1.i01", "is 1: this is a part of a split image"),
        ("split-3.d00", "part of a split image, whose first part is to be opened"),
        ("split-5.002.dmgpart", "is 2: this is a part of a split image"),
    ])
    func `a part that is missing is named, and so is one that is not the first`(
        _ name: String,
        _ words: String
    ) throws {
        let number = words.split(separator: "alone-").last.flatMap { $0.first } ?? "9"
        let ending = name.split(separator: ".").last.map(String.init) ?? ""
        let path = samples.path("alone-\(number).\(ending)")
        try PackedSamples.write(samples.bytes(name), to: path)
        let error = try #require(throws: (any Error).self) { try DiscImage(path) }
        #expect("\(error)".contains(words), "\(error)")
    }

    @Test func `a sparse bundle is a folder, and its image is read`() throws {
        let path = samples.path("bundle.sparsebundle")
        let image = try DiscImage(path)
        let plain = try samples.bytes("plain.iso")
        #expect(image.byteCount == plain.count)
        for pieces in [1, 7, 256] {
            #expect(try PackedSamples.userData(image, pieces: pieces) == plain, "\(pieces)")
        }
        try PackedSamples.write(Array("encrcdsa".utf8), to: path.appending("token"))
        defer { try? PackedSamples.write([], to: path.appending("token")) }
        let error = try #require(throws: Failure.self) { try DiscImage(path) }
        #expect("\(error)".contains("encrypted sparse bundles are not read"))
        #expect(throws: Failure.self) { try DiscImage(samples.folder) }
    }

    @Test func `an image of 3 GiB is read to its end`() throws {
        let image = try DiscImage(samples.path("huge.isz"))
        #expect(image.byteCount == 3 << 30)
        let plain = try samples.bytes("plain.iso")
        var buffer = [UInt8](repeating: 1, count: 2048 * 32)
        var span = buffer.mutableSpan
        let last = (3 << 30) / 2048 - 32
        #expect(try image.source.read(at: last, into: &span) == 32)
        #expect(buffer == Array(plain[200_000..<265_536]))
        span = buffer.mutableSpan
        #expect(try image.source.read(at: last - 100, into: &span) == 32)
        #expect(buffer.allSatisfy { $0 == 0 })
    }

    @Test func `jumps of x86 code are made relative again`() throws {
        let image = try DiscImage(samples.path("jumps.daa"))
        #expect(try PackedSamples.userData(image) == samples.bytes("jumps.iso"))
    }

    @Test(arguments: [
        ("password.isz", "the kind of encryption at byte 16 is 1"),
        ("slow.dmg", "the number of iterations at byte 4104 is 2147483647"),
    ])
    func `what can't be read is named`(_ name: String, _ words: String) throws {
        let error = try #require(throws: (any Error).self) {
            try DiscImage(samples.path(name), secrets: ImageSecrets(password: "x"))
        }
        #expect("\(error)".contains(words), "\(error)")
    }

    @Test func `a wrong checksum of an ISZ image ends reading in order`() throws {
        #expect {
            _ = try PackedSamples.userData(DiscImage(samples.path("wrong.isz")))
        } throws: { "\($0)".contains("another checksum") }
    }

    @Test func `what is wrong is named with its place`() throws {
        let isz = try samples.bytes("same-3.isz")
        let daa = try samples.bytes("same-1.daa")
        let sparse = try samples.bytes("same.sparseimage")
        let all = [UInt8](repeating: 0xFF, count: 4)
        let cases: [(String, [UInt8], Int, [UInt8], String)] = [
            ("isz", isz, 5, [2], "the version at byte 5 is 2"),
            ("isz", isz, 10, [0, 0], "the size of a sector at byte 10 is 0"),
            ("isz", isz, 12, all, "the number of chunks at byte 25"),
            ("isz", isz, 25, all, "the number of chunks at byte 25"),
            ("isz", isz, 29, all, "the size of a chunk at byte 29"),
            ("isz", isz, 33, [9], "the size of a pointer at byte 33 is 9"),
            ("isz", isz, 35, all, "the place of the chunk table at byte 35"),
            ("isz", isz, 43, all, "the place of the data at byte 43"),
            ("daa", daa, 40, all, "the checksum of the header at byte 72"),
            ("sparse", sparse, 8, all, "the size of a band at byte 8"),
            ("sparse", sparse, 28, all, "the number of sectors at byte 28 is 18446744069414584320"),
            ("sparse", sparse, 64, all, "the number of a band at byte 64"),
        ]
        for (ending, bytes, place, value, words) in cases {
            var changed = bytes
            changed.replaceSubrange(place..<(place + value.count), with: value)
            let path = samples.path("placed.\(ending)")
            try PackedSamples.write(changed, to: path)
            let error = try #require(throws: (any Error).self, "\(words)") {
                try DiscImage(path)
            }
            #expect("\(error)".contains(words), "\(error)")
        }
    }
}
