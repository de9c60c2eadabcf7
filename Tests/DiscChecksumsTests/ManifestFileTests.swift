import DiscChecksums
import Foundation
import LibCrypto
import Reports
import SystemPackage
import TestSupport
import Testing

/// Manifests as files: telling them from images, and finding an image's sums in them.
@Suite struct ManifestFileTests {
    private let work: Folder
    private static let one = String(repeating: "1a", count: 32)
    private static let two = String(repeating: "2b", count: 32)
    private static let md5 = String(repeating: "3c", count: 16)

    init() throws { work = try Folder() }

    @Test func `Lists of sums are told by their names`() throws {
        for name in [
            "SHA256SUMS", "SHA512SUMS", "MD5SUMS", "md5sum.txt", "disc.iso.sha256", "disc.md5",
            "disc.iso.sha256sum", "SHA256SUMS.asc", "SHA1SUM", "Fedora-40-x86_64-CHECKSUM",
            "CHECKSUM", "checksums.txt", "x.sha512", "SHA256SUMS.txt", "a.sha1", "B2SUMS",
        ] {
            // What is in them is read later, and found wanting then.
            #expect(ChecksumManifest.isManifest(try work.write(name, "not a sum\n")), "\(name)")
        }
    }

    @Test func `Lists of sums are told by what is in them, images never taken for one`() throws {
        let line = "\(Self.one)  disc.iso\n"
        #expect(ChecksumManifest.isManifest(try work.write("release-notes", line)))
        #expect(ChecksumManifest.isManifest(try work.write("sums-of-friday.lst", "# x\n" + line)))
        #expect(!ChecksumManifest.isManifest(try work.write("readme", "Hello.\n" + line)))
        // A list of which a line was cut off, and one as “sha256sum -z” writes it.
        let cut = "\(line)\(line)\(Self.one.prefix(50))"
        #expect(ChecksumManifest.isManifest(try work.write("cut", cut)))
        for name in ["zeros", "zeros.sha256"] {
            let text = "\(Self.one)  disc.iso\0\(Self.one)  other.iso\0"
            #expect(ChecksumManifest.isManifest(try work.write(name, text)), "\(name)")
        }
        #expect(!ChecksumManifest.isManifest(try work.write("empty", "")))
        #expect(!ChecksumManifest.isManifest(try work.write("comments", "# nothing\n")))
        for name in ["disc.iso", "DISC.ISO", "disc.img", "disc.bin", "disc.vdisc"] {
            #expect(!ChecksumManifest.isManifest(try work.write(name, line)), "\(name)")
        }
        // An image under the name of a list begins with zeros or code.
        var image = [UInt8](repeating: 0, count: 40_000)
        image.replaceSubrange(0..<line.utf8.count, with: line.utf8)
        for name in ["SHA256SUMS", "image", "disc.sha256"] {
            #expect(!ChecksumManifest.isManifest(try work.write(name, image)), "\(name)")
        }
        #expect(!ChecksumManifest.isManifest(work.path("missing.sha256")))
        #expect(!ChecksumManifest.isManifest(FilePath("/dev/null")))
        try work.write("SHA256SUMS.d/x", "x")
        #expect(!ChecksumManifest.isManifest(work.path("SHA256SUMS.d")))
    }

    @Test func `What can't be used is refused with a reason`() throws {
        func sentence(_ path: FilePath) -> String? {
            do {
                _ = try ChecksumManifest(reading: path)
                return nil
            } catch {
                #expect(error.exitCode == .failed && error.status == .refused)
                return error.what
            }
        }
        #expect(
            sentence(try work.write("SHA256SUMS", "x\n"))?.hasSuffix("gives no checksum.") == true
        )
        #expect(sentence(try work.write("s.md5", ""))?.hasSuffix("gives no checksum.") == true)
        #expect(sentence(work.path("none"))?.contains("can't be read") == true)
        #expect(sentence(FilePath("/dev/zero"))?.contains("is not a file") == true)
        let foreign = try work.write("SUMS", "BLAKE2b (a) = \(Self.one)\n")
        #expect(sentence(foreign)?.contains("only BLAKE2b checksums") == true)
        for (name, kind) in [("B2SUMS", "BLAKE2"), ("a.b3", "BLAKE3"), ("a.sm3", "SM3")] {
            let path = try work.write(name, "\(Self.one)  disc.iso\n")
            #expect(sentence(path)?.contains("only \(kind) checksums") == true, "\(name)")
        }
        let posix = try work.write("disc.cksum", "1234567890 2048 disc.iso\n")
        #expect(sentence(posix)?.contains("only cksum's CRC checksums") == true)
        let large = try work.write("MD5SUMS", "")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: large.string))
        try file.truncate(atOffset: UInt64(ChecksumManifest.largestFile + 1))
        try file.close()
        #expect(sentence(large)?.contains("too large") == true)
        let good = try work.write("disc.sha256", Self.one)
        #expect(try ChecksumManifest(reading: good).entries.count == 1)
    }

    private func choose(_ text: String, _ image: String) throws -> ManifestChoice {
        try ChecksumManifest(parsing: Array(text.utf8), name: "SUMS").choice(for: FilePath(image))
    }

    @Test func `An image's sum is the one under its name`() throws {
        let text = """
            \(Self.one)  ./images/a.iso
            \(Self.two) *dir\\b.iso
            \(Self.md5)  a.iso
            """
        let a = try choose(text, "/home/x/a.iso")
        #expect(a.entries.map(\.checksum.hexadecimal) == [Self.md5, Self.one])
        #expect(a.otherName == nil)
        #expect(try choose(text, "b.iso").entries.map(\.checksum.hexadecimal) == [Self.two])
        #expect(throws: Failure.self) { try choose(text, "c.iso") }
        #expect(throws: Failure.self) { try choose(text, "A.iso") }
    }

    @Test func `The only sum of a list is the image's, whatever the name`() throws {
        let named = try choose("\(Self.one)  a.iso\n\(Self.md5)  a.iso", "renamed.iso")
        #expect(named.entries.count == 2 && named.otherName == "a.iso")
        let bare = try choose(Self.one, "renamed.iso")
        #expect(bare.entries.count == 1 && bare.otherName == nil)
        // Two sums of a kind without names contradict each other.
        #expect(throws: Failure.self) { try choose("\(Self.one)\n\(Self.two)", "x.iso") }
        #expect(throws: Failure.self) { try choose("\(Self.one)\n\(Self.two)  a.iso", "x.iso") }
    }

    @Test func `Of files of one name in several folders the nearest is meant`() throws {
        let text = "\(Self.one)  x/netboot/mini.iso\n\(Self.two)  x/gtk/mini.iso\n"
        let nearest = try choose(text, "/srv/x/gtk/mini.iso")
        #expect(nearest.entries.map(\.checksum.hexadecimal) == [Self.two])
        let failure = #expect(throws: Failure.self) { try choose(text, "/srv/mini.iso") }
        #expect(failure?.what == "SUMS gives different checksums for mini.iso.")
        // The same sum twice is no contradiction.
        let twice = try choose("\(Self.one)  a/m.iso\n\(Self.one)  b/m.iso\n", "m.iso")
        #expect(twice.entries.count == 1)
    }

    // MARK: Lists that were found

    @Test func `A list beside an image counts only as far as it names the image`() throws {
        let image = try work.write("a.iso", "data")
        #expect(try ChecksumManifest.beside(image) == nil)
        try work.write("SHA256SUMS", "\(Self.one)  b.iso\n\(Self.two)  sub/a.iso\n")
        try work.write("sub/a.iso", "other data")
        try work.write("a.sha512", "\(Self.one)\(Self.one)  old.iso\n")
        let failure = #expect(throws: Failure.self) { try ChecksumManifest.beside(image) }
        #expect(failure?.exitCode == .usage && failure?.what.contains("a.sha512") == true)
        // A checksum alone is the image's only in a list with the image's name.
        try work.write("MD5SUMS", "\(Self.md5)\n")
        #expect(throws: Failure.self) { try ChecksumManifest.beside(image) }
        try work.write("a.iso.md5", "\(Self.md5)\n")
        let found = try #require(try ChecksumManifest.beside(image))
        #expect(found.entries.map(\.checksum.hexadecimal) == [Self.md5])
        #expect(try found.choice(for: image).entries == found.entries)
    }

    @Test func `All lists beside an image count, also those that contradict each other`() throws {
        let image = try work.write("a.iso", "data")
        try work.write("SHA256SUMS", "\(Self.one) *./a.iso\n")
        try work.write("a.iso.sha256", "\(Self.two)  a.iso\n")
        let found = try #require(try ChecksumManifest.beside(image))
        #expect(Set(found.entries.map(\.checksum.hexadecimal)) == [Self.one, Self.two])
        #expect(
            found.entries.compactMap(\.list).map { $0.hasSuffix("SHA256SUMS") }.sorted { !$0 && $1 }
                == [false, true]
        )
        #expect(try found.choice(for: image).entries.count == 2)
    }

    @Test func `A list that can't be checked is named, not passed over`() throws {
        let image = try work.write("a.iso", "data")
        try work.write("a.b2", "\(Self.one)  a.iso\n")
        let failure = #expect(throws: Failure.self) { try ChecksumManifest.beside(image) }
        #expect(failure?.what.contains("BLAKE2") == true)
    }

    @Test(arguments: [
        ("a.sfv", "; made by a program\r\na long name.iso  CBF43926\r\n"),
        ("a.crc32", "cbf43926  a long name.iso\n"),
        ("SUMS", "CRC32 (a long name.iso) = cbf43926\n"),
    ])
    func `CRC-32 in each form that lists have it in`(_ name: String, _ text: String) throws {
        let path = try work.write(name, text)
        #expect(ChecksumManifest.isManifest(path))
        let entries = try ChecksumManifest(reading: path).entries
        #expect(entries.map(\.checksum.algorithm) == [.crc32])
        #expect(entries.first?.checksum.hexadecimal == "cbf43926")
        #expect(entries.first?.name == "a long name.iso")
    }

    @Test(arguments: ["Server-44-x86_64-CHECKSUM", "release-checksum.txt"])
    func `A list of a release is found beside the image`(_ name: String) throws {
        let image = try work.write("a.iso", "data")
        try work.write(name, "SHA256 (a.iso) = \(Self.one)\n")
        let found = try #require(try ChecksumManifest.beside(image))
        #expect(found.name.hasSuffix(name))
        #expect(found.entries.count == 1)
    }
}
