import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Packed images of every variant hold what the plain one holds.
struct PackedReadingTests {
    private let samples = PackedSamples.shared

    @Test func `there are samples`() {
        #expect(samples.names.filter { $0.hasPrefix("same") }.count == 52)
    }

    @Test(arguments: PackedSamples.shared.names.filter { $0.hasPrefix("same") })
    func `the content is that of the plain image`(_ name: String) throws {
        let plain = try samples.bytes("plain.iso")
        let image = try DiscImage(samples.path(name))
        #expect(image.byteCount == plain.count)
        #expect(image.warnings.isEmpty, "\(image.warnings)")
        // Small pieces go through the kept blocks, large ones past them.
        for pieces in [1, 7, 256] {
            #expect(try PackedSamples.userData(image, pieces: pieces) == plain, "\(pieces)")
        }
        // And from the end to the beginning.
        var buffer = [UInt8](repeating: 0, count: 2048)
        for sector in stride(from: plain.count / 2048 - 1, through: 0, by: -13) {
            var span = buffer.mutableSpan
            #expect(try image.source.read(at: sector, into: &span) == 1)
            #expect(buffer == Array(plain[(sector * 2048)..<(sector * 2048 + 2048)]))
        }
    }

    /// Blocks that were unpacked ahead for one place must not be taken for another one's.
    @Test(arguments: PackedSamples.shared.names.filter { $0.hasPrefix("same") })
    func `rows of sectors that begin anywhere are right`(_ name: String) throws {
        let plain = try samples.bytes("plain.iso")
        let image = try DiscImage(samples.path(name))
        var dice = SeededGenerator(seed: 11)
        var buffer = [UInt8](repeating: 0, count: 2048)
        for _ in 0..<12 {
            let first = dice.roll(plain.count / 2048)
            for sector in first..<min(plain.count / 2048, first + dice.roll(90)) {
                var span = buffer.mutableSpan
                #expect(try image.source.read(at: sector, into: &span) == 1)
                #expect(
                    buffer == Array(plain[(sector * 2048)..<(sector * 2048 + 2048)]),
                    "\(sector), from \(first) on"
                )
            }
        }
    }

    @Test(arguments: ["odd.cso", "odd.zso"])
    func `an image may end within a sector`(_ name: String) throws {
        let plain = try samples.bytes("odd.iso")
        let image = try DiscImage(samples.path(name))
        #expect(image.byteCount == plain.count)
        let padded = plain + [UInt8](repeating: 0, count: 700)
        #expect(try PackedSamples.userData(image) == padded)
    }

    @Test(arguments: ["mode1", "mode2"])
    func `what ECM leaves out is made again`(_ name: String) throws {
        let raw = try samples.bytes("\(name).bin")
        let image = try DiscImage(samples.path("\(name).ecm"))
        for sector in 0..<(raw.count / 2352) {
            var buffer = [UInt8](repeating: 0, count: 2352)
            var span = buffer.mutableSpan
            _ = try image.disc.readStored(at: sector, into: &span)
            #expect(buffer == Array(raw[(sector * 2352)..<(sector * 2352 + 2352)]), "\(sector)")
        }
    }

    @Test(arguments: [("wrong.dmg", "another checksum"), ("wrong.ecm", "the checksum at byte")])
    func `a wrong checksum ends reading in order`(_ name: String, _ words: String) throws {
        #expect {
            // Small images are read as a whole when they are opened.
            let image = try DiscImage(samples.path(name))
            var buffer = [UInt8](repeating: 0, count: 2352 * 64)
            var sector = 0
            while sector < image.layout.tracks[0].length {
                var span = buffer.mutableSpan
                sector += try image.disc.readStored(at: sector, into: &span)
            }
        } throws: { "\($0)".contains(words) }
    }

    @Test func `what is behind the packed data is told`() throws {
        let warnings = try DiscImage(samples.path("mode1.ecm")).warnings
        #expect(warnings.contains { $0.contains("4 more bytes") }, "\(warnings)")
    }

    @Test(arguments: [("xz", 3), ("gz", 11), ("bz2", 4), ("zst", 8)])
    func `what is behind a compressed file is told`(_ ending: String, _ count: Int) throws {
        let image = try DiscImage(samples.path("tail.iso.\(ending)"))
        #expect(image.warnings == ["After the packed data lie \(count) more bytes."])
        #expect(try PackedSamples.userData(image) == samples.bytes("plain.iso"))
    }

    @Test func `padding of xz that is none is an error`() throws {
        let error = try #require(throws: (any Error).self) {
            try DiscImage(samples.path("wrong-padded.iso.xz"))
        }
        #expect("\(error)".contains("6 zero bytes between two streams"), "\(error)")
    }

    @Test(arguments: [
        ("deep.gz", "lies in more than 4 others"), ("bomb.bz2", "unpack to more than"),
    ])
    func `files in files and bombs end with a sentence`(_ name: String, _ words: String) throws {
        let error = try #require(throws: (any Error).self) {
            try DiscImage(samples.path(name))
        }
        #expect("\(error)".contains(words), "\(error)")
    }

    @Test(arguments: [
        ("MComprHD", "CHD", true), ("bbis", "UIF", false),
    ])
    func `what is not read is no plain image`(_ mark: String, _ name: String, _ isAtStart: Bool)
        throws
    {
        var bytes = [UInt8](repeating: 7, count: 8192)
        let place = isAtStart ? 0 : bytes.count - 64
        bytes.replaceSubrange(place..<(place + mark.utf8.count), with: Array(mark.utf8))
        let path = samples.path("unread-\(name)")
        try PackedSamples.write(bytes, to: path)
        let error = try #require(throws: (any Error).self) { try DiscImage(path) }
        #expect("\(error)".contains("\(name) "), "\(error)")
    }
}
