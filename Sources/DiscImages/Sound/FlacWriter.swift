import DiscModel
import LibCodecs
import LibSound
import LinuxCalls

/// Packs the sectors of an audio track into a FLAC file.
final class FlacWriter: PackedWriter {
    private let encoder: FLACEncoder
    private let meter: LoudnessMeter?

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - file: The file, which is empty.
    ///   - byteCount: How many bytes of samples will come.
    ///   - tags: What it says of the audio.
    ///   - cover: The picture in it; `nil` for none.
    ///   - cueSheet: The tracks of the CD that it is; `nil` if it says nothing of that.
    ///   - meter: Measures how loud it is; `nil` if nothing does.
    ///   - room: Bytes to keep free for more tags.
    ///   - verifies: Whether all that is packed is unpacked again at once, and compared.
    /// - Throws: `FLACError` or the system's error of the file.
    init(
        _ file: File,
        byteCount: Int,
        tags: [FLACTag] = [],
        cover: FLACPicture? = nil,
        cueSheet: FLACCueSheet? = nil,
        meter: LoudnessMeter? = nil,
        room: Int = 0,
        verifies: Bool = false
    ) throws {
        self.meter = meter
        encoder = try FLACEncoder(
            samples: byteCount / 4,
            tags: tags,
            cover: cover,
            cueSheet: cueSheet,
            room: room,
            verifies: verifies
        ) { bytes, offset in
            try file.write(bytes, at: offset)
        }
    }

    func append(_ bytes: Span<UInt8>) throws {
        try encoder.append(bytes)
        try meter?.append(bytes)
    }

    func finish() throws {
        try encoder.finish()
    }
}
