import LibCodecs
import Testing

/// Pictures that files of FLAC take.
@Suite struct FLACPictureTests {
    /// A PNG's signature and header.
    private static func png(_ depth: UInt8, _ colour: UInt8, width: UInt8 = 7) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
            + [0, 0, 0, width, 0, 0, 1, 2, depth, colour, 0, 0, 0, 1, 2, 3, 4]
    }

    /// A JPEG with an application's segment, a fill byte and the header of a frame.
    private static func jpeg(_ marker: UInt8 = 0xC2) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, marker, 0, 17, 8, 1, 2, 3, 4, 3]
            + [UInt8](repeating: 0, count: 9)
    }

    @Test(arguments: [
        (png(8, 2), "image/png", 7, 258, 24), (png(8, 6), "image/png", 7, 258, 32),
        (png(16, 0), "image/png", 7, 258, 16), (png(4, 3), "image/png", 7, 258, 24),
        (jpeg(), "image/jpeg", 772, 258, 24), (jpeg(0xC0), "image/jpeg", 772, 258, 24),
    ])
    func `Pictures are known by their bytes`(
        bytes: [UInt8],
        type: String,
        width: Int,
        height: Int,
        depth: Int
    ) throws {
        let picture = try #require(FLACPicture(bytes))
        #expect(picture.type == type)
        #expect([picture.width, picture.height, picture.depth] == [width, height, depth])
        #expect(picture.bytes == bytes)
    }

    @Test(arguments: [
        [], png(8, 5), png(8, 2, width: 0), Array(png(8, 2).dropLast()), jpeg(0xC4), jpeg(0xDA),
        Array("GIF89a".utf8) + [UInt8](repeating: 1, count: 40),
        [UInt8](repeating: 0xFF, count: 50), [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8],
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0xFF, 0xC0, 0, 17, 8, 1, 2, 3, 4, 3],
    ])
    func `Nothing else is one`(bytes: [UInt8]) {
        #expect(FLACPicture(bytes) == nil)
    }
}
