import LibSound
import LinuxCalls
import SystemPackage
import Transfer

/// What decodes files that libsndfile does not: libwavpack, or the program `ffmpeg`.
struct OtherDecoder {
    /// The decoder.
    let decoder: any SoundDecoder
    /// The files that it reads.
    let paths: [FilePath]
    private let known: [String]

    /// What is odd about the file: a sentence each; some is known only when it was decoded.
    var warnings: [String] { known + [(decoder as? FFmpegDecoder)?.note].compactMap(\.self) }

    /// Opens a file.
    ///
    /// The result is `nil` of files that libsndfile decodes, or nobody.
    ///
    /// - Throws: ``SoundProblem`` if it is not whole, or can't be decoded; errors of the file.
    init?(_ file: FileBytes, _ cancellation: Cancellation?) throws {
        if let sound = try ForeignSound.of(file, cancellation) {
            decoder = try FFmpegDecoder(sound, of: file, cancellation)
            paths = file.paths
            known = sound.warnings
            return
        }
        guard try AudioKind.name(of: file) == "WavPack" else { return nil }
        let start = try AudioKind.tagSize(of: file)
        let body = WindowBytes(file, start..<max(start, file.byteCount))
        let blocks = try WavPackBlocks(body, cancellation)
        let correction = blocks.isHybrid ? try Self.correction(of: file) : nil
        let opened: WavPackDecoder
        do {
            opened = try WavPackDecoder(
                byteCount: body.byteCount,
                samples: blocks.samples,
                correction: correction.map { correction in
                    (
                        correction.byteCount,
                        { offset, buffer in try correction.read(at: offset, into: &buffer) }
                    )
                }
            ) { offset, buffer in
                try body.read(at: offset, into: &buffer)
            }
        } catch let error as SoundError {
            throw SoundProblem("\(error)")
        }
        decoder = opened
        paths = file.paths + (correction?.paths ?? [])
        var warnings: [String] = []
        if !opened.isLossless {
            warnings.append(
                correction == nil
                    ? "“\(file.name)” is lossy: a correction file (.wvc), which would make it lossless, is not beside it."
                    : "“\(file.name)” is lossy, with its correction file too."
            )
        }
        if blocks.total == nil {
            warnings.append(
                "“\(file.name)” does not say how many samples it has, so that none may be missed at its end."
            )
        }
        known = warnings
    }

    /// The correction file beside a hybrid one; `nil` if there is none.
    private static func correction(of file: FileBytes) throws -> FileBytes? {
        guard let path = file.paths.first, let ending = path.extension,
            ending.lowercased() == "wv"
        else { return nil }
        let other = path.adding(ending == "WV" ? "C" : "c")
        guard FileSystem.exists(other) else { return nil }
        let opened = try File(other, .read, nonBlocking: true)
        guard try opened.status().kind == .regular else { return nil }
        return try FileBytes(opened, path: other)
    }
}
