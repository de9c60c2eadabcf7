import LinuxCalls

/// Opens images in compressed files.
///
/// Such a file can only be unpacked from its beginning, and its reader jumps about: it is unpacked
/// once, as a whole, into a file without a name, whose zeros take no room. That costs the time of
/// one pass, which the size and the checksums need anyway, and no memory.
enum CompressedReader {
    static func open(_ file: ImageFile, _ compression: Compression) throws -> ImageDisc {
        let format = compression.name
        let unpacking = Unpacking(file.bytes, compression.codec, format: format)
        let bytes = try UnpackedBytes(unpacking.run(), name: file.bytes.name)
        return try Unpacked.open(
            file,
            bytes,
            path: compression.endings.contains(file.ending) ? file.withoutEnding : nil,
            format: format,
            evidence: [
                "It begins as \(format) does, which unpacks to \(bytes.byteCount) bytes."
            ],
            warnings: unpacking.warnings
        )
    }
}

/// What a compressed file held.
private final class UnpackedBytes: ByteSource {
    let name: String
    let byteCount: Int
    private let file: File

    init(_ file: File, name: String) throws {
        self.file = file
        self.name = name
        byteCount = try file.status().size
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        return try file.read(at: offset, into: &buffer)
    }
}
