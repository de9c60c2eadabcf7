/// Kinds of audio files whose samples can't be read where they lie, by what they begin with: in sheets
/// they are called WAVE, and taken as samples they would be noise.
struct AudioKind {
    /// The name, as the rest of a sentence.
    let name: String
    private let mark: [UInt8]
    private let place: Int

    private init(_ name: String, _ mark: String, at place: Int = 0) {
        self.init(name, Array(mark.utf8), at: place)
    }

    private init(_ name: String, _ mark: [UInt8], at place: Int = 0) {
        self.name = name
        self.mark = mark
        self.place = place
    }

    /// Extensions of files that are audio if their content says so too.
    static let endings: Set<String> = [
        "wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "flac", "ape", "mac", "mp3",
        "mp2", "mpa", "ogg", "oga", "opus", "m4a", "m4b", "mp4", "aac", "wma", "asf", "wv", "tta",
        "tak", "mpc", "mp+", "mpp", "ofr", "shn", "la", "ac3", "dts", "dsf", "dff", "au", "snd",
        "caf", "mka", "webm",
    ]

    private static let table = [
        AudioKind("Monkey's Audio", "MAC "), AudioKind("Monkey's Audio", "MACF"),
        AudioKind("Ogg (Opus)", "OpusHead", at: 28), AudioKind("Ogg (Vorbis)", "vorbis", at: 29),
        AudioKind("FLAC in Ogg", "\u{7F}FLAC", at: 28),
        AudioKind("Speex in Ogg", "Speex   ", at: 28),
        AudioKind("Ogg", "OggS"),
        AudioKind("WavPack", "wvpk"),
        AudioKind("TTA", "TTA1"), AudioKind("TTA", "TTA2"),
        AudioKind("TAK", "tBaK"),
        AudioKind("Musepack", "MP+"), AudioKind("Musepack", "MPCK"),
        AudioKind("OptimFROG", "OFR "),
        AudioKind("Shorten", "ajkg"),
        AudioKind("Lossless Audio", "LA0"),
        AudioKind("MPEG-4 (AAC or ALAC)", "ftyp", at: 4),
        AudioKind("Windows Media", [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]),
        AudioKind("Wave64", "riff\u{2E}"),
        AudioKind("DSF", "DSD "), AudioKind("DSDIFF", "FRM8"),
        AudioKind("Sun audio", ".snd"),
        AudioKind("Core Audio", "caff"),
        AudioKind("Matroska", [0x1A, 0x45, 0xDF, 0xA3]),
        AudioKind("DTS", [0x7F, 0xFE, 0x80, 0x01]), AudioKind("DTS", [0xFE, 0x7F, 0x01, 0x80]),
        AudioKind("AC-3", [0x0B, 0x77]),
        AudioKind("8SVX", "8SVX", at: 8), AudioKind("RIFX", "RIFX"),
    ]

    /// What a file is; `nil` if it begins with no mark of these.
    static func name(of file: any ByteSource) throws -> String? {
        let tag = try tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 64))
        for kind in table where head.dropFirst(kind.place).starts(with: kind.mark) {
            return kind.name
        }
        if tag > 0 { return "MP3" }
        return mpegName(head)
    }

    /// MPEG audio has no mark but the header of its first frame (ISO/IEC 11172-3 §2.4.1.3), and AAC
    /// in ADTS one like it (ISO/IEC 13818-7 §6.2).
    private static func mpegName(_ head: [UInt8]) -> String? {
        guard head.count >= 4, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return nil }
        if head[1] & 0xF6 == 0xF0 { return "AAC" }
        guard head[1] & 0x18 != 0x08, head[2] >> 4 != 0xF, head[2] & 0x0C != 0x0C else {
            return nil
        }
        let names: [UInt8: String] = [
            1: "MP3", 2: "MPEG audio, layer II", 3: "MPEG audio, layer I",
        ]
        return names[head[1] >> 1 & 3]
    }

    /// The size of the ID3v2 tags at the beginning of a file (ID3v2.4.0 structure §3.1, §3.4); 0 if
    /// there are none.
    static func tagSize(of file: any ByteSource) throws -> Int {
        var at = 0
        // Programs that don't know the tag that is there put another one before it.
        for _ in 0..<mostTags {
            let size = try tagSize(of: file, at)
            guard size > 0 else { break }
            at += size
        }
        return at
    }

    /// Tags of ID3v2 at the beginning of a file that are passed over.
    private static let mostTags = 16

    private static func tagSize(of file: any ByteSource, _ at: Int) throws -> Int {
        let head = try file.bytes(at..<(at + 10))
        guard head.count == 10, head.starts(with: Array("ID3".utf8)),
            head[6...9].allSatisfy({ $0 < 0x80 })
        else { return 0 }
        let size = head[6...9].reduce(0) { $0 << 7 | Int($1) }
        return 10 + size + (head[5] & 0x10 == 0 ? 0 : 10)
    }
}
