/// Opens ECM images.
enum ECMReader {
    private static let format = "an ECM image"

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        guard try file.head(4) == Array("ECM\0".utf8) else { return nil }
        let map = try ECMMap(file.bytes, format: format)
        guard map.byteCount > 0 else {
            throw ImageFormatError(file.name, format, "the first record", at: 4, "is the end")
        }
        let error = ImageFormatError(
            file.name,
            format,
            "the checksum",
            at: map.sumPlace,
            "is not that of the content"
        )
        let check = InOrderCheck(
            [InOrderCheck.Part(range: 0..<map.byteCount, sum: map.sum, error: error)],
            .edc
        )
        var warnings: [String] = []
        let trailing = file.bytes.byteCount - map.sumPlace - 4
        if trailing > 0 { warnings.append("After the checksum there are \(trailing) more bytes.") }
        return try Unpacked.open(
            file,
            BlockBytes(file.bytes, map, check: check),
            path: file.ending == "ecm" ? file.withoutEnding : nil,
            format: format,
            evidence: ["It begins with ECM: \(map.byteCount) bytes without parity."],
            warnings: warnings
        )
    }
}
