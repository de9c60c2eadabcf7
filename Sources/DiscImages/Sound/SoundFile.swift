import DiscModel
import LibCodecs

/// Audio as an image's sheet names it: the samples of a file, as sectors of a CD.
struct SoundFile {
    /// The samples; a last piece of a sector is filled up with silence, unless the file is cut off.
    let bytes: any ByteSource
    /// How many bytes of samples there are by the file's header, in whole sectors: more than
    /// ``bytes`` has if the file is cut off.
    let claimedByteCount: Int
    /// Whether samples have their high byte first.
    let isBigEndian: Bool
    /// The samples alone, without silence behind them: whole ones.
    let samples: any ByteSource
    /// Samples of both channels that the file's header says there are.
    let samplesClaimed: Int
    /// Those that are there.
    var samplesThere: Int { samples.byteCount / Self.sampleSize }
    /// Whether none are missing.
    var isWhole: Bool { samplesThere >= samplesClaimed }

    /// Bytes of a sample of both channels.
    private static let sampleSize = 4
    /// No CD has so many bytes of samples: lengths from here on mean that the length isn't known.
    static let unknownLength = 1 << 30
    /// No file has more chunks before its samples.
    static let mostChunks = 4096

    private init(_ file: any ByteSource, _ start: Int, claiming count: Int, isBigEndian: Bool) {
        let start = min(start, file.byteCount)
        let end = min(start + count, file.byteCount)
        let size = RawSector.size
        let sectors = count / size + (count % size == 0 ? 0 : 1)
        claimedByteCount = sectors * size
        let isWhole = end - start == count
        bytes = WindowBytes(file, start..<end, paddedTo: isWhole ? claimedByteCount : 0)
        samplesClaimed = count / Self.sampleSize
        let there = (end - start) / Self.sampleSize * Self.sampleSize
        samples = WindowBytes(file, start..<(start + there))
        self.isBigEndian = isBigEndian
    }

    /// Takes samples that were decoded, the low byte first.
    init(decoded samples: any ByteSource) {
        self.init(samples, 0, claiming: samples.byteCount, isBigEndian: false)
    }

    /// Opens a file that says of itself that it is RIFF WAVE, RF64, AIFF or FLAC.
    ///
    /// - Returns: `nil` for other files.
    /// - Throws: ``ImageFormatError`` if the audio is not that of a CD: 44.1 kHz, 16 bits, two
    ///   channels, and not compressed except with FLAC.
    static func open(_ file: any ByteSource) throws -> SoundFile? {
        let tag = try AudioKind.tagSize(of: file)
        let file: any ByteSource =
            tag == 0 || tag >= file.byteCount ? file : WindowBytes(file, tag..<file.byteCount)
        let head = try file.bytes(0..<12)
        if head.starts(with: Array("fLaC".utf8)) { return try flac(file) }
        guard head.count == 12 else { return nil }
        let (outer, inner) = (
            String(decoding: head[0..<4], as: UTF8.self),
            String(decoding: head[8..<12], as: UTF8.self)
        )
        switch (outer, inner) {
        case ("RIFF", "WAVE"): return try wave(file, isLong: false)
        case ("RF64", "WAVE"), ("BW64", "WAVE"): return try wave(file, isLong: true)
        case ("FORM", "AIFF"), ("FORM", "AIFC"): return try aiff(file)
        default: return nil
        }
    }

    /// The chunk at a place: its name, the beginning of its body, and its length; `nil` behind the
    /// last one.
    static func chunk(
        _ file: any ByteSource,
        _ format: String,
        at place: Int,
        _ order: BinaryFields.Order
    ) throws -> (name: String, body: BinaryFields, length: Int)? {
        let bytes = try file.bytes(place..<(place + 8 + 64))
        guard bytes.count >= 8 else { return nil }
        let head = BinaryFields(file.name, format, bytes)
        return (
            head.text(0, 4),
            BinaryFields(
                file.name,
                format,
                Array(bytes.dropFirst(8)),
                origin: place + 8,
                order: order
            ),
            try head.u32(4, "the length of a chunk", order)
        )
    }

    private static func wave(_ file: any ByteSource, isLong: Bool) throws -> SoundFile {
        let format = isLong ? "an RF64 file" : "a WAVE file"
        var isKnown = false
        var longLength: Int?
        var at = 12
        for _ in 0..<mostChunks {
            guard let (name, body, length) = try chunk(file, format, at: at, .little) else { break }
            let start = at + 8
            switch name {
            case "ds64":
                // EBU Tech 3306 §4: the sizes of the file and of the samples.
                longLength = try body.u64(8, "the length of the audio")
            case "fmt ":
                try check(wave: body, length)
                isKnown = true
            case "data":
                guard isKnown else {
                    throw body.error("the audio", 0, "comes before its format")
                }
                // Programs that stream leave 0 or a very large number there.
                let told = isLong && length == 0xFFFF_FFFF ? longLength ?? 0 : length
                let rest = max(0, file.byteCount - start)
                let isUnknown = told == 0 || told >= unknownLength
                return SoundFile(
                    file,
                    start,
                    claiming: isUnknown ? rest / 4 * 4 : told,
                    isBigEndian: false
                )
            default: break
            }
            at = start + length + length % 2
        }
        throw BinaryFields(file.name, format, []).error("the chunk of audio", nil, "is missing")
    }

    private static func check(wave body: BinaryFields, _ length: Int) throws {
        var format = try body.u16(0, "the sample format")
        // FFFEh says that a longer header follows, with the format in it.
        if format == 0xFFFE, length >= 40 { format = try body.u16(24, "the sample format") }
        guard format == 1 else {
            throw body.error("the sample format", 0, "is \(format), and only PCM is read")
        }
        try check(
            body,
            try body.u16(2, "the number of channels"),
            try body.u32(4, "the sampling rate"),
            try body.u16(14, "the bits of a sample")
        )
    }

    private static func aiff(_ file: any ByteSource) throws -> SoundFile {
        let format = "an AIFF file"
        var isKnown = false
        var isLittleEndian = false
        var at = 12
        for _ in 0..<mostChunks {
            guard let (name, body, length) = try chunk(file, format, at: at, .big) else { break }
            if name == "COMM" {
                let channels = try body.u16(0, "the number of channels", .big)
                let bits = try body.u16(6, "the bits of a sample", .big)
                // The rate is an extended number of 80 bits: 44100 is 400E AC44 0000….
                let isRight = body.slice(8, 4) == [0x40, 0x0E, 0xAC, 0x44]
                try check(body, channels, isRight ? 44100 : 0, bits)
                let kind = length >= 22 ? body.text(18, 4) : "NONE"
                isLittleEndian = kind == "sowt"
                guard ["NONE", "twos", "sowt"].contains(kind) else {
                    throw body.error("the compression", 18, "is “\(kind)”, which is not read")
                }
                isKnown = true
            } else if name == "SSND" {
                guard isKnown else {
                    throw body.error("the audio", 0, "comes before its format")
                }
                let offset = try body.u32(0, "the offset of the audio", .big)
                let count = length - 8 - offset
                let start = at + 16 + offset
                let isUnknown = count <= 0 || count >= unknownLength
                return SoundFile(
                    file,
                    start,
                    claiming: isUnknown ? max(0, file.byteCount - start) / 4 * 4 : count,
                    isBigEndian: !isLittleEndian
                )
            }
            at += 8 + length + length % 2
        }
        throw BinaryFields(file.name, format, []).error("the chunk of audio", nil, "is missing")
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
        try check(fields, format.channels, format.rate, format.bits)
        // The stream's header counts samples in 36 bits of it, where zero means that it doesn't say how many
        // there are (RFC 9639 §8.2); after the last block nothing is to be counted.
        let isEmpty = try format.samples == 0 && FLACBlocks.endFile(file)
        guard isEmpty || format.samples > 0, format.samples < 1 << 36 else {
            throw fields.error("the number of samples", 21, "is not known")
        }
        return SoundFile(sound, 0, claiming: sound.byteCount, isBigEndian: false)
    }

    private static func check(
        _ fields: BinaryFields,
        _ channels: Int,
        _ rate: Int,
        _ bits: Int
    ) throws {
        guard channels == 2, rate == 44100, bits == 16 else {
            throw fields.error(
                "the format",
                0,
                "is \(channels) channels of \(bits) bits\(rate == 0 ? "" : " at \(rate) Hz"), and a CD has 2 of 16 bits at 44100 Hz"
            )
        }
    }
}
