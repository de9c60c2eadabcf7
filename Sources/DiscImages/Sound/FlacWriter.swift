import DiscModel
import LibCodecs
import LinuxCalls

/// Packs the sectors of an audio track into a FLAC file.
final class FlacWriter: PackedWriter {
    private let encoder: FLACEncoder

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - file: The file, which is empty.
    ///   - byteCount: How many bytes of samples will come.
    ///   - tags: What it says of the audio.
    ///   - cover: The picture in it; `nil` for none.
    ///   - verifies: Whether all that is packed is unpacked again at once, and compared.
    /// - Throws: `FLACError` or the system's error of the file.
    init(
        _ file: File,
        byteCount: Int,
        tags: [FLACTag] = [],
        cover: FLACPicture? = nil,
        verifies: Bool = false
    ) throws {
        encoder = try FLACEncoder(
            samples: byteCount / 4,
            tags: tags,
            cover: cover,
            verifies: verifies
        ) { bytes, offset in
            try file.write(bytes, at: offset)
        }
    }

    func append(_ bytes: Span<UInt8>) throws {
        try encoder.append(bytes)
    }

    func finish() throws {
        try encoder.finish()
    }
}
