import DiscFiles
import LibCrypto
import TestSupport
import Testing

/// dvdisaster's data after an image; the layout of its header was checked with images that
/// dvdisaster 0.79.5 made.
@Suite struct ErrorCorrectionTests {
    /// A header as dvdisaster writes it.
    struct Header: Sendable {
        var method = "RS02"
        var imageSectors: UInt64 = 60
        var dataBytes: UInt32 = 189
        var rootBytes: UInt32 = 66
        var sectorsPerLayer: UInt64 = 0
        var addedSectors: UInt64 = 0
        /// Nil for the fingerprint of the image that it is put into.
        var fingerprint: [UInt8]?

        func put(at sector: Int, into image: inout Image) throws {
            let offset = sector * 2048
            image.put("*dvdisaster*" + method, at: offset)
            var digest = try Digest(.md5)
            digest.update(image.bytes.span.extracting(16 * 2048..<17 * 2048))
            let sum = digest.finish().bytes
            image.put(fingerprint ?? sum, at: offset + 20)
            image.put(Self.little(imageSectors, 8), at: offset + 68)
            image.put(Self.little(UInt64(dataBytes), 4), at: offset + 76)
            image.put(Self.little(UInt64(rootBytes), 4), at: offset + 80)
            image.put(Self.little(16, 4), at: offset + 92)
            image.put(Self.little(sectorsPerLayer, 8), at: offset + 120)
            image.put(Self.little(addedSectors, 8), at: offset + 128)
        }

        private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
    }

    private func image(sectors: Int = 2000, size: UInt32 = 60) -> Image {
        var image = Image(sectors: sectors)
        image.putPrimary(at: 16, size: size)
        image.putTerminator(at: 17)
        return image
    }

    private func examine(_ image: Image) throws -> DiscContent {
        try .examine(MemorySource(image.bytes))
    }

    @Test(
        arguments: [
            (Header(addedSectors: 853), 60, 913),
            (Header(method: "RS03", sectorsPerLayer: 5), 60, 1275),
            // 4096 + 4 · 60 bytes, and the roots of one group of sectors.
            (Header(method: "RS01", dataBytes: 223, rootBytes: 32), 60, 95),
            // After the padding that no file system counts.
            (Header(imageSectors: 210, addedSectors: 100), 210, 310),
        ] as [(Header, Int, Int)]
    )
    func `Error-correction data belongs to the image, to its last sector`(
        header: Header,
        place: Int,
        end: Int
    ) throws {
        var image = image()
        try header.put(at: place, into: &image)
        let content = try examine(image)
        #expect(content.claimedEnd == end)
        #expect(content.errorCorrection?.method == header.method)
        #expect(content.errorCorrection?.start == place)
        #expect(content.claims.last?.kind == .errorCorrection)
        #expect(content.volumeEndSector == 60)
    }

    @Test(
        arguments: [
            // The disc was written before with a larger image, and with another one of this size.
            Header(imageSectors: 50, addedSectors: 853),
            Header(addedSectors: 853, fingerprint: Array(repeating: 9, count: 16)),
            Header(method: "RS99", addedSectors: 853),
        ]
    )
    func `Error-correction data of another image claims nothing`(header: Header) throws {
        var image = image()
        try header.put(at: 60, into: &image)
        let content = try examine(image)
        #expect(content.errorCorrection == nil)
        #expect(content.claimedEnd == 60)
    }

    @Test(
        arguments: [
            Header(addedSectors: 0), Header(addedSectors: .max),
            Header(method: "RS03", sectorsPerLayer: .max), Header(method: "RS03"),
            Header(imageSectors: 0),
        ]
    )
    func `A header that says no end is found and decides nothing`(header: Header) throws {
        var image = image()
        try header.put(at: 60, into: &image)
        let content = try examine(image)
        #expect(content.errorCorrection?.start == 60)
        #expect(content.errorCorrection?.end == nil)
        #expect(content.claimedEnd == 60)
    }

    @Test func `A copy of the header serves where the first one can't be read`() throws {
        var image = image()
        try Header(addedSectors: 853).put(at: 64, into: &image)
        let source = MemorySource(image.bytes, bad: [60])
        let content = try DiscContent.examine(source)
        #expect(content.errorCorrection?.sector == 64)
        #expect(content.claimedEnd == 913)
    }

    @Test func `An image that ends where it claims is looked at no further`() throws {
        let content = try examine(image(sectors: 60))
        #expect(content.errorCorrection == nil && content.claimedEnd == 60)
    }
}
