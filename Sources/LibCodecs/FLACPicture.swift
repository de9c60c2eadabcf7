/// A picture in a FLAC file: the front cover.
///
/// The corresponding C type is `FLAC__StreamMetadata_Picture`; RFC 9639 §8.8.
public struct FLACPicture: Hashable, Sendable {
    /// What it is in the sense of MIME: `image/png` or `image/jpeg`.
    public let type: String
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Bits of a pixel.
    public let depth: Int
    /// The picture's file.
    public let bytes: [UInt8]

    /// No larger picture is taken: a block has 24 bits for its length, and players read it each time.
    public static let mostBytes = 8 << 20

    /// Takes a picture as its file has it.
    ///
    /// - Parameter bytes: The file; `nil` is the answer if it is no PNG (W3C PNG §11.2.1) and no JPEG (ITU-T
    ///   T.81, B.2.2), has no size, or has more bytes than ``mostBytes``.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.mostBytes, let form = Self.png(bytes) ?? Self.jpeg(bytes),
            form.width > 0, form.height > 0
        else { return nil }
        (type, width, height, depth) = form
        self.bytes = bytes
    }

    private typealias Form = (type: String, width: Int, height: Int, depth: Int)

    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func png(_ bytes: [UInt8]) -> Form? {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count >= 33, bytes.starts(with: signature),
            bytes[12..<16].elementsEqual("IHDR".utf8)
        else { return nil }
        // Samples of a pixel: grey, colours, an index into a palette of 24 bits, and each with transparency.
        let samples: Int? = [0: 1, 2: 3, 4: 2, 6: 4][Int(bytes[25])]
        let depth = bytes[25] == 3 ? 24 : samples.map { $0 * Int(bytes[24]) }
        guard let depth else { return nil }
        return ("image/png", number(bytes, 16, 4), number(bytes, 20, 4), depth)
    }

    private static func jpeg(_ bytes: [UInt8]) -> Form? {
        guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { return nil }
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            // Fill bytes, and markers without anything behind them.
            if marker == 0xFF || marker == 0x01 || (0xD0...0xD8).contains(marker) {
                place += marker == 0xFF ? 1 : 2
                continue
            }
            let length = number(bytes, place + 2, 2)
            // A frame begins with SOF0 to SOF15, which DHT, JPG and DAC lie among.
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                guard length >= 8, place + 10 <= bytes.count else { return nil }
                let depth = Int(bytes[place + 4]) * Int(bytes[place + 9])
                return (
                    "image/jpeg", number(bytes, place + 7, 2), number(bytes, place + 5, 2), depth
                )
            }
            guard length >= 2, marker != 0xD9, marker != 0xDA else { return nil }
            place += 2 + length
        }
        return nil
    }
}
