import DiscModel
import LibCodecs

/// Sound as an image's sheet names it: the samples of a file, as sectors of a CD.
struct SoundFile {
    /// The samples; a last piece of a sector is filled up with silence.
    let bytes: any ByteSource
    /// Whether samples have their high byte first.
    let isBigEndian: Bool

    /// The number of sectors.
    var sectors: Int { bytes.byteCount / RawSector.size }

    private init(_ file: any ByteSource, _ range: Range<Int>, isBigEndian: Bool) {
        let end = min(range.upperBound, file.byteCount)
        let range = min(range.lowerBound, end)..<end
        let size = RawSector.size
        let sectors = range.count / size + (range.count % size == 0 ? 0 : 1)
        bytes = WindowBytes(file, range, paddedTo: sectors * size)
        self.isBigEndian = isBigEndian
    }

    /// Opens a file that says of itself that it is RIFF WAVE, AIFF or FLAC.
    ///
    /// - Returns: Nothing for other files.
    /// - Throws: ``ImageFormatError`` where the sound is not that of a CD: 44.1 kHz, 16 bits, two
    ///   channels, and not compressed but with FLAC.
    static func open(_ file: any ByteSource) throws -> SoundFile? {
        let head = try file.bytes(0..<12)
        if head.starts(with: Array("fLaC".utf8)) { return try flac(file) }
        guard head.count == 12 else { return nil }
        let (outer, inner) = (Array(head[0..<4]), Array(head[8..<12]))
        if outer == Array("RIFF".utf8), inner == Array("WAVE".utf8) { return try wave(file) }
        let isAIFF = inner == Array("AIFF".utf8) || inner == Array("AIFC".utf8)
        if outer == Array("FORM".utf8), isAIFF { return try aiff(file) }
        return nil
    }

    private static func wave(_ file: any ByteSource) throws -> SoundFile {
        let fields = BinaryFields(
            file.name,
            "a WAVE file",
            try file.bytes(0..<min(file.byteCount, 1 << 16))
        )
        var isKnown = false
        var at = 12
        while at + 8 <= fields.count {
            let name = fields.slice(at, 4)
            let length = try fields.u32(at + 4, "the length of a chunk")
            let body = at + 8
            if name == Array("fmt ".utf8) {
                let format = try fields.u16(body, "the sample format")
                let channels = try fields.u16(body + 2, "the number of channels")
                let rate = try fields.u32(body + 4, "the sampling rate")
                let bits = try fields.u16(body + 14, "the bits of a sample")
                // 1 is PCM; FFFEh says that a longer header follows, as some programs write.
                guard format == 1 || format == 0xFFFE else {
                    throw fields.error(
                        "the sample format",
                        body,
                        "is \(format), and only PCM is read"
                    )
                }
                try check(fields, body, channels, rate, bits)
                isKnown = true
            } else if name == Array("data".utf8) {
                guard isKnown else {
                    throw fields.error("the sound", at, "comes before its format")
                }
                // Programs that stream leave 0 or the largest number there.
                let rest = file.byteCount - body
                let count = length == 0 || length > rest ? rest : length
                return SoundFile(file, body..<(body + max(0, count)), isBigEndian: false)
            }
            at = body + length + length % 2
        }
        throw fields.error("the chunk of sound", nil, "is missing")
    }

    private static func aiff(_ file: any ByteSource) throws -> SoundFile {
        let fields = BinaryFields(
            file.name,
            "an AIFF file",
            try file.bytes(0..<min(file.byteCount, 1 << 16))
        )
        var isKnown = false
        var isLittleEndian = false
        var at = 12
        while at + 8 <= fields.count {
            let name = fields.slice(at, 4)
            let length = try fields.u32(at + 4, "the length of a chunk", .big)
            let body = at + 8
            if name == Array("COMM".utf8) {
                let channels = try fields.u16(body, "the number of channels", .big)
                let bits = try fields.u16(body + 6, "the bits of a sample", .big)
                // The rate is an extended number of 80 bits: 44100 is 400E AC44 0000….
                let isRight = fields.slice(body + 8, 4) == [0x40, 0x0E, 0xAC, 0x44]
                try check(fields, body, channels, isRight ? 44100 : 0, bits)
                let kind = length >= 22 ? fields.slice(body + 18, 4) : Array("NONE".utf8)
                isLittleEndian = kind == Array("sowt".utf8)
                guard isLittleEndian || kind == Array("NONE".utf8) || kind == Array("twos".utf8)
                else { throw fields.error("the compression", body + 18, "is not read") }
                isKnown = true
            } else if name == Array("SSND".utf8) {
                guard isKnown else {
                    throw fields.error("the sound", at, "comes before its format")
                }
                let offset = try fields.u32(body, "the offset of the sound", .big)
                let start = min(body + 8 + offset, file.byteCount)
                let end = min(body + max(8, length), file.byteCount)
                return SoundFile(
                    file,
                    start..<max(start, end),
                    isBigEndian: !isLittleEndian
                )
            }
            at = body + length + length % 2
        }
        throw fields.error("the chunk of sound", nil, "is missing")
    }

    private static func flac(_ file: any ByteSource) throws -> SoundFile {
        let fields = BinaryFields(file.name, "a FLAC file", [])
        let sound: FlacBytes
        do {
            sound = try FlacBytes(file)
        } catch let error as FLACError {
            throw fields.error("the file", nil, "\(error)")
        }
        let format = sound.format
        try check(fields, 0, format.channels, format.rate, format.bits)
        // The stream's header counts samples in 36 bits of it (RFC 9639 §8.2).
        guard format.samples > 0, format.samples < 1 << 36 else {
            throw fields.error("the number of samples", 21, "is not told")
        }
        return SoundFile(sound, 0..<sound.byteCount, isBigEndian: false)
    }

    private static func check(
        _ fields: BinaryFields,
        _ at: Int,
        _ channels: Int,
        _ rate: Int,
        _ bits: Int
    ) throws {
        guard channels == 2, rate == 44100, bits == 16 else {
            throw fields.error(
                "the format",
                at,
                "is \(channels) channels of \(bits) bits\(rate == 0 ? "" : " at \(rate) Hz"), and a CD has 2 of 16 bits at 44100 Hz"
            )
        }
    }

    /// The header of a WAVE file with the sound of a CD.
    static func waveHeader(byteCount: Int) -> [UInt8] {
        func u32(_ number: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return Array("RIFF".utf8) + u32(byteCount + 36) + Array("WAVEfmt ".utf8) + u32(16)
            + [1, 0, 2, 0] + u32(44100) + u32(44100 * 4) + [4, 0, 16, 0] + Array("data".utf8)
            + u32(byteCount)
    }
}
