import LibCodecs

/// The samples of a FLAC file, unpacked where they are read.
final class FlacBytes: ByteSource {
    private static let sampleSize = 4

    let name: String
    let byteCount: Int
    /// What the file says of its audio.
    let format: FLACFormat
    private let decoder: FLACDecoder

    /// Opens a file; its audio counts for nothing unless it is that of a CD.
    ///
    /// - Throws: `FLACError` where it is damaged.
    init(_ file: any ByteSource) throws {
        decoder = try FLACDecoder(byteCount: file.byteCount) { offset, buffer in
            try file.read(at: offset, into: &buffer)
        }
        name = file.name
        format = decoder.format
        let (bytes, overflow) = format.samples.multipliedReportingOverflow(by: Self.sampleSize)
        byteCount = overflow ? 0 : bytes
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        let wanted = min(buffer.count, byteCount - offset)
        let skipped = offset % Self.sampleSize
        do {
            if skipped == 0, wanted % Self.sampleSize == 0 {
                var part = buffer._mutatingExtracting(0..<wanted)
                return try decoder.read(at: offset / Self.sampleSize, into: &part)
            }
            // Someone looks at bytes that are no whole samples.
            let count = (skipped + wanted + Self.sampleSize - 1) / Self.sampleSize
            var bytes = [UInt8](repeating: 0, count: count * Self.sampleSize)
            var span = bytes.mutableSpan
            let got = try decoder.read(at: offset / Self.sampleSize, into: &span) - skipped
            for i in 0..<max(0, min(wanted, got)) { buffer[i] = bytes[skipped + i] }
            return max(0, min(wanted, got))
        } catch let error as FLACError {
            throw UnreadableBytes(reason: "\(name) \(error) at byte \(offset) of its audio")
        }
    }
}
