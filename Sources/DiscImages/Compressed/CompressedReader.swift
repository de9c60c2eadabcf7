import LibCodecs

/// Opens images in compressed files.
///
/// Such a file can only be unpacked from its beginning, and its reader jumps about: it is unpacked
/// once, as a whole, into a file without a name, whose zeros take no room. That costs the time of
/// one pass, which the size and the checksums need anyway, and no memory.
enum CompressedReader {
    static func open(_ file: ImageFile, _ codec: Codec, endings: [String]) throws -> ImageDisc {
        let format = "\(codec == .xz ? "an" : "a") \(codec.displayName) file"
        let unpacking = Unpacking(file.bytes, codec, format: format)
        let bytes = try unpacking.run()
        var warnings: [String] = []
        if unpacking.trailing > 0 {
            warnings.append("After the packed data lie \(unpacking.trailing) more bytes.")
        }
        return try Unpacked.open(
            file,
            bytes,
            path: endings.contains(file.ending) ? file.withoutEnding : nil,
            format: format,
            evidence: [
                "It begins as \(format) does, which unpacks to \(bytes.byteCount) bytes."
            ],
            warnings: warnings
        )
    }
}
