/// Opens ECM images.
enum ECMReader {
    static let format = "an ECM image"

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        guard let content = try content(file.bytes) else { return nil }
        return try Unpacked.open(
            file,
            content.bytes,
            path: file.ending == "ecm" ? file.withoutEnding : nil,
            format: format,
            evidence: ["It begins with ECM: \(content.bytes.byteCount) bytes without parity."],
            warnings: content.warnings
        )
    }

    /// What a file holds; its checksum is held against it where it is read in order.
    ///
    /// - Returns: The bytes, and what is odd about the file; `nil` if it is no ECM image.
    /// - Throws: ``ImageFormatError`` if it is broken.
    static func content(_ file: any ByteSource) throws -> (bytes: BlockBytes, warnings: [String])? {
        guard try file.bytes(0..<4) == Array("ECM\0".utf8) else { return nil }
        let map = try ECMMap(file, format: format)
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
        let trailing = file.byteCount - map.sumPlace - 4
        if trailing > 0 { warnings.append("After the checksum there are \(trailing) more bytes.") }
        return (BlockBytes(file, map, check: check), warnings)
    }
}
