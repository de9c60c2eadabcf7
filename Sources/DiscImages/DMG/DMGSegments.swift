import LinuxCalls
import SystemPackage

/// Joins the parts of a split Apple disk image.
///
/// “name.dmg” is followed by “name.002.dmgpart” and so on. Each has a trailer; only the first one's
/// tables count, and their places are those in the data of all parts, one behind the other.
enum DMGSegments {
    /// No image is split into more.
    private static let most = 999

    /// The packed data.
    struct Data {
        /// The bytes that places count in.
        let bytes: any ByteSource
        /// What is added to places.
        let start: Int

        init(_ bytes: any ByteSource, start: Int) {
            self.bytes = bytes
            self.start = start
        }
    }

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - file: The first part.
    ///   - trailer: Its trailer.
    ///   - place: Where that lies.
    ///   - format: The format's name, for messages.
    /// - Returns: The data of all of them.
    /// - Throws: ``ImageFormatError`` where a part is missing, or is not what it should be.
    static func join(_ file: ImageFile, _ trailer: DMGTrailer, _ place: Int, _ format: String)
        throws -> Data
    {
        func error(_ field: String, _ at: Int, _ problem: String) -> ImageFormatError {
            ImageFormatError(file.name, format, field, at: place + at, problem)
        }
        guard trailer.segment == 1 else {
            throw error(
                "the number of the segment",
                56,
                "is \(trailer.segment): this is a part of a split image, whose first part is to be"
                    + " opened"
            )
        }
        guard trailer.segmentCount <= most else {
            throw error("the number of segments", 60, "is \(trailer.segmentCount)")
        }
        var parts: [any ByteSource] = [try window(file, trailer, place, format)]
        var size = parts[0].byteCount
        for number in 2...trailer.segmentCount {
            let digits = String(number)
            let name =
                "\(file.path.stemText ?? file.name)."
                + String(repeating: "0", count: max(0, 3 - digits.count)) + "\(digits).dmgpart"
            guard let part = file.part(name) else {
                throw error(
                    "the number of segments",
                    60,
                    "is \(trailer.segmentCount), but there is no \(name)"
                )
            }
            guard let (other, otherPlace) = try DMGReader.trailer(of: part),
                other.segment == number, other.segmentCount == trailer.segmentCount,
                other.identity == trailer.identity
            else {
                throw ImageFormatError(
                    part.name,
                    format,
                    "the trailer",
                    "is not that of part \(number) of \(file.name)"
                )
            }
            guard other.dataBefore == size else {
                throw ImageFormatError(
                    part.name,
                    format,
                    "the size of the data in the parts before",
                    at: otherPlace + 16,
                    "is \(other.dataBefore), but they have \(size) bytes"
                )
            }
            let bytes = try window(part, other, otherPlace, format)
            size += bytes.byteCount
            parts.append(bytes)
        }
        guard let joined = JoinedBytes(parts) else {
            throw error("the number of segments", 60, "makes more data than there can be")
        }
        return Data(joined, start: 0)
    }

    private static func window(
        _ file: ImageFile,
        _ trailer: DMGTrailer,
        _ place: Int,
        _ format: String
    ) throws -> any ByteSource {
        guard trailer.dataCount <= file.bytes.byteCount - trailer.dataOffset else {
            throw ImageFormatError(
                file.name,
                format,
                "the size of the data",
                at: place + 32,
                "is \(trailer.dataCount), more than the file has"
            )
        }
        let start = trailer.dataOffset
        return WindowBytes(file.bytes, start..<(start + trailer.dataCount))
    }
}
